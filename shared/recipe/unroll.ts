import type { CodedText } from '../words/index.ts';
import { checkText as text } from './texts/check-texts.ts';

type Json = unknown;
type Path = readonly (string | number)[];

/** More than any real recipe has; bounds the memory of nested loops. */
const MAX_STEPS = 2000;

export interface Unrolled {
  readonly value: Json;
  /** The path in the written recipe of a path in the unrolled one. */
  readonly origin: (path: Path) => Path;
  /** Mistakes in loops, with paths in the written recipe. */
  readonly issues: readonly { readonly path: Path; readonly message: CodedText }[];
}

/**
 * Unrolls the loops of a recipe. A step or a phase with `forEach: { channel: [1, 2, 3] }` becomes three, in each of which
 * `${channel}` is one of the values; a text that is `${channel}` alone becomes the value with its type. Several parameters
 * make every combination. Values are appended to names, so that each step has a record of its own. Of steps without a name
 * the second one of a verb in a phase is called `wait.2`, unless `numbered` is false. Works on plain data before the check.
 */
export function unroll(written: Json, { numbered = true }: { readonly numbered?: boolean } = {}): Unrolled {
  const issues: { path: Path; message: CodedText }[] = [];
  const origins: { phase: number; steps: number[] }[] = [];
  if (!isObject(written) || !Array.isArray(written['phases']))
    return { value: written, origin: (path) => path, issues };
  let count = 0;
  const phases: Json[] = [];
  for (const [p, writtenPhase] of (written['phases'] as Json[]).entries()) {
    for (const phase of repeat(writtenPhase, ['phases', p], issues)) {
      const from = { phase: p, steps: [] as number[] };
      origins.push(from);
      if (!isObject(phase) || !Array.isArray(phase['steps'])) {
        phases.push(phase);
        continue;
      }
      const steps: Json[] = [];
      const isNamed: boolean[] = [];
      for (const [s, writtenStep] of (phase['steps'] as Json[]).entries()) {
        for (const step of repeat(writtenStep, ['phases', p, 'steps', s], issues)) {
          count += 1;
          if (count > MAX_STEPS) break;
          from.steps.push(s);
          steps.push(step);
          isNamed.push(isObject(writtenStep) && typeof writtenStep['name'] === 'string');
        }
      }
      phases.push({ ...phase, steps: numbered ? withNames(steps, isNamed) : steps });
    }
  }
  if (count > MAX_STEPS) issues.push({ path: ['phases'], message: text('loop-too-many-steps', MAX_STEPS) });
  return {
    value: { ...written, phases },
    issues,
    origin(path) {
      const [head, p, steps, s, ...rest] = path;
      const from = head === 'phases' && typeof p === 'number' ? origins[p] : undefined;
      if (from === undefined) return path;
      if (steps !== 'steps' || typeof s !== 'number') return ['phases', from.phase, ...path.slice(2)];
      return ['phases', from.phase, 'steps', from.steps[s] ?? s, ...rest];
    },
  };
}

function repeat(item: Json, path: Path, issues: { path: Path; message: CodedText }[]): Json[] {
  if (!isObject(item) || !Object.hasOwn(item, 'forEach')) return [item];
  const { forEach, ...body } = item;
  const at = [...path, 'forEach'];
  if (!isObject(forEach) || Object.keys(forEach).length === 0) {
    issues.push({ path: at, message: text('loop-no-parameter') });
    return [body];
  }
  let combinations: Record<string, string | number | boolean>[] = [{}];
  for (const [name, values] of Object.entries(forEach)) {
    const isValid =
      /^[a-z][A-Za-z0-9_]{0,31}$/.test(name) &&
      Array.isArray(values) &&
      values.length > 0 &&
      values.every((value) => ['string', 'number', 'boolean'].includes(typeof value));
    if (!isValid || combinations.length * values.length > MAX_STEPS) {
      const message = isValid ? text('loop-too-many', MAX_STEPS) : text('loop-no-list');
      issues.push({ path: [...at, name], message });
      return [body];
    }
    combinations = combinations.flatMap((so) =>
      (values as (string | number | boolean)[]).map((value) => ({ ...so, [name]: value })),
    );
  }
  return combinations.map((parameters) => named(fillIn(body, parameters), body, parameters));
}

/** `flash` for channel 1 and 2 becomes `flash.1` and `flash.2`, unless its name contains the parameter. */
function named(
  item: Json,
  written: Record<string, Json>,
  parameters: Record<string, string | number | boolean>,
): Json {
  if (!isObject(item)) return item;
  const base = item['name'] ?? item['verb'];
  if (typeof base !== 'string') return item;
  if (base !== (written['name'] ?? written['verb'])) return { ...item, name: base };
  const tail = Object.values(parameters)
    .map((value) =>
      String(value)
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, '-'),
    )
    .join('.');
  return { ...item, name: `${base}.${tail}`.slice(0, 48) };
}

/** Numbers steps that have the name of their verb when another step has it already. */
function withNames(steps: readonly Json[], isNamed: readonly boolean[]): Json[] {
  const nameOf = (step: Json): string | null => {
    const name = isObject(step) ? (step['name'] ?? step['verb']) : undefined;
    return typeof name === 'string' ? name : null;
  };
  const taken = new Set(steps.flatMap((step, index) => (isNamed[index] === true ? [nameOf(step)] : [])));
  return steps.map((step, index) => {
    const name = nameOf(step);
    if (name === null || isNamed[index] === true || !isObject(step)) return step;
    let uniqueName = name;
    for (let n = 2; taken.has(uniqueName); n++) uniqueName = `${name.slice(0, 44)}.${n}`;
    taken.add(uniqueName);
    return uniqueName === name ? step : { ...step, name: uniqueName };
  });
}

function fillIn(value: Json, parameters: Record<string, string | number | boolean>): Json {
  if (typeof value === 'string') {
    const whole = /^\$\{([^{}]*)\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(parameters, whole)) return parameters[whole];
    return value.replace(/\$\{([^{}]*)\}/g, (all, name: string) =>
      Object.hasOwn(parameters, name) ? String(parameters[name]) : all,
    );
  }
  if (Array.isArray(value)) return value.map((item: Json) => fillIn(item, parameters));
  if (!isObject(value)) return value;
  // Also in keys, which may be names of variables: capture: { 'level${channel}': 1 }.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(fillIn(key, parameters)), fillIn(item, parameters)]),
  );
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
