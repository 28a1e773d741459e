import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { type UnitId, unitIdOf } from '#shared/domain/unit-id.ts';
import { countersIn, type LabelValues } from '#shared/label/index.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { requireRun } from '../../core/database/index.ts';
import {
  countersOf,
  fillPayload,
  labelOfStep,
  labelValues,
  layoutUnitLabel,
  type NamedTemplate,
  unitLabel,
  type UnitLabel,
} from '../../results/labels/index.ts';
import { readPrinterSetting } from '../../results/printing/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { deviceCode } from './scan-label.ts';

/** Faults of the content of a label, in contrast to those of this computer. */
const CONTENT_FAULTS: readonly FaultCode[] = ['bad-input', 'qr-too-long'];

/**
 * Draws the label that the unit gets when it has passed, one of a template for the printer of the station, and gives the run its numbers of the counters on it. Faults:
 * `label-impossible` for a character that no font has, a text or a code that does not fit, and a measurement that the run
 * does not have; `tool-missing` without a font.
 */
export function label(step: StepOf<'label'>, run: RunContext): Promise<void> {
  const made = explainFaults(() => unitLabel(deviceCode(run), run.recipe.title.en, idOf(run)));
  // Through the recording: the fonts of another computer, which replays it, may differ, and it has no record of the run.
  const drawn = run.io.input('label', made.payload, () =>
    explainFaults(() => {
      const { symbology, payload, template } = labelOfStep(step, run.files);
      const own = payload === null ? made : withPayload(made, payload, run);
      const look = template === null ? own : withTemplate(made, template, run);
      // A code that is fine at 600 dpi may be too fine for the printer of this station.
      const dpi = template === null ? undefined : readPrinterSetting(run.database)?.dpi;
      const { widthDots, heightDots } = layoutUnitLabel(
        { ...look, symbology },
        { fonts: run.fonts, ...(dpi === undefined ? {} : { dpi }) },
      );
      return { widthDots, heightDots, payload: payload === null ? null : own.payload };
    }),
  );
  const value = drawn.payload ?? made.payload;
  run.measure({ name: 'label-payload', value, unit: null, limits: '', outcome: 'PASS' });
  return Promise.resolve();
}

function withPayload(made: UnitLabel, payload: string, run: RunContext): UnitLabel {
  takeNumbers(countersIn(payload), run);
  return { ...made, payload: fillPayload(payload, valuesOf(run)) };
}

function withTemplate(made: UnitLabel, named: NamedTemplate, run: RunContext): UnitLabel {
  takeNumbers(countersOf(named.template), run);
  return { ...made, template: { ...named, values: valuesOf(run) } };
}

function valuesOf(run: RunContext): LabelValues {
  const { database, runId, recipe } = run;
  return labelValues(database, {
    run: requireRun(database, runId),
    device: deviceCode(run),
    id: idOf(run),
    recipe,
  });
}

/** A run that is resumed keeps its numbers. */
function takeNumbers(counters: readonly string[], { database, runId }: RunContext): void {
  if (counters.length === 0) return;
  const { labelTemplates } = database;
  database.transaction(() => {
    const taken = labelTemplates.numbersOf(runId);
    for (const counter of counters)
      if (!Object.hasOwn(taken, counter))
        labelTemplates.takeNumber(counter, labelTemplates.nextNumber(counter), runId);
  });
}

function explainFaults<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Fault) || !CONTENT_FAULTS.includes(error.code)) throw error;
    throw new Fault('label-impossible', `the label cannot be made: ${error.message}`, {
      hint: error.hint ?? 'Change the serial number, or the title of the recipe.',
      details: error.details,
      cause: error,
    });
  }
}

function idOf({ unit }: RunContext): UnitId | null {
  if (unit === null) return null;
  const { chipId, id } = unit.info;
  return unitIdOf({ chipId, idKind: id?.kind, idText: id?.text });
}
