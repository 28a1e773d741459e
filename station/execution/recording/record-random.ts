import type { Random } from '../../core/platform/index.ts';
import type { RunIo } from './run-io.ts';

/** Chance as a run sees it: the same again on replay. */
export function wrapRandom(io: RunIo, real: Random): Random {
  return {
    bytes: (count) =>
      new Uint8Array(
        Buffer.from(
          io.input('random', `bytes ${count}`, () => Buffer.from(real.bytes(count)).toString('hex')),
          'hex',
        ),
      ),
    id: () => io.input('random', 'id', () => real.id()),
  };
}
