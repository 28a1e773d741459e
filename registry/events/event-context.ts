import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import type { EventRejection } from '#shared/registry-api/index.ts';

/** The sender of an event, and the data that it is checked against. */
export interface EventContext {
  readonly store: Store;
  readonly vault: Pick<Vault, 'open'>;
  readonly station: string;
  /** The station may retire and bind devices of other stations (right `desk`). */
  readonly mayChangeOtherStations: boolean;
  /** Checks that a constraint of the database repeats are skipped; the database then fails without a reason. */
  readonly assumesUnique: boolean;
}

/** Rejects one event, with a reason for support; its savepoint is rolled back. */
export class Rejection extends Error {
  readonly code: EventRejection;

  constructor(code: EventRejection, reason: string) {
    super(reason);
    this.name = 'Rejection';
    this.code = code;
  }
}
