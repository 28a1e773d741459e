import { createRandom } from '../platform/index.ts';

/** What is connected to an output of a supply. */
export interface Load {
  /** Current at a voltage, in amperes. `onMs`: how long the output has been on. */
  amperesAt(volts: number, onMs: number): number;
}

/** Lowest supply voltage at which a unit works. */
const BROWN_OUT_VOLTS = 2.7;
const LEAKAGE_AMPERES = 20e-6;

export interface UnitLoadOptions {
  /** Current of a unit that works, in amperes. */
  readonly idleAmperes?: number | undefined;
  /** Current while it starts, in amperes, and for how long. */
  readonly startAmperes?: number | undefined;
  readonly startMs?: number | undefined;
  readonly seed?: string | undefined;
}

/**
 * A unit with a radio, as a supply sees it: a leak below its brown-out voltage, a peak while it starts, then its idle current
 * with the noise of its work.
 */
export function unitLoad(options: UnitLoadOptions = {}): Load {
  const { idleAmperes = 0.042, startAmperes = 0.24, startMs = 300, seed = 'unit' } = options;
  const random = createRandom(seed, 'load');
  return {
    amperesAt(volts, onMs) {
      if (volts < BROWN_OUT_VOLTS) return LEAKAGE_AMPERES;
      const noise = 1 + 0.04 * (random.next() - 0.5);
      return (onMs < startMs ? startAmperes : idleAmperes) * noise;
    },
  };
}
