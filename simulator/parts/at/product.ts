import type { Stimulus } from '../../profiles/profile.ts';
import type { StoredIdentity } from '../../flash/index.ts';
import type { ModuleFirmware } from './firmware.ts';
import type { Command, Session } from './session.ts';

/** What a product does with the module that it is built on, from boot to power loss or restart. */
export interface Application {
  /** Commands of its own, beside the module's: a factory console on the same serial line. */
  readonly commands?: Readonly<Record<string, Command>>;
  /** The cloud has let the module in, for the first time or again. */
  readonly onConnected: (identity: StoredIdentity) => Promise<void>;
  /** A message on any topic; what is not for it is left alone. */
  readonly onMessage: (identity: StoredIdentity, topic: string, payload: Uint8Array) => Promise<void>;
  /** Something happens to the device; false when it has no sense for that. */
  readonly stimulate?: (stimulus: Stimulus) => boolean;
}

/** A product made of an AT module: its firmware, and its application on top. */
export interface AtProduct {
  readonly firmware: ModuleFirmware;
  /** Called at each boot; what outlives a restart belongs to the product, the rest to the application. */
  start(session: Session): Application;
}
