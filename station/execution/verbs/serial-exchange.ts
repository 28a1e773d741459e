import type { Capture, MeasurementSpec, StepOf } from '#shared/recipe/index.ts';
import { expectAnswer, encodeMessage, type Message } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { type FilledSpec, groupOf, isNumeric, judge, measured, toValue } from './evaluate.ts';
import { kept } from './shortened.ts';

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
  await run.serial.send(encodeMessage(message, run.serial), signal);
  return text ?? hex ?? `frame ${frame ?? ''}`;
}

async function hear(step: Hearing, run: RunContext, what: string, signal: AbortSignal): Promise<void> {
  const { matches } = await expectAnswer(
    run.serial,
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

/** Sets the variables that a step captures. Faults: `device-garbled` for one that is no number and should be. */
export function keep(
  capture: Readonly<Record<string, Capture>>,
  matches: readonly RegExpExecArray[],
  run: RunContext,
  what: string,
): void {
  const [match] = matches;
  if (match === undefined) return;
  for (const [name, given] of Object.entries(capture)) {
    const spec = typeof given === 'object' ? given : { group: given, as: 'text' as const };
    const { group, as, scale } = spec;
    const text = String(toValue(groupOf(match, group, name, what), { name, as, scale }, what));
    run.scope.set(name, kept(text, `${what}: ${name}`));
  }
}

/** The limits of measurements with their names filled in. */
export function filledSpecs(specs: readonly MeasurementSpec[], run: RunContext): FilledSpec[] {
  return specs.map(({ limits, ...spec }) => ({
    ...spec,
    limits: limits && run.scope.limits(limits, spec.name, isNumeric(spec.as)),
  }));
}
