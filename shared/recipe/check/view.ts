import { device, type DeviceSettings } from '../device.ts';
import { variablesOf } from '../step.ts';
import { findVerb, type Step, step } from '../verbs/index.ts';
import { nearest } from './nearest.ts';
import { readLeniently } from './read-leniently.ts';
import { isObject } from './schema-tree.ts';

export type Path = readonly (string | number)[];

/** A step as it is written. */
export interface StepView {
  readonly path: Path;
  /** What can be read of it; `null` when its shape is wrong, which is told elsewhere. */
  readonly step: Step | null;
  readonly verb: string;
  /** False for a verb that nobody knows: the step may be any. */
  readonly known: boolean;
  /** Keys that are written, so that what is left out can be told from it. */
  readonly keys: readonly string[];
  /** Its own name, or the one that a loop or its verb gives it. */
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
  readonly steps: readonly StepView[];
}

/** What can be read of a recipe, whatever else in it is wrong: so that all mistakes are told at once. */
export interface RecipeView {
  /** `null` when its shape is wrong. */
  readonly device: DeviceSettings | null;
  readonly product: string;
  readonly serialNumber: { readonly pattern: string; readonly example: string } | null;
  /** In the order of the file. */
  readonly phases: readonly PhaseView[];
  /** Steps in the order in which they run: setup, main, teardown. */
  readonly inOrder: readonly StepView[];
}

/** @param written plain data, its loops unrolled */
export function viewOf(written: unknown): RecipeView {
  const root = isObject(written) ? written : {};
  const phases = (Array.isArray(root['phases']) ? (root['phases'] as unknown[]) : []).map(phaseView);
  const ordered = (['setup', 'main', 'teardown'] as const).flatMap((kind) =>
    phases.filter((phase) => phase.kind === kind),
  );
  const { pattern, example } = isObject(root['serialNumber']) ? root['serialNumber'] : {};
  return {
    device: isObject(root['device']) ? readLeniently(device, root['device'], APART_OF_DEVICE) : null,
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
  const { name, kind, timeoutMs, steps } = phase;
  return {
    path,
    name: typeof name === 'string' ? name : '',
    kind: KINDS.find((known) => known === kind || known === nearest(String(kind), KINDS)) ?? 'main',
    timeoutMs: typeof timeoutMs === 'number' ? timeoutMs : null,
    steps: (Array.isArray(steps) ? (steps as unknown[]) : []).map((one, s) =>
      placed(one, [...path, 'steps', s]),
    ),
  };
}

function placed(written: unknown, path: Path): StepView {
  const raw = isObject(written) ? written : {};
  const read = readLeniently(step, raw, APART);
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

/** No step says anything that these would have to allow. */
const APART_OF_DEVICE = ['serial', 'ble', 'region', 'arrival'];
/** Keys without which the rest of a step can be judged all the same. */
const APART = [
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
/** What a step with another mistake sets all the same, so that its readers are not named too. */
function setsOf({ capture, sets }: Readonly<Record<string, unknown>>): string[] {
  const captured = typeof capture === 'string' ? [capture] : isObject(capture) ? Object.keys(capture) : [];
  return [...captured, ...(Array.isArray(sets) ? sets.map(String) : [])];
}
