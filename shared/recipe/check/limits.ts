import { checkText as text } from '../texts/check-texts.ts';
import type { CodedText } from '../../words/index.ts';
import { isPcmLevel } from '../../codec/pcm16.ts';
import { NAME_TABLES } from '../../domain/iot-video-names.ts';
import { evaluateLimitExpression, parseRelativeLimit } from '../../domain/limit-expression.ts';
import { bounds, limitContradictions, type Limits, withinLimits } from '../../domain/limits.ts';
import { compilePattern, patternProblem } from '../../pattern/index.ts';
import type { RecipeLimits } from '../measurement.ts';
import { type Step, type ValueType, verbOf } from '../verbs/index.ts';
import type { Mistake } from '../mistake.ts';
import type { Path, RecipeView } from './view.ts';

interface Limited {
  readonly path: Path;
  readonly type: ValueType;
  readonly limits: RecipeLimits;
  /** Key that would make a number of the value. */
  readonly remedy: string;
}

const NUMERIC = ['min', 'max', 'above', 'below', 'within', 'marginal'] as const;

/** Limits that no value meets: of another kind than the value, or that contradict each other. */
export function* limitMistakes({ inOrder }: RecipeView): Iterable<Mistake> {
  for (const { path, step } of inOrder) {
    if (step === null) continue;
    yield* wrongScales(step, path);
    for (const limited of limitsOf(step, path)) {
      yield* wrongType(limited);
      yield* contradictions(limited);
    }
  }
}

function* limitsOf(step: Step, path: Path): Iterable<Limited> {
  const { limits: own, measuredType } = verbOf(step);
  if (own !== undefined) {
    for (const { path: inStep, type, limits, remedy = 'as: number' } of own(step))
      if (limits !== undefined) yield { path: [...path, ...inStep], type, limits, remedy };
    return;
  }
  if (!('measure' in step) || !Array.isArray(step.measure)) return;
  for (const [index, spec] of step.measure.entries()) {
    if (spec.limits === undefined) continue;
    const type = measuredType?.(spec) ?? typeOf(spec.as);
    yield { path: [...path, 'measure', index, 'limits'], type, limits: spec.limits, remedy: 'as: number' };
  }
}

/** Scales of texts, and scales of zero. */
function* wrongScales(step: Step, path: Path): Iterable<Mistake> {
  const specs = 'measure' in step && Array.isArray(step.measure) ? [...step.measure.entries()] : [];
  const captures = 'capture' in step && typeof step.capture === 'object' ? Object.entries(step.capture) : [];
  const all = [
    ...specs.map(([index, spec]) => ({ at: [...path, 'measure', index], spec })),
    ...captures.map(([name, spec]) => ({ at: [...path, 'capture', name], spec })),
  ];
  for (const { at, spec } of all) {
    if (typeof spec !== 'object' || !('scale' in spec) || spec.scale === undefined) continue;
    if (typeOf(spec.as) !== 'number' && verbOf(step).measuredType === undefined)
      yield {
        path: [...at, 'scale'],
        message: text('scale-of-text'),
      };
    if (spec.scale === 0) yield { path: [...at, 'scale'], message: text('scale-zero') };
  }
}

function typeOf(as: string): ValueType {
  if (as === 'number' || as === 'hex' || as === 'signed-hex' || isPcmLevel(as)) return 'number';
  return NAME_TABLES.some((table) => table === as) ? 'name' : 'text';
}

