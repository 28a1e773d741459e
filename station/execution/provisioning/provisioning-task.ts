import type { Outcome } from '#shared/domain/outcome.ts';
import type { WifiNetwork } from '../networks/index.ts';

/** Records a measured value of the attempt. */
export type Measure = (measurement: {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limits: string;
  readonly outcome: Outcome;
}) => void;

/** The provisioning token of a run, and what the registry has seen of it. */
export interface ProvisioningTask {
  /** The token; secret: only for what gives it to the unit. */
  readonly token: string;
  /**
   * Resolves when the unit that the run has bound has reported the token at the registry, and binds it to the owner
   * `station:<name>`. Measures `seconds-to-online`, from the making of the task. Faults: `provisioning-timeout` (details have what
   * was seen: `seenNothing`, `seenOnline`, `tokenRefused`, `otherDevice`), those of the registry, the signal's reason.
   */
  awaitReported(withinMs: number, signal: AbortSignal): Promise<void>;
}

/** Provisioning as a step of a run uses it. */
export interface Provisioning {
  /**
   * The task of this run; makes the token at the registry at the first call. A unit that this station has left bound is released
   * first. Faults: `recipe-invalid` without a burned triple, `device-bound` for a unit of another owner, `not-configured`, those of
   * the registry.
   */
  start(signal: AbortSignal): Promise<ProvisioningTask>;
  /**
   * The Wi-Fi network that the station has under a name. Its password is masked from then on. Faults: `network-unknown`,
   * `secret-unreadable`.
   */
  network(name: string): Promise<WifiNetwork>;
  /**
   * Ends the binding of the unit that the run has bound, or that an interrupted part of it has left bound; null when the run has
   * provisioned none. Faults: as `start`.
   */
  release(signal: AbortSignal): Promise<Release | null>;
}

/** `released` false: it was not bound. `told` false: it was not connected, and learns it at its next login. */
export interface Release {
  readonly released: boolean;
  readonly told: boolean;
}
