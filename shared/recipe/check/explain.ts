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
import { type CodedText, isCodedText, NO_TEXT, sameText } from '../../words/index.ts';
import { explainText as text } from '../texts/explain-texts.ts';
import { shapeTextOf } from '../texts/shape-texts.ts';

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
  const is = (message: CodedText): Mistake[] => [{ path, message }];
  const ofShape = shapeTextOf(issue.message);
  if (value !== undefined && ofShape !== null) return is(ofShape);
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
        value === undefined ? text('missing-one-of', listed(issue.values)) : oneOf(issue.values, value),
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
      return is(text('key-invalid', String(path.at(-1)), keyProblem(issue.issues[0]?.message)));
    case 'invalid_format':
      return is(text('format-other', shown(value), issue.pattern ?? issue.format));
    default:
      return is(messageOf(issue));
  }
}

/** The text that our check has given with an issue, or that of the shape. */
function messageOf(issue: z.core.$ZodIssue): CodedText {
  const given = issue.code === 'custom' ? issue.params?.['text'] : undefined;
  return isCodedText(given) ? given : (shapeTextOf(issue.message) ?? text('shape-other', issue.message));
}

function keyProblem(message: string | undefined): CodedText {
  if (message === undefined) return text('key-not-valid');
  return shapeTextOf(message) ?? text('shape-other', message);
}

/** How a network is written where it is no setting of the station. */
const NETWORK_KEYS: ReadonlySet<string> = new Set(['ssid', 'password', 'wifi']);

function unknownKey(key: string, schemas: readonly Schema[], value: unknown): CodedText {
  const ofShape = [...new Set(schemas.flatMap((schema) => keysOf(schema, value)))];
  // `forEach` is unrolled before the check, so that the shapes do not contain it.
  const loops = ofShape.includes('verb') || ofShape.includes('steps');
  const known = loops && !ofShape.includes('phases') ? [...ofShape, 'forEach'] : ofShape;
  const near = didYouMean(key, known);
  if (near !== NO_TEXT) return text('key-unknown-near', key, near);
  if (NETWORK_KEYS.has(key.toLowerCase()) && known.includes('network'))
    return text('key-unknown-network', key);
  const inside = schemas.flatMap((schema) => parentsOf(key, schema)).sort((a, b) => a.length - b.length)[0];
  if (inside !== undefined) return text('key-unknown-inside', key, inside);
  return text('key-unknown', key, known.sort().join(', '));
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

const NOUNS: Readonly<Record<string, CodedText>> = {
  string: text('noun-string'),
  number: text('noun-number'),
  int: text('noun-int'),
  boolean: text('noun-boolean'),
  object: text('noun-object'),
  record: text('noun-object'),
  array: text('noun-array'),
  null: text('noun-null'),
};

function nounOf(type: string): CodedText {
  return NOUNS[type] ?? sameText('noun', type);
}

function wrongType(
  expected: string,
  value: unknown,
  schemas: readonly Schema[],
  source: string | null,
): CodedText {
  const noun = nounOf(expected);
  if (value === undefined) {
    const values = schemas.flatMap(valuesOf);
    return values.length > 0 ? text('missing-one-of', listed(values)) : text('missing', noun);
  }
  if (expected === 'string' && isBare(value)) {
    const bare = source ?? String(value);
    return text('type-quotes', bare);
  }
  const keys = [...new Set(schemas.flatMap((schema) => keysOf(schema, undefined)))];
  if (expected === 'object' && typeof value === 'string' && keys.includes('verb'))
    return text('type-verb-object', shown(value), value);
  if (expected === 'object' && keys.length > 0 && keys.length <= MAX_KEYS)
    return text('type-keys', keys.join(', '), shown(value));
  if (typeof value === 'string' && value.startsWith('${') && expected !== 'string')
    return text('type-no-parameter', noun, value);
  return text('type', noun, shown(value));
}

function isBare(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function oneOf(values: readonly unknown[], value: unknown): CodedText {
  const texts = values.map(String);
  // A value may be the beginning of several, as crc16.
  const matching =
    typeof value === 'string' && value !== '' ? texts.filter((text) => text.startsWith(value)) : [];
  if (matching.length > 1) return text('value-one-of', listed(matching), shown(value));
  const near = typeof value === 'string' ? didYouMean(value, texts) : NO_TEXT;
  if (texts.length === 1) return text('value-only', listed(values), shown(value));
  return near === NO_TEXT
    ? text('value-one-of', listed(values), shown(value))
    : text('value-near', shown(value), near);
}

function noneOf(
  issue: z.core.$ZodIssueInvalidUnion,
  schemas: readonly Schema[],
  value: unknown,
  parent: unknown,
): CodedText {
  const key = issue.discriminator;
  if (key !== undefined) {
    // The path ends at the discriminator.
    const values = [...new Set(schemas.flatMap(valuesOf))];
    if (value !== undefined) return oneOf(values, value);
    const written = isObject(parent) ? Object.keys(parent) : [];
    const misspelled = written.find((one) => nearest(one, [key]) !== null);
    if (misspelled !== undefined) return text('missing-misspelled', key, misspelled);
    // The verb is written as a key: `- send: LED=1`.
    const meant = written.find((one) => values.includes(one));
    if (meant !== undefined) return text('missing-verb-as-key', key, meant);
    return text('missing-one-of', listed(values));
  }
  const inside = issue.errors.flat();
  const customIssue = inside.find(({ code, path }) => code === 'custom' && path.length === 0);
  if (customIssue !== undefined) return messageOf(customIssue);
  const nouns = inside.flatMap((one) =>
    one.code === 'invalid_type' && one.path.length === 0 ? [nounOf(one.expected)] : [],
  );
  const [first, ...others] = [...new Set(nouns)];
  const wanted =
    first === undefined ? null : others.reduce((one, other) => text('noun-or', one, other), first);
  if (value === undefined) return text('missing', wanted ?? NO_TEXT);
  return wanted === null ? text('shape-other', issue.message) : text('type', wanted, shown(value));
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): CodedText {
  const isSmall = issue.code === 'too_small';
  const bound = isSmall ? issue.minimum : issue.maximum;
  switch (issue.origin) {
    case 'string':
      if (value === '') return text('empty');
      return text(
        isSmall ? 'too-few-characters' : 'too-many-characters',
        Number(bound),
        String(value).length,
      );
    case 'array':
      return text(
        isSmall ? 'too-few-entries' : 'too-many-entries',
        Number(bound),
        Array.isArray(value) ? value.length : 0,
      );
    default: {
      const exclusive = issue.inclusive === false;
      if (isSmall) return text(exclusive ? 'too-small-exclusive' : 'too-small', String(bound), shown(value));
      return text(exclusive ? 'too-large-exclusive' : 'too-large', String(bound), shown(value));
    }
  }
}

function listed(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

function shown(value: unknown): CodedText {
  if (value === null) return text('value-nothing');
  if (Array.isArray(value)) return text('value-list');
  if (isObject(value)) return text('value-object');
  const whole = String(value);
  const cut = whole.length > MAX_SHOWN_CHARACTERS ? `${whole.slice(0, MAX_SHOWN_CHARACTERS)}…` : whole;
  return typeof value === 'string' ? text('value-text', cut) : text('value-bare', cut);
}
