import type { BlufiSettings } from '#shared/recipe/index.ts';
import type { BleConnection, Clock } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';

/** A connection to a unit, the time of the run, and what hides its secrets. */
export interface BleLink {
  readonly connection: BleConnection;
  readonly clock: Clock;
  /** Knows the password and the token. Left out where nothing is recorded. */
  readonly mask?: Pick<SecretMask, 'conceal' | 'hold' | 'maskBytes' | 'maskText'>;
  /**
   * Reads a value that a replay cannot compute again; it returns the recorded one, in which secrets are masked. `key` names the kind of
   * value. Left out where nothing is recorded.
   */
  readonly remember?: (key: string, read: () => string) => string;
}

/** What a unit is given. Password and token are secrets: they are written with `secret` only. */
export interface GivenNetwork {
  readonly ssid: string;
  /** Empty for an open network. */
  readonly password: string;
  readonly token: string;
}

export interface ProvisioningOptions {
  /** The name that the unit must give itself where its protocol says one; `null` when it is not known. */
  readonly deviceName: string | null;
  /** How long one answer of the unit is awaited. */
  readonly answerMs: number;
  /** How long the unit may take to join the network. */
  readonly joinMs: number;
  /** Settings of BluFi; its defaults when left out. */
  readonly blufi?: BlufiSettings | undefined;
}

/** One stage of a provisioning and what the unit said. */
export interface ProvisioningStage {
  readonly stage: string;
  readonly said: string;
}

export interface ProvisioningReport {
  /** What the unit calls itself; `null` when its protocol has no name. */
  readonly name: string | null;
  /** The network that it says it has joined; `null` when it does not say. */
  readonly ssid: string | null;
  /** False: the connection broke after the token was written. Then only the registry can tell whether the unit has it. */
  readonly isConfirmed: boolean;
  readonly stages: readonly ProvisioningStage[];
  /** With how much the unit sees the network, dBm; `null` or left out when it does not say. */
  readonly rssiDbm?: number | null;
}

/**
 * One way of giving a unit a network and a token over Bluetooth. `provision` may be called again on a new connection when one broke.
 * Faults: `provisioning-refused` with stage and reason, `device-silent`, `device-garbled`, `device-rejected`, `read-back-mismatch`
 * for a unit with another name; those of `BleConnection`.
 */
export interface BleProvisioning {
  /** Services of which the unit has one, in the form of `normalizeUuid`. */
  readonly services: readonly string[];
  provision(
    link: BleLink,
    given: GivenNetwork,
    options: ProvisioningOptions,
    signal: AbortSignal,
  ): Promise<ProvisioningReport>;
}
