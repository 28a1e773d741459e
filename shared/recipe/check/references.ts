import { checkText as say } from '../texts/check-texts.ts';
import { type CodedText, NO_TEXT } from '../../words/index.ts';
import { isTableReference, referencesOf, tableNumber, UNIT_PLACEHOLDERS } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { nearPlaceholder, unknownPlaceholder } from './near-placeholder.ts';
import { nearest } from './nearest.ts';
import { verbOf } from '../verbs/index.ts';
import type { Path, RecipeView, StepView } from './view.ts';

/** Keys of steps whose texts have no placeholders and no variables. */
const LITERAL_KEYS = [
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

/** Variables that no step has set, names that no table has, and placeholders in texts that are not filled in. */
export function* referenceMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, request] of (device?.identify ?? []).entries()) {
    for (const { path, text } of textsOf(request)) {
      if (referencesOf(text).length === 0 && !UNIT_WORD_USE.test(text)) continue;
      yield {
        path: ['device', 'identify', index, ...path],
        message: say('not-filled-yet'),
      };
    }
  }
  for (const { path, text } of textsOf(device?.ble?.find, ['device', 'ble', 'find']))
    for (const message of problemsInText(text, false, new Set(), new Map())) yield { path, message };
  const setters = new Map(inOrder.flatMap((one) => one.sets.map((name) => [name, one] as const)));
  const set = new Set<string>();
  let identified = false;
  for (const placed of inOrder) {
    identified ||= placed.verb === 'identify' || !placed.known;
    for (const { path, text } of textsOf(placed.step)) {
      const at = [...placed.path, ...path];
      // A variable of the same answer may be a limit: variables are set before limits are compared.
      const known = path[0] === 'measure' ? new Set([...set, ...placed.sets]) : set;
      for (const message of problemsInText(text, isLiteral(placed, path), known, setters))
        yield { path: at, message };
      if (!identified && UNIT_WORD_USE.test(text) && !isLiteral(placed, path))
        yield {
          path: at,
          message: say('needs-identify', UNIT_WORD_USE.exec(text)?.[0] ?? ''),
        };
    }
    for (const variable of placed.sets) set.add(variable);
  }
}

function* problemsInText(
  text: string,
  literal: boolean,
  set: ReadonlySet<string>,
  setters: ReadonlyMap<string, StepView>,
): Iterable<CodedText> {
  const references = referencesOf(text);
  if (literal) {
    if (references.length > 0) yield say('not-filled-here', references[0] ?? '');
    return;
  }
  for (const reference of references) {
    const reason = isTableReference(reference)
      ? tableProblem(reference)
      : variableProblem(reference, set, setters);
    if (reason !== null) yield reason;
  }
  if (OPEN.test(text)) yield say('variable-open');
  for (const [, word = ''] of text.matchAll(BRACED)) {
    if (UNIT_PLACEHOLDERS.some((known) => known === word)) continue;
    if (setters.has(word)) yield say('variable-in-braces', word);
    else {
      const near = nearPlaceholder(word);
      if (near !== null) yield unknownPlaceholder(word, near);
    }
  }
}

function tableProblem(reference: string): CodedText | null {
  return tableNumber(reference) === null ? say('in-no-table', reference) : null;
}

function variableProblem(
  reference: string,
  set: ReadonlySet<string>,
  setters: ReadonlyMap<string, StepView>,
): CodedText | null {
  if (set.has(reference)) return null;
  const later = setters.get(reference);
  if (later !== undefined) return say('variable-set-later', reference, later.name);
  if (UNIT_PLACEHOLDERS.some((word) => word === reference))
    return say('variable-not-set', reference, say('or-braces', reference));
  const near = nearest(reference, set);
  return say('variable-not-set', reference, near === null ? NO_TEXT : say('or-variable', near));
}

function isLiteral({ step }: StepView, path: Path): boolean {
  const [key, , inner] = path;
  if (step !== null && verbOf(step).literalKeys?.includes(String(key)) === true) return true;
  // Names and titles of measurements, and the groups of variables, are literal, too.
  if (key === 'capture') return true;
  if (key === 'measure' && typeof inner === 'string' && inner !== 'limits') return true;
  return LITERAL_KEYS.includes(String(key));
}

/** All texts in a value, with their paths. */
export function* textsOf(value: unknown, path: Path = []): Iterable<{ path: Path; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsOf(item, [...path, key]);
}
