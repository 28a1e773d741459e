import type { Random } from '../../core/platform/index.ts';
import type { Tape } from './run-io.ts';

/** Chance as a run sees it: the same again on replay. */
export function tapeRandom(tape: Tape, real: Random): Random {
  return {
    bytes: (count) =>
      new Uint8Array(
        Buffer.from(
          tape.input('random', `bytes ${count}`, () => Buffer.from(real.bytes(count)).toString('hex')),
          'hex',
        ),
      ),
    id: () => tape.input('random', 'id', () => real.id()),
  };
}
