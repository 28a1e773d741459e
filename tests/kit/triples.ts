import type { Station } from '#station';
import { PRODUCT } from './sample-rows.ts';

/** The MAC of a unit that exists in the records of a test alone: 12 hexadecimal digits. */
export const chipOf = (n: number): string => `A2B700${n.toString(16).toUpperCase().padStart(6, '0')}`;

/** Gives the next triple of the pool to unit `n`; returns its name. */
export function claim({ database }: Station, n: number): string {
  return database.transaction(() => {
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    const free = database.triples.findNextFree(PRODUCT);
    if (free === null) throw new Error('the pool is empty');
    database.triples.applyEvent(free, 'claim', { at: Date.now(), runId: null, note: '' }, unitId);
    return free.deviceName;
  });
}

/** The names of the station's triples in these states, state by state. */
export function namesIn({ database }: Station, ...states: string[]): string[] {
  return states.flatMap((state) =>
    database.triples
      .listInState(state as Parameters<typeof database.triples.listInState>[0])
      .map((row) => row.deviceName),
  );
}
