import type { IdentityName } from '#shared/domain/triple.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import type { ActiveFaults } from '../../faults/index.ts';
import { OtaMemory } from './ota-memory.ts';
import { isUpdateTopic, UpdateAgent, type UpdateConnection } from './update-agent.ts';

export interface SelfUpdatesOptions {
  readonly context: DeviceContext;
  readonly connection: UpdateConnection;
  /** Version of the firmware of the factory. */
  readonly factoryVersion: string;
  /** Restarts the unit, which then boots and logs in again by itself. */
  readonly restart: () => void;
}

/**
 * The updates of a unit with a network that installs them by itself: the part that a unit adds to its own connection. What was
 * downloaded and installed survives a loss of the supply.
 */
export class SelfUpdates {
  readonly #options: SelfUpdatesOptions;
  readonly #memory = new OtaMemory();
  #agent: UpdateAgent | null = null;

  constructor(options: SelfUpdatesOptions) {
    this.#options = options;
  }

  /** The version that runs. */
  get version(): string {
    return this.#memory.installedVersion ?? this.#options.factoryVersion;
  }

  /** Called at each boot. `signal` fires at power-off and restart. */
  powerOn(signal: AbortSignal): void {
    const { context, connection, restart } = this.#options;
    const onWhole = (version: string): void => {
      install(this.#memory, version, context.faults);
      restart();
    };
    this.#agent = new UpdateAgent(
      context,
      this.#memory,
      connection,
      { onWhole, onPowerLost: restart },
      signal,
    );
  }

  /** Called after each login: subscribes to updates and reports the version. */
  async onConnected(identity: IdentityName): Promise<void> {
    await this.#agent?.start(identity, this.version);
  }

  /** Called with each message. Errors: the reason of the signal of `powerOn`. */
  async onMessage(identity: IdentityName, topic: string, payload: Uint8Array): Promise<void> {
    if (isUpdateTopic(topic)) await this.#agent?.onMessage(identity, payload);
  }
}

/** The downloaded firmware runs from the next boot on, unless the fault `ota-fails` by `not-applied` says otherwise. */
export function install(memory: OtaMemory, version: string, faults: ActiveFaults): void {
  const isKept = faults.get('ota-fails')?.by === 'not-applied';
  if (isKept) faults.take('ota-fails');
  else memory.installedVersion = version;
  memory.erase();
}
