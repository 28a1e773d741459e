import type { InstrumentSession } from '../../devices/instruments/index.ts';
import type { SerialIo } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

/**
 * Does work with the instrument that a step names, else with the unit. After work with an instrument its error queue is read,
 * unless an answer is still to come.
 *
 * @param isAnswered false when the work sent a question and did not await the answer
 */
export async function withAddressee<T>(
  instrument: string | undefined,
  run: RunContext,
  work: (serial: SerialIo, session: InstrumentSession | null) => Promise<T>,
  isAnswered: boolean,
  signal: AbortSignal,
): Promise<T> {
  if (instrument === undefined) return work(run.serial, null);
  const session = run.instruments.use(instrument);
  return session.exchange((serial) => work(serial, session), { checksErrors: isAnswered }, signal);
}
