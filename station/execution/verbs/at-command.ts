import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { quoteText } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { captureVariables, extractMeasurements, resolveTemplates } from './extract.ts';

/** Sends one AT command and takes variables and measurements out of the lines of its answer. */
export async function atCommand(
  step: StepOf<'at-command'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = run.recipe.device.serial.commandTimeoutMs;
  const command = run.scope.text(step.send);
  const lines = await run.device.command(command, { timeoutMs }, signal);
  if (step.expect === undefined) return;
  const answer = lines.join('\n');
  const every = step.measure.some(({ at }) => at !== undefined);
  const pattern = compilePattern(run.scope.pattern(step.expect), { multiline: true });
  const matches = pattern.all(answer, every ? Infinity : 1);
  if (matches.length === 0) {
    const received = quoteText(answer);
    throw new Fault(
      'limit-exceeded',
      `${step.send}: the answer does not match /${step.expect}/: ${received}`,
      {
        hint: 'The recording has the whole answer.',
        details: { command: step.send, value: answer.slice(0, 200), limits: step.expect },
      },
    );
  }
  captureVariables(step.capture, matches, run, step.send);
  recordMeasurements(run, extractMeasurements(matches, resolveTemplates(step.measure, run), step.send));
}
