import type { StepOf } from '#shared/recipe/index.ts';
import { expectAnswer, encodeMessage, type Message } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { captureVariables, extractMeasurements, resolveTemplates } from './extract.ts';

type MessageStep = Pick<StepOf<'request'>, 'text' | 'end' | 'hex' | 'frame'>;
type AnswerStep = Pick<
  StepOf<'expect'>,
  'expect' | 'expectFrame' | 'wholeLines' | 'withinMs' | 'capture' | 'measure'
>;

/** Sends the message of a step; resolves with its text for messages of faults. */
export async function sendMessage(
  { text, end, hex, frame }: MessageStep,
  run: RunContext,
  signal: AbortSignal,
): Promise<string> {
  const message: Message =
    text !== undefined
      ? { text: run.scope.text(text), end }
      : hex !== undefined
        ? { bytes: run.scope.bytes(hex) }
        : { payload: run.scope.bytes(frame ?? '') };
  await run.serial.send(encodeMessage(message, run.serial), signal);
  return text ?? hex ?? `frame ${frame ?? ''}`;
}

/** Awaits the answer of a step, sets its variables and records its measurements. */
export async function processAnswer(
  step: AnswerStep,
  run: RunContext,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const { matches } = await expectAnswer(
    run.serial,
    {
      pattern: run.scope.pattern(step.expect ?? step.expectFrame ?? ''),
      on: step.expect === undefined ? 'frame' : step.wholeLines ? 'lines' : 'text',
      timeoutMs: step.withinMs,
      every: step.measure.some(({ at }) => at !== undefined),
      what,
    },
    signal,
  );
  captureVariables(step.capture, matches, run, what);
  recordMeasurements(run, extractMeasurements(matches, resolveTemplates(step.measure, run), what));
}
