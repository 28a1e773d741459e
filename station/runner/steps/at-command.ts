import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/domain/recipe.ts';
import type { RunContext } from '../run-context.ts';
import { judge, measured } from './judge.ts';

/** Sends one AT command, expects a pattern in the answer, and measures what the pattern captured. */
export async function atCommand(
  step: StepOf<'at-command'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = run.recipe.device.serial.commandTimeoutMs;
  const lines = await run.device.command(step.send, { timeoutMs }, signal);
  if (step.expect === undefined) return;
  const answer = lines.join('\n');
  const match = new RegExp(step.expect, 'mu').exec(answer);
  if (match === null) {
    throw new Fault('limit-exceeded', `${step.send}: the answer does not match /${step.expect}/`, {
      hint: 'The recording has the whole answer.',
      details: { command: step.send, value: answer.slice(0, 200), limits: step.expect },
    });
  }
  judge(run, measured(match, step.measure, step.send));
}
