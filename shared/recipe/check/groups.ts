import { describePattern, type PatternParts } from '../../pattern/index.ts';
import type { MeasurementSpec } from '../measurement.ts';
import type { Step } from '../step.ts';
import { fillPattern, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from './explain.ts';
import { didYouMean } from './nearest.ts';
import type { Path, RecipeView } from './view.ts';
import { counted } from '../../words/index.ts';

const NUMBER_CHARACTERS = /^[0-9.+\-eE \t]$/;
const HEX_CHARACTERS = /^[0-9A-Fa-f]$/;

/** Values that are taken out of answers by groups which their pattern lacks, and patterns that no answer meets. */
export function* groupMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, question] of (device?.identify ?? []).entries())
    yield* patternMistakes(question.expectFrame, true, ['device', 'identify', index, 'expectFrame']);
  for (const { path, step } of inOrder) {
    if (step === null) continue;
    if (step.verb === 'ampe') yield* pathMistakes(step.measure, path);
    if (step.verb === 'measure') yield* wordMistakes(step.value, step.measure, path);
    const source = patternOf(step);
    if (source === undefined) continue;
    const inHex = source.key === 'expectFrame' || step.verb === 'ble-request';
    yield* patternMistakes(source.pattern, inHex, [...path, source.key]);
    yield* inAnswer(step, source.pattern, source.key, path);
  }
}

/** The pattern that measurements and variables of a step come from; `undefined` for a step that has none. */
function patternOf(step: Step): { key: string; pattern: string | undefined } | undefined {
  switch (step.verb) {
    case 'expect':
    case 'request':
      return step.expect === undefined
        ? { key: 'expectFrame', pattern: step.expectFrame }
        : { key: 'expect', pattern: step.expect };
    case 'at-command':
    case 'ble-request':
      return { key: 'expect', pattern: step.expect };
    default:
      return undefined;
  }
}

function* patternMistakes(pattern: string | undefined, inHex: boolean, path: Path): Iterable<Mistake> {
  const parts = pattern === undefined ? null : describePattern(fillPattern(pattern, SAMPLE_SCOPE));
  if (pattern === undefined || parts === null) return;
  const strange = inHex ? parts.literals.find((one) => !HEX_CHARACTERS.test(one)) : undefined;
  if (strange !== undefined)
    yield { path, message: `"${strange}" never matches: bytes are upper-case hex without blanks, as 01A0FF` };
  const digits = inHex && fillPattern(pattern, SAMPLE_SCOPE) === pattern ? parts.wholeLength : null;
  if (digits !== null && digits % 2 !== 0)
    yield {
      path,
      message: `never matches: it awaits ${counted(digits, 'digit')} of hex, and every byte has two`,
    };
  if (!inHex && /\\r/.test(pattern))
    yield {
      path,
      message: String.raw`\r never matches: every line ends with \n here, and $ is a line's end`,
    };
}

function* inAnswer(step: Step, pattern: string | undefined, key: string, path: Path): Iterable<Mistake> {
  const captures = 'capture' in step && typeof step.capture === 'object' ? Object.entries(step.capture) : [];
  const specs = 'measure' in step && Array.isArray(step.measure) ? step.measure : [];
  if (pattern === undefined) {
    if (captures.length > 0)
      yield { path: [...path, 'capture'], message: 'captures nothing: the step has no expect' };
    if (specs.length > 0)
      yield { path: [...path, 'measure'], message: 'measures nothing: the step has no expect' };
    return;
  }
  const parts = describePattern(fillPattern(pattern, SAMPLE_SCOPE));
  if (parts === null) return;
  for (const [name, given] of captures) {
    const { group, as } = typeof given === 'object' ? given : { group: given, as: 'text' };
    const inObject = typeof given === 'object' ? ['group'] : [];
    yield* at(parts, key, [...path, 'capture', name, ...inObject], group, as);
  }
  for (const [index, spec] of specs.entries()) {
    const own = [...path, 'measure', index];
    if (spec.group === undefined) yield* at(parts, key, own, 0, spec.as);
    else yield* at(parts, key, [...own, 'group'], spec.group, spec.as);
    for (const [point, { group, as }] of (spec.at ?? []).entries())
      yield* at(parts, key, [...own, 'at', point, 'group'], group, as);
  }
}

function* at(
  parts: PatternParts,
  key: string,
  path: Path,
  group: string | number,
  as: string,
): Iterable<Mistake> {
  const { groups, names } = parts;
  const isThere = typeof group === 'number' ? group <= groups : names.includes(group);
  if (!isThere) {
    yield { path, message: `the pattern of ${key} has no group ${group}${hint(parts, group)}` };
    return;
  }
  // A name of a table is that of a number.
  const isHex = as === 'hex' || as === 'signed-hex';
  const allowed = as === 'text' ? null : isHex ? HEX_CHARACTERS : NUMBER_CHARACTERS;
  const strange = allowed === null ? undefined : parts.required(group).find((one) => !allowed.test(one));
  if (strange === undefined) return;
  const what = isHex ? 'number in hex' : 'number';
  yield {
    path,
    message:
      group === 0
        ? `is no ${what}: without group the value is the whole match, "${strange}" included; say which group, as group: 1`
        : `is no ${what}: "${strange}" is always in group ${group}`,
  };
}

function hint({ groups, names }: PatternParts, group: string | number): string {
  if (typeof group === 'string' && /^\d+$/.test(group)) return `: write the number without quotes, ${group}`;
  const near = typeof group === 'string' ? didYouMean(group, names) : '';
  if (near !== '') return near;
  if (groups === 0) return ': put ( ) around what is wanted';
  if (typeof group === 'string' && names.length === 0)
    return `: name it, as (?<${group}>…), or write its number`;
  const numbers = groups === 1 ? '1' : `1 to ${groups}`;
  const known = names.length > 0 && typeof group === 'string' ? names.join(', ') : numbers;
  return `: it has ${known}`;
}

/** A number made of a text that has other characters in it, whatever its variables are. */
function* wordMistakes(value: string, specs: readonly MeasurementSpec[], path: Path): Iterable<Mistake> {
  const strange = [...value.replaceAll(/\$?\{[^{}]*\}/g, '')].find((one) => !NUMBER_CHARACTERS.test(one));
  if (strange === undefined) return;
  for (const [index, { as }] of specs.entries())
    if (as === 'number')
      yield {
        path: [...path, 'measure', index, 'as'],
        message: `is no number: "${strange}" is always in value`,
      };
}

/** A measurement of an AMPE reply is taken from a path. */
function* pathMistakes(specs: readonly MeasurementSpec[], path: Path): Iterable<Mistake> {
  for (const [index, { group, at: points }] of specs.entries()) {
    const own = [...path, 'measure', index];
    if (typeof group === 'number')
      yield { path: [...own, 'group'], message: 'is a path into the reply, as data.sn' };
    if (points !== undefined)
      yield { path: [...own, 'at'], message: 'a reply has no matches to make a curve of: leave it out' };
  }
}
