import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { type UnitId, unitIdOf } from '#shared/domain/unit-id.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { drawLabel, unitLabel } from '../../results/labels/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { deviceCode } from './scan-label.ts';

/** What is wrong with the label, and not with this computer. */
const LABELS_OWN: readonly FaultCode[] = ['bad-input', 'qr-too-long'];

/**
 * Makes the label that the unit gets when it has passed: its code, its lines, its font, as they are printed. Faults:
 * `label-impossible` for a character that no font has, a text or a code that does not fit; `tool-missing` without a font.
 */
export function label(_step: StepOf<'label'>, run: RunContext): Promise<void> {
  const made = inWords(() => unitLabel(deviceCode(run), run.recipe.title.en, idOf(run)));
  // What fonts this computer has is from outside: a replay elsewhere has others.
  run.io.input('label', made.payload, () => {
    const { widthDots, heightDots } = inWords(() => drawLabel(made, { fonts: run.fonts }));
    return { widthDots, heightDots };
  });
  run.measure({ name: 'label-payload', value: made.payload, unit: null, limits: '', outcome: 'PASS' });
  return Promise.resolve();
}

function inWords<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Fault) || !LABELS_OWN.includes(error.code)) throw error;
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
