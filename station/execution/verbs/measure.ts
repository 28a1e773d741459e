import type { StepOf } from '#shared/recipe/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { toInstrumentFault } from '../../devices/instruments/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { convertValue, type FilledSpec, resolveTemplates } from './extract.ts';
import { requireReading } from './require-reading.ts';

/** Compares values with limits: those that earlier steps captured, or the answer of an instrument. */
export async function measure(step: StepOf<'measure'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { value, instrument } = step;
  const text = value === undefined ? await ask(step, run, signal) : run.scope.text(value);
  const specs = resolveTemplates(step.measure, run);
  const convert = (spec: FilledSpec): Measurement =>
    instrument === undefined
      ? toMeasurement(spec, text, value ?? '')
      : fromInstrument(spec, text, instrument, step.text ?? '', run);
  recordMeasurements(run, specs.map(convert));
}

/** The answer of the instrument, one line. */
async function ask(step: StepOf<'measure'>, run: RunContext, signal: AbortSignal): Promise<string> {
  const session = run.instruments.use(step.instrument ?? '');
  const question = run.scope.text(step.text ?? '');
  const work = (): Promise<string> => session.query(question, step.withinMs, signal);
  return session.exchange(work, { checksErrors: true }, signal);
}

function toMeasurement(spec: FilledSpec, text: string, what: string): Measurement {
  return evaluate(spec.name, convertValue(text, spec, what), spec.limits, spec.unit ?? null);
}

/** A value of the answer of an instrument: the whole line, or one of a list with commas. An answer that is none blames the instrument. */
function fromInstrument(
  spec: FilledSpec,
  answer: string,
  instrument: string,
  question: string,
  run: RunContext,
): Measurement {
  const { group } = spec;
  const parts = answer.split(',');
  const text = group === undefined ? answer : parts[Number(group) - 1]?.trim();
  try {
    if (text === undefined)
      throw new Fault(
        'device-garbled',
        `${question}: the answer has ${parts.length} values, and none at ${group}`,
      );
    const measurement = toMeasurement(spec, text, question);
    requireReading(measurement, spec.scale ?? 1, question);
    return measurement;
  } catch (error) {
    throw toInstrumentFault(error, run.instruments.use(instrument).setting);
  }
}
