import type { EventRejection } from '#shared/registry-api/index.ts';

/** One event refused, with the reason in words for support. Undoes what the event had changed so far. */
export class Rejection extends Error {
  readonly code: EventRejection;

  constructor(code: EventRejection, reason: string) {
    super(reason);
    this.name = 'Rejection';
    this.code = code;
  }
}
