import type { z } from 'zod';
import type { Mistake } from '../mistake.ts';
import { didYouMean, nearest } from './nearest.ts';
import {
  definitionOf,
  isObject,
  keysOf,
  type Schema,
  schemasAt,
  shapesOf,
  valueAt,
  valuesOf,
} from './schema-tree.ts';
import { counted } from '../../words/index.ts';

/** The source text of a value: 1.10 stays 1.10. `null` when it is not known. */
export type SourceAt = (path: readonly (string | number)[]) => string | null;

const MAX_SHOWN_CHARACTERS = 40;
/** Keys that a message lists; the reference has all. */
const MAX_KEYS = 8;

/** Explains an issue of a schema to an engineer: the mistake, and how to write it. */
export function explain(
  issue: z.core.$ZodIssue,
  schema: Schema,
  root: unknown,
  sourceAt: SourceAt = () => null,
): Mistake[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const value = valueAt(root, path);
  const is = (message: string): Mistake[] => [{ path, message }];
  // A message of our shapes is used as it is.
  if (value !== undefined && issue.code !== 'custom' && !/^(?:Invalid|Too |Unrecognized)/.test(issue.message))
    return is(issue.message);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path,
        key,
        message: unknownKey(key, schemasAt(schema, root, path), value),
      }));
    case 'invalid_type':
      return is(wrongType(issue.expected, value, schemasAt(schema, root, path), sourceAt(path)));
    case 'invalid_value':
      return is(
        value === undefined ? `is missing (one of ${listed(issue.values)})` : oneOf(issue.values, value),
      );
    case 'invalid_union': {
      const deeper = isObject(value)
        ? issue.errors.flat().find((one) => one.path.length > 0 || one.code === 'unrecognized_keys')
        : undefined;
      // Only one of the alternatives is an object, so its issue is the right one.
      if (deeper !== undefined)
        return explain({ ...deeper, path: [...issue.path, ...deeper.path] }, schema, root, sourceAt);
      return is(noneOf(issue, schemasAt(schema, root, path), value, valueAt(root, path.slice(0, -1))));
    }
    case 'too_small':
    case 'too_big':
      return is(outOfBounds(issue, value));
    case 'invalid_key':
      return is(`${String(path.at(-1))} ${issue.issues[0]?.message ?? 'is not a valid key'}`);
    case 'invalid_format':
      return is(`does not look right: ${shown(value)} does not match ${issue.pattern ?? issue.format}`);
    default:
      return is(issue.message);
  }
}

function unknownKey(key: string, schemas: readonly Schema[], value: unknown): string {
  const ofShape = [...new Set(schemas.flatMap((schema) => keysOf(schema, value)))];
  // `forEach` is unrolled before the check, so that the shapes do not contain it.
  const loops = ofShape.includes('verb') || ofShape.includes('steps');
  const known = loops && !ofShape.includes('phases') ? [...ofShape, 'forEach'] : ofShape;
  const near = didYouMean(key, known);
  if (near !== '') return `${key} is unknown here${near}`;
  const inside = schemas.flatMap((schema) => parentsOf(key, schema)).sort((a, b) => a.length - b.length)[0];
  if (inside !== undefined) return `${key} is unknown here; it belongs under ${inside}`;
  return `${key} is unknown here; known are ${known.sort().join(', ')}`;
}

/** The keys below a shape under which a key is known, as `measure`. */
function parentsOf(key: string, schema: Schema): string[] {
  return Object.entries(definitionOf(schema).shape ?? {}).flatMap(([name, below]) =>
    shapesOf(below, undefined).flatMap((one) => {
      const { element } = definitionOf(one);
      const shapes = element === undefined ? [one] : shapesOf(element, undefined);
      return shapes.flatMap((shape) => [
        ...(key in (definitionOf(shape).shape ?? {}) ? [name] : []),
        ...Object.entries(definitionOf(shape).shape ?? {}).flatMap(([deeper, last]) =>
          shapesOf(last, undefined).some((leaf) => key in (definitionOf(leaf).shape ?? {}))
            ? [`${name}.${deeper}`]
            : [],
        ),
      ]);
    }),
  );
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object with keys',
  record: 'an object with keys',
  array: 'a list',
};

