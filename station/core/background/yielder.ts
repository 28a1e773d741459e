import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';

/** How many rows are worked on before everybody else gets a turn: one to three milliseconds' worth. */
const ROWS_PER_TURN = 400;

/** Counts work and, every few milliseconds of it, lets the slots of this station have their turn. */
export interface Yielder {
  /** Faults with the signal's reason when it has fired. */
  afterRows(rows: number): Promise<void>;
}

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