function* wrongType({ path, type, limits, remedy }: Limited): Iterable<Mistake> {
  const { equals } = limits;
  if (type === 'text' || type === 'name') {
    for (const key of NUMERIC)
      if (limits[key] !== undefined)
        yield {
          path: [...path, key],
          message:
            type === 'name' ? text('limit-of-number-name', key) : text('limit-of-number-text', key, remedy),
        };
    if (typeof equals === 'number' || typeof equals === 'boolean')
      yield {
        path: [...path, 'equals'],
        message:
          typeof equals === 'number' && type === 'text'
            ? text('limit-text-or-number', String(equals), remedy)
            : text('limit-text', String(equals)),
      };
  }
  if (type !== 'number' && type !== 'level') return;
  // A text with a variable becomes a number.
  const isFixedText = typeof equals === 'string' && !equals.includes('${');
  if (!isFixedText && typeof equals !== 'boolean') return;
  const read = typeof equals === 'string' ? evaluateLimitExpression(equals) : null;
  yield {
    path: [...path, 'equals'],
    message:
      read?.ok === true
        ? text('limit-number-write', shownOf(equals), read.value)
        : text('limit-number', shownOf(equals)),
  };
}

function* contradictions({ path, type, limits }: Limited): Iterable<Mistake> {
  const given = Object.values(limits).filter((limit) => limit !== undefined);
  if (given.length === 0) yield { path, message: text('limits-empty') };
  for (const found of limitContradictions(limits))
    yield { path: [...path, ...found.path], message: found.message };
  yield* relativeContradictions(limits, path);
  if (!isFixed(limits)) return;
  const { equals, above, below, min, max, pattern, marginal, within } = limits;
  const { low, high } = bounds(limits);
  if (within?.of === 0) yield { path: [...path, 'within'], message: text('limit-percent-of-zero') };
  const { min: marginalMin, max: marginalMax } = marginal ?? {};
  const isAbove = typeof marginalMin === 'number' && high !== null && marginalMin > high;
  const isBelow = typeof marginalMax === 'number' && low !== null && marginalMax < low;
  if (isAbove || isBelow) yield { path: [...path, 'marginal'], message: text('limit-marginal-all') };
  if (low !== null && low === high && (above === low || below === low))
    yield { path, message: text('limit-none-within', low) };
  if (type === 'level' && ((low !== null && low > 1) || (high !== null && high < 0)))
    yield { path, message: text('level-none-within') };
  if (type === 'level' && typeof equals === 'number' && equals !== 0 && equals !== 1)
    yield { path: [...path, 'equals'], message: text('level-never', equals) };
  if (equals === undefined || (typeof equals === 'string' && /[{}]/.test(equals))) return;
  const others = { min, max, above, below, within: limits.within };
  if (typeof equals === 'number' && (low ?? 0) <= (high ?? Infinity) && !withinLimits(equals, others))
    yield { path: [...path, 'equals'], message: text('limit-equals-outside', equals) };
  const isPlain =
    pattern !== undefined && !/[$]\{|\{[a-zA-Z]/.test(pattern) && patternProblem(pattern) === null;
  if (isPlain && !compilePattern(pattern).test(String(equals)))
    yield {
      path: [...path, 'equals'],
      message: text('limit-equals-pattern', JSON.stringify(equals)),
    };
}

/** Limits relative to one variable that no number is within. */
function* relativeContradictions(limits: RecipeLimits, path: Path): Iterable<Mistake> {
  for (const low of ['min', 'above'] as const)
    for (const high of ['max', 'below'] as const) {
      const [from, to] = [parseRelativeLimit(limits[low]), parseRelativeLimit(limits[high])];
      if (from === null || to?.variable !== from.variable) continue;
      const isOpen = low === 'above' || high === 'below';
      if (from.added > to.added)
        yield { path, message: text('limit-relative-above', low, high, from.variable) };
      else if (isOpen && from.added === to.added)
        yield { path, message: text('limit-relative-none', low, high, from.variable) };
    }
}

/** True when no limit has a variable. */
function isFixed(limits: RecipeLimits): limits is RecipeLimits & Limits {
  const { min, max, above, below, within } = limits;
  return [min, max, above, below, within?.of].every((bound) => typeof bound !== 'string');
}

function shownOf(equals: string | boolean): CodedText {
  return typeof equals === 'string' ? text('value-the-text', equals) : text('value-boolean', String(equals));
}
