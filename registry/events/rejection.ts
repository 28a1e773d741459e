import type { EventRejection } from '#shared/registry-api/index.ts';

/** Rejects one event, with a reason for support; its savepoint is rolled back. */
export class Rejection extends Error {
  readonly code: EventRejection;

  constructor(code: EventRejection, reason: string) {
    super(reason);
    this.name = 'Rejection';
    this.code = code;
  }
}
