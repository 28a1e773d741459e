import { bcc } from '#shared/codec/bcc.ts';
import { AT_COMMANDS, AT_DEFAULTS, AT_LIMITS, AT_TLS_MODE } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import { isBlankChipId, normalizeChipId } from '#shared/domain/triple.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import type { DeviceSession, SessionOptions } from '../device-session.ts';
import { AtChannel, type ExchangeOptions } from './at-channel.ts';
import { exchangeWhenReady } from './exchange-when-ready.ts';
import { ModuleNetwork } from './module-network.ts';
import {
  checkProductSecret,
  productInfoCommand,
  REGISTER_TIMEOUT_MS,
  registrationFault,
} from './register.ts';
import { escapeParameter, readDeviceInfo, readModule, readMqttState } from './replies.ts';

/** A module that was just powered is silent for some hundred milliseconds: try often, give up after three seconds. */
const GREETING_TIMEOUT_MS = 300;
const GREETINGS = 10;
/** Login timeout of the module itself (1 to 10 s), as in the example of the command set. */
const MQTT_TIMEOUT_MS = 5000;
const STATE_POLL_MS = 100;
/** Late lines of a failed command (a second `ERROR`) come within this time. */
const SETTLE_MS = 50;
/** The published firmware also answers `207` when nothing is stored. */
const NOTHING_STORED = 207;

/**
 * The protocol of a module as of "腾讯云 IoT AT 指令集 V3.2.1". The first command is preceded by a greeting: a module that
 * has just been powered needs a moment, prints a banner and echoes.
 */
