import { device, type DeviceSettings } from '../device.ts';
import { variablesOf } from '../step.ts';
import { findVerb, type Step, step } from '../verbs/index.ts';
import { nearest } from './nearest.ts';
import { readLeniently } from './read-leniently.ts';
import { isObject } from './schema-tree.ts';

export type Path = readonly (string | number)[];

/** A step as it is written, with all that can be read of it. */
export interface StepView {
  readonly path: Path;
  /** `null` when its shape is wrong; the check of the shape reports that. */
  readonly step: Step | null;
  readonly verb: string;
  /** False for an unknown verb. */
  readonly known: boolean;
  /** Keys that are written in the recipe, as opposed to defaults. */
  readonly keys: readonly string[];
  /** Its own name, or that of a loop or of its verb. */
  readonly name: string;
  readonly named: boolean;
  /** Variables that it sets. */
  readonly sets: readonly string[];
}

export interface PhaseView {
  readonly path: Path;
  readonly name: string;
  readonly kind: 'setup' | 'main' | 'teardown';
  readonly timeoutMs: number | null;
  /** Instruments that are lent for the whole phase. */
  readonly hold: readonly string[];
  readonly steps: readonly StepView[];
}

/** All that can be read of a recipe with mistakes, so that all mistakes are found at once. */
export interface RecipeView {
  /** `null` when its shape is wrong. */
  readonly device: DeviceSettings | null;
  readonly product: string;
  readonly serialNumber: { readonly pattern: string; readonly example: string } | null;
  /** In the order of the file. */
  readonly phases: readonly PhaseView[];
  /** Steps in the order of execution: setup, main, teardown. */
  readonly inOrder: readonly StepView[];
}

/** @param written plain data, with its loops unrolled */
export function viewOf(written: unknown): RecipeView {
  const root = isObject(written) ? written : {};
  const phases = (Array.isArray(root['phases']) ? (root['phases'] as unknown[]) : []).map(phaseView);
  const ordered = (['setup', 'main', 'teardown'] as const).flatMap((kind) =>
    phases.filter((phase) => phase.kind === kind),
  );
  const { pattern, example } = isObject(root['serialNumber']) ? root['serialNumber'] : {};
  return {
    device: isObject(root['device']) ? readLeniently(device, root['device'], OPTIONAL_OF_DEVICE) : null,
    product: typeof root['product'] === 'string' ? root['product'] : '',
    serialNumber: typeof pattern === 'string' && typeof example === 'string' ? { pattern, example } : null,
    phases,
    inOrder: ordered.flatMap(({ steps }) => steps),
  };
}

const KINDS = ['setup', 'main', 'teardown'] as const;

function phaseView(written: unknown, p: number): PhaseView {
  const path = ['phases', p];
  const phase = isObject(written) ? written : {};
  const { name, kind, timeoutMs, hold, steps } = phase;
  return {
    path,
    name: typeof name === 'string' ? name : '',
    kind: KINDS.find((known) => known === kind || known === nearest(String(kind), KINDS)) ?? 'main',
    timeoutMs: typeof timeoutMs === 'number' ? timeoutMs : null,
    hold: (Array.isArray(hold) ? (hold as unknown[]) : []).filter((one) => typeof one === 'string'),
    steps: (Array.isArray(steps) ? (steps as unknown[]) : []).map((one, s) =>
      stepView(one, [...path, 'steps', s]),
    ),
  };
}

function stepView(written: unknown, path: Path): StepView {
  const raw = isObject(written) ? written : {};
  const read = readLeniently(step, raw, OPTIONAL_OF_STEP);
  const verb = typeof raw['verb'] === 'string' ? raw['verb'] : '';
  const named = typeof raw['name'] === 'string';
  return {
    path,
    step: read,
    verb,
    known: findVerb(verb) !== null,
    keys: Object.keys(raw),
    name: named ? String(raw['name']) : verb,
    named,
    sets: [...new Set([...setsOf(raw), ...(read === null ? [] : variablesOf(read))])],
  };
}

/** Keys of the device that no check of steps needs. */
const OPTIONAL_OF_DEVICE = ['serial', 'ble', 'region', 'arrival'];
/** Keys without which the rest of a step can still be checked. */
const OPTIONAL_OF_STEP = [
  ...[
    'name',
    'title',
    'timeoutMs',
    'retries',
    'retryDelayMs',
    'runIf',
    'onFail',
    'resumable',
    'unit',
    'limits',
  ],
  ...['withinMs', 'answerMs', 'measure', 'image', 'capture', 'model', 'firmware', 'pattern', 'scale'],
];
/** Variables of a step with a mistake, so that the steps that use them are not reported, too. */
function setsOf({ capture, sets }: Readonly<Record<string, unknown>>): string[] {
  const captured = typeof capture === 'string' ? [capture] : isObject(capture) ? Object.keys(capture) : [];
  return [...captured, ...(Array.isArray(sets) ? sets.map(String) : [])];
}
