import { isTableReference, referencesOf, tableNumber, UNIT_PLACEHOLDERS } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { didYouMean, nearest } from './nearest.ts';
import { verbOf } from '../verbs/index.ts';
import type { Path, RecipeView, StepView } from './view.ts';

/** Keys of steps whose texts stay as they are written. */
const AS_WRITTEN = [
  'verb',
  'name',
  'title',
  'file',
  'image',
  'choices',
  'group',
  'unit',
  'as',
  'sets',
  'pass',
];
const UNIT_WORD_USE = /(?<!\$)\{(mac|macHex|macTail|bleAddress)\}/;
const BRACED = /(?<!\$)\{([A-Za-z][A-Za-z0-9_]{1,31})\}/g;
const OPEN = /\$\{[^{}]*(?:\{|$)/;

/** Names in texts that nothing has set, that no table has, or that stand where nothing is filled in. */
export function* referenceMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, question] of (device?.identify ?? []).entries()) {
    for (const { path, text } of textsOf(question)) {
      if (referencesOf(text).length === 0 && !UNIT_WORD_USE.test(text)) continue;
      yield {
        path: ['device', 'identify', index, ...path],
        message: `${NOT_FILLED}: nobody knows the unit yet`,
      };
    }
  }
  const all = new Map(inOrder.flatMap((one) => one.sets.map((name) => [name, one] as const)));
  const set = new Set<string>();
  let identified = false;
  for (const placed of inOrder) {
    identified ||= placed.verb === 'identify' || !placed.known;
    for (const { path, text } of textsOf(placed.step)) {
      const at = [...placed.path, ...path];
      // An answer may bring a value and its limit: variables are set before values are held against limits.
      const known = path[0] === 'measure' ? new Set([...set, ...placed.sets]) : set;
      for (const message of inText(text, isAsWritten(placed, path), known, all)) yield { path: at, message };
      if (!identified && UNIT_WORD_USE.test(text) && !isAsWritten(placed, path))
        yield {
          path: at,
          message: `${UNIT_WORD_USE.exec(text)?.[0] ?? ''} needs an identify step before it`,
        };
    }
    for (const variable of placed.sets) set.add(variable);
  }
}

const NOT_FILLED = 'names are not filled in here';

function* inText(
  text: string,
  asWritten: boolean,
  set: ReadonlySet<string>,
  all: ReadonlyMap<string, StepView>,
): Iterable<string> {
  const references = referencesOf(text);
  if (asWritten) {
    if (references.length > 0) yield `${NOT_FILLED}, so \${${references[0] ?? ''}} stays as it is`;
    return;
  }
  for (const reference of references) {
    const why = isTableReference(reference) ? inTable(reference) : isSet(reference, set, all);
    if (why !== null) yield `\${${reference}} ${why}`;
  }
  if (OPEN.test(text)) yield '${ is not closed: write ${name}';
  for (const [, word = ''] of text.matchAll(BRACED)) {
    if (UNIT_PLACEHOLDERS.some((known) => known === word)) continue;
    if (all.has(word)) yield `{${word}} stays as it is; a variable is written \${${word}}`;
    else if (nearWord(word) !== null) yield `{${word}} is unknown; did you mean {${nearWord(word) ?? ''}}?`;
  }
}

function inTable(reference: string): string | null {
  return tableNumber(reference) === null ? 'is in no table' : null;
}

function isSet(
  reference: string,
  set: ReadonlySet<string>,
  all: ReadonlyMap<string, StepView>,
): string | null {
  if (set.has(reference)) return null;
  const message = 'is set by no step before this one';
  const later = all.get(reference);
  if (later !== undefined) return `${message}: ${later.name} sets it, and runs later or is this step`;
  if (UNIT_PLACEHOLDERS.some((word) => word === reference)) return `${message}; did you mean {${reference}}?`;
  const near = nearest(reference, set);
  return near === null ? message : `${message}; did you mean \${${near}}?`;
}

/** A word that is nearly one of ours; others in braces may be the device's own. */
function nearWord(word: string): string | null {
  const sorted = (text: string): string => [...text.toLowerCase()].sort().join('');
  const known = [...UNIT_PLACEHOLDERS, 'serial', 'sn'].find((one) => sorted(one) === sorted(word));
  if (known !== undefined) return known === 'serial' || known === 'sn' ? 'serialNumber' : known;
  return word.length < 5 || didYouMean(word, UNIT_PLACEHOLDERS) === ''
    ? null
    : nearest(word, UNIT_PLACEHOLDERS);
}

function isAsWritten({ step }: StepView, path: Path): boolean {
  const [key, , inner] = path;
  if (step !== null && verbOf(step).literalKeys?.includes(String(key)) === true) return true;
  // Names and titles of measurements and the groups that variables come from are words, too.
  if (key === 'capture') return true;
  if (key === 'measure' && typeof inner === 'string' && inner !== 'limits') return true;
  return AS_WRITTEN.includes(String(key));
}

/** Every text below a value with its place. */
export function* textsOf(value: unknown, path: Path = []): Iterable<{ path: Path; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsOf(item, [...path, key]);
}
