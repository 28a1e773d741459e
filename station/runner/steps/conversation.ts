import type { MeasurementSpec, StepOf } from '#shared/domain/recipe/index.ts';
import { answerOn, encodeMessage, type Message } from '../../protocols/index.ts';
import type { RunContext } from '../run-context.ts';
import { groupOf, judge, measured } from './judge.ts';

type Saying = Pick<StepOf<'request'>, 'text' | 'end' | 'hex' | 'frame'>;
type Hearing = Pick<
  StepOf<'expect'>,
  'expect' | 'expectFrame' | 'wholeLines' | 'withinMs' | 'capture' | 'measure'
>;

/** Sends, and awaits nothing. */
export async function send(step: StepOf<'send'>, run: RunContext, signal: AbortSignal): Promise<void> {
  await say(step, run, signal);
}

/** Awaits what the unit says by itself. */
export function expect(step: StepOf<'expect'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return hear(step, run, 'what was awaited', signal);
}

/** Sends and awaits the answer. */
export async function request(step: StepOf<'request'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const said = await say(step, run, signal);
  await hear(step, run, said, signal);
}

/** Returns what was sent, for people. */
async function say({ text, end, hex, frame }: Saying, run: RunContext, signal: AbortSignal): Promise<string> {
  const message: Message =
    text !== undefined
      ? { text: run.scope.text(text), end }
      : hex !== undefined
        ? { bytes: run.scope.bytes(hex) }
        : { payload: run.scope.bytes(frame ?? '') };
  await run.wire.send(encodeMessage(message, run.wire), signal);
  return text ?? hex ?? `frame ${frame ?? ''}`;
}

async function hear(step: Hearing, run: RunContext, what: string, signal: AbortSignal): Promise<void> {
  const { matches } = await answerOn(
    run.wire,
    {
      pattern: run.scope.pattern(step.expect ?? step.expectFrame ?? ''),
      on: step.expect === undefined ? 'frame' : step.wholeLines ? 'lines' : 'text',
      withinMs: step.withinMs,
      every: step.measure.some(({ at }) => at !== undefined),
      what,
    },
    signal,
  );
  keep(step.capture, matches, run, what);
  judge(run, measured(matches, filledSpecs(step.measure, run), what));
}

/** Sets the variables that a step captures. */
export function keep(
  capture: Readonly<Record<string, string | number>>,
  matches: readonly RegExpExecArray[],
  run: RunContext,
  what: string,
): void {
  const [match] = matches;
  if (match === undefined) return;
  for (const [name, group] of Object.entries(capture)) run.scope.set(name, groupOf(match, group, name, what));
}

/** The limits of measurements with their names filled in. */
export function filledSpecs(specs: readonly MeasurementSpec[], run: RunContext): MeasurementSpec[] {
  return specs.map((spec) => {
    const { equals, pattern } = spec.limits ?? {};
    const filled = {
      ...spec.limits,
      ...(typeof equals === 'string' ? { equals: run.scope.text(equals) } : {}),
      ...(pattern === undefined ? {} : { pattern: run.scope.pattern(pattern) }),
    };
    return spec.limits === undefined ? spec : { ...spec, limits: filled };
  });
}
