import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';

/** One to three milliseconds of work. */
const ROWS_PER_TURN = 400;

/** Yields to the event loop during long synchronous work. */
export interface Yielder {
  /**
   * Counts `rows` of finished work and, after every 400, yields to the event loop once.
   * Faults: the signal's reason when it has fired, or `cancelled`.
   */
  afterRows(rows: number): Promise<void>;
}

/**
 * ```ts
 * const yielder = createYielder(signal);
 * for (const page of pages) {
 *   write(page);
 *   await yielder.afterRows(page.length);
 * }
 * ```
 */
export function createYielder(signal: AbortSignal): Yielder {
  let rowsLeft = ROWS_PER_TURN;
  return {
    async afterRows(rows) {
      rowsLeft -= rows;
      if (rowsLeft > 0) return;
      rowsLeft = ROWS_PER_TURN;
      await nextTurn();
      throwIfAborted(signal);
    },
  };
}
