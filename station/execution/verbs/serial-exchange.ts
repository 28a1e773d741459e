import type { StepOf } from '#shared/recipe/index.ts';
import type { InstrumentSession } from '../../devices/instruments/index.ts';
import { expectAnswer, encodeMessage, type Message, type SerialIo } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { requireReading } from './require-reading.ts';
import { captureVariables, extractMeasurements, resolveTemplates } from './extract.ts';

type MessageStep = Pick<StepOf<'request'>, 'text' | 'end' | 'hex' | 'frame'>;
type AnswerStep = Pick<
  StepOf<'expect'>,
  'expect' | 'expectFrame' | 'wholeLines' | 'withinMs' | 'capture' | 'measure'
>;
/** The unit's port, or that of an instrument with its session. */
export interface Peer {
  readonly serial: SerialIo;
  readonly session: InstrumentSession | null;
}

/** Sends the message of a step; resolves with its text for messages of faults. */
export async function sendMessage(
  { text, end, hex, frame }: MessageStep,
  { serial, session }: Peer,
  run: RunContext,
  signal: AbortSignal,
): Promise<string> {
  const message: Message =
    text !== undefined
      ? { text: run.scope.text(text), end: session?.setting.end ?? end }
      : hex !== undefined
        ? { bytes: run.scope.bytes(hex) }
        : { payload: run.scope.bytes(frame ?? '') };
  await serial.send(encodeMessage(message, serial), signal);
  return text ?? hex ?? `frame ${frame ?? ''}`;
}

/** Awaits the answer of a step, sets its variables and records its measurements. */
export async function processAnswer(
  step: AnswerStep,
  { serial, session }: Peer,
  run: RunContext,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const { matches } = await expectAnswer(
    serial,
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
  const specs = resolveTemplates(step.measure, run);
  const measurements = extractMeasurements(matches, specs, what);
  if (session !== null)
    for (const measurement of measurements) {
      const { scale = 1 } = specs.find(({ name }) => name === measurement.name) ?? {};
      requireReading(measurement, scale, what);
    }
  recordMeasurements(run, measurements);
}
