import { AT_REPORTS } from '#shared/domain/at-module.ts';

import type { StoredIdentity } from '../../flash/index.ts';
import { install, isUpdateTopic, UpdateAgent, type UpdateListener } from '../ota/index.ts';
import { openConnection } from './commands/mqtt-session.ts';
import type { ModuleFirmware } from './firmware.ts';
import type { AtProduct } from './product.ts';
import type { Session } from './session.ts';
import type { UpdateFlash } from './update-flash.ts';

/** Codes of `+TCOTASTATUS:UPDATEFAIL`: a check, and the HTTP client. */
const FAILED = { check: 203, http: 213 } as const;

/** The firmware that the module runs: that of the factory, or what it was updated to. */
export function runningFirmware({ firmware }: AtProduct, { memory }: UpdateFlash): ModuleFirmware {
  return memory.installedVersion === null ? firmware : { ...firmware, version: memory.installedVersion };
}

/**
 * The updates of a module, from boot to power-off or restart. A product that updates itself restarts with the new firmware and logs in
 * again. Otherwise the module stores the firmware for its host and says so with `+TCOTASTATUS`, once the host has switched updates on.
 */
export class ModuleUpdates {
  readonly #session: Session;
  readonly #isOwn: boolean;
  readonly #agent: UpdateAgent;

  constructor(session: Session, product: AtProduct) {
    const { context, ota, connection, signal } = session;
    this.#session = session;
    this.#isOwn = product.updatesItself === true;
    const listener = this.#isOwn ? ownListener(session) : hostListener(session);
    this.#agent = new UpdateAgent(context, ota.memory, connection, listener, signal);
  }

  async onConnected(identity: StoredIdentity): Promise<void> {
    if (this.#isOwn) await this.#agent.start(identity, this.#session.firmware.version);
  }

  async onMessage(identity: StoredIdentity, topic: string, payload: Uint8Array): Promise<void> {
    const isOn = this.#isOwn || this.#session.memory.ota?.enabled === true;
    if (isOn && isUpdateTopic(topic)) await this.#agent.onMessage(identity, payload);
  }

  /** Logs in by itself after a restart for an update. */
  async resume(): Promise<void> {
    const { ota, memory, context } = this.#session;
    const { login } = ota;
    ota.login = null;
    if (login === null || context.flash.identity === null) return;
    memory.mqttServer = login.server;
    memory.mqtt = login.mqtt;
    await openConnection(this.#session, context.flash.identity, login.mqtt);
  }
}

function ownListener(session: Session): UpdateListener {
  const { context, ota, memory } = session;
  const restart = (): void => {
    ota.login = memory.mqtt === null ? null : { mqtt: memory.mqtt, server: memory.mqttServer };
    session.restart();
  };
  return {
    onWhole(version) {
      install(ota.memory, version, context.faults);
      restart();
    },
    onPowerLost: restart,
  };
}

function hostListener(session: Session): UpdateListener {
  const { write } = session;
  const say = (status: string): void => write.lines(write.field(AT_REPORTS.otaStatus, status));
  return {
    onBegin: () => say('ENTERUPDATE'),
    onFailed: (code) => say(`UPDATEFAIL,${code === -4 ? FAILED.check : FAILED.http}`),
    onWhole() {
      session.memory.firmwareOffset = 0;
      say('UPDATESUCCESS');
    },
    onPowerLost: () => session.restart(),
  };
}
