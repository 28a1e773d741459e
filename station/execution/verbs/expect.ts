import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { withAddressee } from './addressee.ts';
import { processAnswer } from './serial-exchange.ts';

/** Stands in faults for the question, where none was asked. */
const AWAITED = 'what was awaited';

export async function expect(step: StepOf<'expect'>, run: RunContext, signal: AbortSignal): Promise<void> {
  try {
    await withAddressee(
      step.instrument,
      run,
      (serial, session) => processAnswer(step, { serial, session }, run, AWAITED, signal),
      true,
      signal,
    );
  } catch (error) {
    throw error instanceof Fault && error.details['command'] === AWAITED ? withoutQuestion(error) : error;
  }
}

/** The same fault in words for a message that nothing was asked for. */
function withoutQuestion(fault: Fault): Fault {
  const { code, hint } = fault;
  const details = Object.fromEntries(Object.entries(fault.details).filter(([key]) => key !== 'command'));
  const message = fault.message
    .replace(`no answer to ${AWAITED} on`, 'nothing came on')
    .replace(`${AWAITED}: the answer`, 'what came')
    .replace(`after ${AWAITED}, and`, 'where a message was awaited, and');
  return new Fault(code, message, { ...(hint === null ? {} : { hint }), details, cause: fault });
}
