import { isPcmLevel } from '../../codec/pcm16.ts';
import { checkText as text } from '../texts/check-texts.ts';
import { describePattern, type PatternParts } from '../../pattern/index.ts';
import { type Step, verbOf } from '../verbs/index.ts';
import { fillPattern, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { answerForm } from '../identity.ts';
import { identityExchanges } from './identity.ts';
import { didYouMean } from './nearest.ts';
import type { Path, RecipeView } from './view.ts';
import { type CodedText, NO_TEXT, sameText } from '../../words/index.ts';

const NUMBER_CHARACTERS = /^[0-9.+\-eE \t]$/;
const HEX_CHARACTERS = /^[0-9A-Fa-f]$/;

/** Groups that their pattern does not have, groups that are no number, and patterns that no answer matches. */
export function* groupMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, request] of (device?.identify ?? []).entries())
    yield* patternMistakes(request.expectFrame, true, ['device', 'identify', index, 'expectFrame']);
  for (const { path, item } of identityExchanges(device))
    for (const key of ['expect', 'expectFrame', 'none', 'noneFrame'] as const)
      yield* patternMistakes(key in item ? item[key as 'expect'] : undefined, answerForm(item) === 'hex', [
        ...path,
        key,
      ]);
  for (const { path, step } of inOrder) {
    if (step === null) continue;
    const source = verbOf(step).answerPattern?.(step);
    if (source === undefined) continue;
    yield* patternMistakes(source.pattern, source.inHex, [...path, source.key]);
    yield* inAnswer(step, source.pattern, source.key, path);
  }
}

function* patternMistakes(pattern: string | undefined, inHex: boolean, path: Path): Iterable<Mistake> {
  const parts = pattern === undefined ? null : describePattern(fillPattern(pattern, SAMPLE_SCOPE));
  if (pattern === undefined || parts === null) return;
  const strange = inHex ? parts.literals.find((one) => !HEX_CHARACTERS.test(one)) : undefined;
  if (strange !== undefined) yield { path, message: text('pattern-not-hex', strange) };
  const digits = inHex && fillPattern(pattern, SAMPLE_SCOPE) === pattern ? parts.wholeLength : null;
  if (digits !== null && digits % 2 !== 0)
    yield {
      path,
      message: text('pattern-odd-digits', digits),
    };
  if (!inHex && /\\r/.test(pattern))
    yield {
      path,
      message: text('pattern-carriage-return'),
    };
}

function* inAnswer(step: Step, pattern: string | undefined, key: string, path: Path): Iterable<Mistake> {
  const captures = 'capture' in step && typeof step.capture === 'object' ? Object.entries(step.capture) : [];
  const specs = 'measure' in step && Array.isArray(step.measure) ? step.measure : [];
  if (pattern === undefined) {
    if (captures.length > 0) yield { path: [...path, 'capture'], message: text('captures-nothing') };
    if (specs.length > 0) yield { path: [...path, 'measure'], message: text('measures-nothing') };
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
    const measurePath = [...path, 'measure', index];
    if (spec.group === undefined) yield* at(parts, key, measurePath, 0, spec.as);
    else yield* at(parts, key, [...measurePath, 'group'], spec.group, spec.as);
    for (const [point, { group, as }] of (spec.at ?? []).entries())
      yield* at(parts, key, [...measurePath, 'at', point, 'group'], group, as);
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
    yield { path, message: text('group-missing', key, group, hint(parts, group)) };
    return;
  }
  // A table names a number, so the group is a number.
  const isHex = as === 'hex' || as === 'signed-hex';
  const allowed = as === 'text' || isPcmLevel(as) ? null : isHex ? HEX_CHARACTERS : NUMBER_CHARACTERS;
  const strange = allowed === null ? undefined : parts.required(group).find((one) => !allowed.test(one));
  if (strange === undefined) return;
  const what = text(isHex ? 'kind-hex' : 'kind-number');
  yield {
    path,
    message:
      group === 0 ? text('group-whole-match', what, strange) : text('group-not-number', what, strange, group),
  };
}

function hint({ groups, names }: PatternParts, group: string | number): CodedText {
  if (typeof group === 'string' && /^\d+$/.test(group)) return text('group-without-quotes', group);
  const near = typeof group === 'string' ? didYouMean(group, names) : NO_TEXT;
  if (near !== NO_TEXT) return near;
  if (groups === 0) return text('group-put-brackets');
  if (typeof group === 'string' && names.length === 0) return text('group-name-it', group);
  const numbers = groups === 1 ? sameText('group', '1') : text('group-numbers', groups);
  const known = names.length > 0 && typeof group === 'string' ? names.join(', ') : numbers;
  return text('group-known', known);
}