function wrongType(
  expected: string,
  value: unknown,
  schemas: readonly Schema[],
  source: string | null,
): string {
  const noun = NOUNS[expected] ?? expected;
  if (value === undefined) {
    const values = schemas.flatMap(valuesOf);
    return values.length > 0 ? `is missing (one of ${listed(values)})` : `is missing (${noun})`;
  }
  if (expected === 'string' && isBare(value)) {
    const bare = source ?? String(value);
    return `must be a text, not ${bare}: write it in quotes, as '${bare}'`;
  }
  const keys = [...new Set(schemas.flatMap((schema) => keysOf(schema, undefined)))];
  if (expected === 'object' && typeof value === 'string' && keys.includes('verb'))
    return `must be an object with keys, not ${shown(value)}: write { verb: ${value} }`;
  if (expected === 'object' && keys.length > 0 && keys.length <= MAX_KEYS)
    return `must be an object with the keys ${keys.join(', ')}, not ${shown(value)}`;
  if (typeof value === 'string' && value.startsWith('${') && expected !== 'string')
    return `must be ${noun}, and ${value} is not a parameter of a forEach here`;
  return `must be ${noun}, not ${shown(value)}`;
}

function isBare(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function oneOf(values: readonly unknown[], value: unknown): string {
  const texts = values.map(String);
  // A value may be the beginning of several, as crc16.
  const matching =
    typeof value === 'string' && value !== '' ? texts.filter((text) => text.startsWith(value)) : [];
  if (matching.length > 1) return `must be one of ${listed(matching)}, not ${shown(value)}`;
  const near = typeof value === 'string' ? didYouMean(value, texts) : '';
  if (texts.length === 1) return `must be ${listed(values)}, not ${shown(value)}`;
  return near === ''
    ? `must be one of ${listed(values)}, not ${shown(value)}`
    : `is not ${shown(value)}${near}`;
}

function noneOf(
  issue: z.core.$ZodIssueInvalidUnion,
  schemas: readonly Schema[],
  value: unknown,
  parent: unknown,
): string {
  const key = issue.discriminator;
  if (key !== undefined) {
    // The path ends at the discriminator.
    const values = [...new Set(schemas.flatMap(valuesOf))];
    if (value !== undefined) return oneOf(values, value);
    const written = isObject(parent) ? Object.keys(parent) : [];
    const misspelled = written.find((one) => nearest(one, [key]) !== null);
    if (misspelled !== undefined) return `is missing: write ${key}, not ${misspelled}`;
    // The verb is written as a key: `- send: LED=1`.
    const meant = written.find((one) => values.includes(one));
    if (meant !== undefined) return `is missing: write ${key}: ${meant}, and its keys beside it`;
    return `is missing (one of ${listed(values)})`;
  }
  const inside = issue.errors.flat();
  const customIssue = inside.find(({ code, path }) => code === 'custom' && path.length === 0);
  if (customIssue !== undefined) return customIssue.message;
  const nouns = inside.flatMap((one) =>
    one.code === 'invalid_type' && one.path.length === 0 ? [NOUNS[one.expected] ?? one.expected] : [],
  );
  const wanted = [...new Set(nouns)].join(' or ');
  if (value === undefined) return `is missing (${wanted})`;
  return wanted === '' ? issue.message : `must be ${wanted}, not ${shown(value)}`;
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): string {
  const [side, bound] =
    issue.code === 'too_small' ? ['at least', String(issue.minimum)] : ['at most', String(issue.maximum)];
  const exclusion = issue.inclusive === false ? ` and not ${bound} itself` : '';
  switch (issue.origin) {
    case 'string':
      return typeof value === 'string' && value === ''
        ? 'is empty'
        : `must have ${side} ${counted(Number(bound), 'character')}, not ${String(value).length}`;
    case 'array':
      return `must have ${side} ${counted(Number(bound), 'entry', 'entries')}, not ${Array.isArray(value) ? value.length : 0}`;
    default:
      return `must be ${side} ${bound}${exclusion}, not ${shown(value)}`;
  }
}

function listed(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = String(value);
  const cut = text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
  return typeof value === 'string' ? `the text "${cut}"` : cut;
}
