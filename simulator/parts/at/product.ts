import type { Stimulus } from '../../profiles/profile.ts';
import type { StoredIdentity } from '../../flash/index.ts';
import type { ModuleFirmware } from './firmware.ts';
import type { Command, Session } from './session.ts';

/** The application of a product on its module, from boot to power-off or restart. */
export interface Application {
  /** Commands in addition to the module's: a factory console on the same serial line. */
  readonly commands?: Readonly<Record<string, Command>>;
  /** Called after each login of the module. */
  readonly onConnected: (identity: StoredIdentity) => Promise<void>;
  /** Handles a message. Messages on other topics are ignored. */
  readonly onMessage: (identity: StoredIdentity, topic: string, payload: Uint8Array) => Promise<void>;
  /** Applies a stimulus. Returns false when the device does not react to it. */
  readonly stimulate?: (stimulus: Stimulus) => boolean;
}

/** A product built on an AT module: its firmware and its application. */
export interface AtProduct {
  readonly firmware: ModuleFirmware;
  /** True: it downloads and starts updates of its firmware by itself. Otherwise the module stores them for a host. */
  readonly updatesItself?: boolean;
  /** Called at each boot. State that survives a restart belongs to the product, other state to the application. */
  start(session: Session): Application;
}