export function openAtModule(port: DevicePort, options: SessionOptions): DeviceSession {
  const { clock, mask, encoding = 'utf-8' } = options;
  const channel = new AtChannel(port, { clock, mask, encoding });
  const region = options.region ?? AT_DEFAULTS.region;
  const defaults: ExchangeOptions = { timeoutMs: options.commandTimeoutMs };
  const ready = { channel, clock };
  let greeted = false;

  async function greet(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !greeted; attempt++) {
      try {
        await channel.exchange(AT_COMMANDS.test, { timeoutMs: GREETING_TIMEOUT_MS }, signal);
        greeted = true;
      } catch (error) {
        const isRetryable =
          error instanceof Fault && (isUnanswered(error) || error.code === 'device-rejected');
        if (!isRetryable || attempt === GREETINGS) throw error;
      }
      // A slow module answers the earlier greetings too, one after the other.
      if (attempt > 1) await channel.waitForSilence(greeted ? GREETING_TIMEOUT_MS : SETTLE_MS, signal);
    }
    // Not every firmware has the command; the channel knows its own echo anyway.
    await exchangeWhenReady(ready, AT_COMMANDS.echoOff, defaults, signal).catch(ignoreRejection);
  }

  async function send(
    command: string,
    signal: AbortSignal,
    more: Partial<ExchangeOptions> = {},
  ): Promise<string[]> {
    if (!greeted) await greet(signal);
    try {
      return await exchangeWhenReady(ready, command, { ...defaults, ...more }, signal);
    } catch (error) {
      // A late answer to this command must not be taken for the answer to the next one.
      if (error instanceof Fault && error.class === 'unit')
        await channel.waitForSilence(isUnanswered(error) ? GREETING_TIMEOUT_MS : SETTLE_MS, signal);
      throw error;
    }
  }

  async function isConnected(signal: AbortSignal): Promise<boolean | null> {
    return readMqttState(await send(`${AT_COMMANDS.mqttState}?`, signal, { answer: /\+TCMQTTSTATE:/ }));
  }

  const wifi = new ModuleNetwork({
    path: port.path,
    clock,
    mask,
    channel,
    send,
    isConnected,
    onRestart: () => void (greeted = false),
  });

  return {
    readBack: 'bcc8',
    wifi,
    abilities: { login: true, erase: true },

    async identify(signal) {
      const reply = readModule(await send(AT_COMMANDS.module, signal, { answer: /\bmac\b/i }));
      const chipId = reply.mac === null ? null : normalizeChipId(reply.mac);
      if (chipId === null || isBlankChipId(chipId)) {
        const problem = chipId === null ? 'did not report its MAC' : `reports the MAC ${reply.mac ?? ''}`;
        throw new Fault('device-garbled', `the unit on ${port.path} ${problem} in AT+TCMODULE`, {
          hint: 'Try once more; check that the firmware is an AT firmware and that the chip has an address.',
          details: { port: port.path },
        });
      }
      return { chipId, model: reply.hardware, firmwareVersion: reply.firmware };
    },

    async readIdentity(expected, signal) {
      let lines: string[];
      try {
        lines = await send(`${AT_COMMANDS.deviceInfo}?`, signal, { answer: /\+TCDEVINFO(?:SET)?:/ });
      } catch (error) {
        if (
          error instanceof Fault &&
          error.code === 'device-rejected' &&
          error.details['code'] === NOTHING_STORED
        ) {
          return { kind: 'none' };
        }
        throw error;
      }
      const info = readDeviceInfo(lines);
      if (info === 'empty') return { kind: 'none' };
      if (info === null) {
        throw new Fault(
          'device-garbled',
          `the unit on ${port.path} answered AT+TCDEVINFOSET? in an unknown format`,
          {
            hint: 'Read it once more; when it fails again, see the recording.',
            details: { port: port.path },
          },
        );
      }
      const secretMatches = expected === null ? null : bcc(expected.deviceSecret) === info.bcc;
      return {
        kind: 'holds',
        name: { productId: info.productId, deviceName: info.deviceName },
        secretMatches,
      };
    },

    checkWritable(triple) {
      requireLength('ProductId', triple.productId, AT_LIMITS.productIdBytes);
      requireLength('DeviceName', triple.deviceName, AT_LIMITS.deviceNameBytes);
      requireLength('DeviceSecret', triple.deviceSecret, AT_LIMITS.deviceSecretBytes);
    },

    async prepareWrite(signal) {
      // The module refuses a new identity while it is logged in with the old one.
      if ((await isConnected(signal)) === true) await send(AT_COMMANDS.mqttDisconnect, signal);
    },

    async writeIdentity(triple, signal) {
      const secret = escapeParameter(triple.deviceSecret);
      mask.protect([triple.deviceSecret, secret]);
      const head = `${AT_COMMANDS.deviceInfo}=${AT_TLS_MODE.key},"${triple.productId}","${escapeParameter(triple.deviceName)}",`;
      await send(`${head}"${secret}","${region}"`, signal, {
        result: 'TCDEVINFOSET',
        shown: `${AT_COMMANDS.deviceInfo}=…`,
      });
    },

    async registerIdentity(name, productSecret, signal) {
      checkProductSecret(productSecret);
      mask.protect([productSecret]);
      await send(productInfoCommand(name, productSecret, region), signal, {
        result: 'TCPRDINFOSET',
        shown: `${AT_COMMANDS.productInfo}=…`,
      });
      try {
        const timeoutMs = Math.max(REGISTER_TIMEOUT_MS, options.commandTimeoutMs);
        await send(AT_COMMANDS.register, signal, { result: 'TCDEVREG', timeoutMs });
      } catch (error) {
        throw registrationFault(error, name);
      }
    },

    async eraseIdentity(signal) {
      await send(AT_COMMANDS.restore, signal);
      // The module restarts, so the next command greets it again.
      greeted = false;
    },

    async goOnline(signal) {
      const command = `${AT_COMMANDS.mqttConnect}=${AT_TLS_MODE.key},${MQTT_TIMEOUT_MS},${AT_DEFAULTS.keepAliveS},1,1`;
      try {
        await send(command, signal, {
          timeoutMs: MQTT_TIMEOUT_MS + options.commandTimeoutMs,
          result: 'TCMQTTCONN',
        });
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'device-rejected') throw error;
        throw new Fault('not-online', `the unit could not log in to the cloud: ${error.message}`, {
          hint: 'Check the factory Wi-Fi and the registry; then the unit.',
          details: error.details,
          cause: error,
        });
      }
      while ((await isConnected(signal)) !== true) {
        await clock.sleep(STATE_POLL_MS, signal);
      }
    },

    async goOffline(signal) {
      // A unit that never answered is not logged in; teardown need not wait for it.
      if (!greeted) return;
      await send(AT_COMMANDS.mqttDisconnect, signal).catch(ignoreRejection);
    },

    // An answer is looked at with its command alone: what comes unasked is not compared.
    requireOneIdentity: () => undefined,
    values: null,
    command: (line, { timeoutMs }, signal) => send(line, signal, { timeoutMs }),
  };
}

function requireLength(field: 'ProductId' | 'DeviceName' | 'DeviceSecret', value: string, max: number): void {
  const bytes = new TextEncoder().encode(value).length;
  if (bytes <= max) return;
  throw new Fault('bad-input', `${field} has ${bytes} bytes; an AT module takes ${max}`, {
    hint: 'Use triples of a product for AT modules.',
    details: { field, bytes, max },
  });
}

function isUnanswered({ code }: Fault): boolean {
  return code === 'device-silent' || code === 'device-unreadable' || code === 'echo-changed';
}

function ignoreRejection(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'device-rejected') throw error;
}
