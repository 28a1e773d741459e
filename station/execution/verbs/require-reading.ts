import { Fault } from '#shared/domain/fault.ts';
import type { Measurement } from '../run-context/index.ts';

/** What SCPI instruments answer in place of a reading (SCPI-99, volume 1, 7.2.1.4 and 7.2.1.5). */
const NOT_A_NUMBER = 9.91e37;
const INFINITY = 9.9e37;
/** Their binary fractions, also after a scale, differ by less. */
const TOLERANCE = 1e-6;

/**
 * Refuses a value that an instrument answers in place of a reading: "not a number", and infinity (an overload) unless a limit fails
 * it. Without an upper limit an overload would pass. Faults: `device-garbled`.
 *
 * @param scale that of the measurement
 * @param what name of the question, for messages
 */
export function requireReading({ name, value, outcome }: Measurement, scale: number, what: string): void {
  if (typeof value !== 'number') return;
  const answered = value / scale;
  if (isNear(answered, NOT_A_NUMBER))
    throw new Fault('device-garbled', `${what}: ${name} is "not a number" (${answered})`);
  if (outcome === 'PASS' && isNear(Math.abs(answered), INFINITY))
    throw new Fault('device-garbled', `${what}: ${name} is beyond the range of the instrument (${answered})`);
}

function isNear(value: number, special: number): boolean {
  return Math.abs(value / special - 1) < TOLERANCE;
}
