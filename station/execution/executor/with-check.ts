import { outcomeOfFault, worstOutcome } from '#shared/domain/outcome.ts';
import type { Log } from '../../core/platform/index.ts';
import { asFault, type ExecutionResult, toFailure } from './execute.ts';

/** The result of a run, made worse by the fault of a check at its end. */
export async function withCheck(
  result: ExecutionResult,
  step: string,
  log: Log,
  check: () => Promise<void> | void,
): Promise<ExecutionResult> {
  try {
    await check();
    return result;
  } catch (error) {
    const fault = asFault(error, log);
    const outcome = worstOutcome([result.outcome, outcomeOfFault(fault.code)]);
    return { outcome, failure: result.failure ?? toFailure(fault, '', step) };
  }
}
