import { checkText as text } from '../texts/check-texts.ts';
import { type CodedText, NO_TEXT } from '../../words/index.ts';
import { compilePattern, describePattern, patternProblem } from '../../pattern/index.ts';
import { encodeHex } from '../../codec/hex.ts';
import { encodeUtf8 } from '../../codec/utf8.ts';
import type { DeviceSettings } from '../device.ts';
import {
  answerForm,
  exchangedIdentity,
  type IdentityExchange,
  type IdentityReadExchange,
} from '../identity.ts';
import { groupsOfReading, IDENTITY_READ_GROUPS, strengthOf } from '../identity-groups.ts';
import { placeholdersOf, SAMPLE_TRIPLE, TRIPLE_FILTERS, TRIPLE_PLACEHOLDERS } from '../triple-text.ts';
import { UNIT_PLACEHOLDERS } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { nearest } from './nearest.ts';
import type { Path, RecipeView } from './view.ts';

const PARTS = ['prepare', 'write', 'read', 'erase', 'login', 'logout'] as const;

/** An exchange of `device.identity`, and its place. */
interface PlacedExchange {
  readonly path: Path;
  readonly part: (typeof PARTS)[number];
  readonly item: IdentityExchange | IdentityReadExchange;
}

/** All exchanges of a device about its identity. */
export function identityExchanges(device: DeviceSettings | null): PlacedExchange[] {
  const identity = device?.identity;
  if (identity === undefined) return [];
  return PARTS.flatMap((part) =>
    (identity[part] ?? []).map((item, index) => ({ path: ['device', 'identity', part, index], part, item })),
  );
}

/** An identity that cannot be written, cannot be told from none, or is not proven. */
export function* identityMistakes(view: RecipeView): Iterable<Mistake> {
  const { device } = view;
  if (device?.identity === undefined) return;
  const all = identityExchanges(device);
  for (const placed of all) {
    yield* messageMistakes(placed);
    if (
      (placed.item.frame !== undefined || placed.item.expectFrame !== undefined) &&
      device.frames === undefined
    )
      yield { path: placed.path, message: text('frames-not-described') };
  }
  if (exchangedIdentity(device.identity) === null) return;
  yield* writeMistakes(all.filter(({ part }) => part === 'write'));
  yield* readMistakes(all.filter(({ part }) => part === 'read'));
  yield* limitMistakes(view);
  yield* proofMistakes(view);
}

const MESSAGE_KEYS = ['text', 'hex', 'frame', 'send'] as const;
const BRACED = /\$?\{([A-Za-z][A-Za-z0-9_-]*)(?::([A-Za-z0-9_-]*))?\}/g;

function* messageMistakes({ path, part, item }: PlacedExchange): Iterable<Mistake> {
  for (const key of MESSAGE_KEYS) {
    const message = item[key];
    if (message === undefined) continue;
    const at = [...path, key];
    for (const [whole, name = '', filter] of message.matchAll(BRACED)) {
      const problem = placeholderProblem(whole, name, filter);
      if (problem !== null) yield { path: at, message: problem };
    }
    const placeholders = placeholdersOf(message);
    const [first] = placeholders;
    if (first !== undefined && part !== 'write')
      yield { path: at, message: text('identity-only-write', `{${first.name}}`) };
    const bare = key === 'text' ? undefined : placeholders.find(({ filter }) => filter === null);
    if (bare !== undefined) yield { path: at, message: text('identity-hex-filter', bare.name) };
  }
}

/** `null` for a placeholder of the triple, and for text of the device in braces. */
function placeholderProblem(whole: string, name: string, filter: string | undefined): CodedText | null {
  if (whole.startsWith('$')) return text('identity-not-filled', whole);
  if (TRIPLE_PLACEHOLDERS.some((known) => known === name)) {
    if (filter === undefined || TRIPLE_FILTERS.some((known) => known === filter)) return null;
    const near = nearest(filter, TRIPLE_FILTERS);
    return text('identity-filter', filter, near === null ? NO_TEXT : text('or-filter', name, near));
  }
  if (UNIT_PLACEHOLDERS.some((known) => known === name)) return text('identity-not-filled', whole);
  const lower = name.toLowerCase();
  const near =
    TRIPLE_PLACEHOLDERS.find((known) => known.toLowerCase() === lower) ?? nearest(name, TRIPLE_PLACEHOLDERS);
  return near === null ? null : text('placeholder-unknown', name, near);
}

function* writeMistakes(writes: readonly PlacedExchange[]): Iterable<Mistake> {
  const sent = writes.flatMap(({ item }) => MESSAGE_KEYS.flatMap((key) => placeholdersOf(item[key] ?? '')));
  // The length of a value does not say what it is.
  const names = sent.filter(({ filter }) => filter !== 'length').map(({ name }) => name);
  for (const needed of ['deviceName', 'deviceSecret'] as const)
    if (!names.includes(needed))
      yield { path: ['device', 'identity', 'write'], message: text('identity-not-sent', needed) };
}

function* readMistakes(reads: readonly PlacedExchange[]): Iterable<Mistake> {
  const path = ['device', 'identity', 'read'];
  const groups = groupsOfReading(reads.map(({ item }) => item));
  // The check of the shape reports an invalid pattern.
  if (groups === null) return;
  for (const needed of ['productId', 'deviceName'])
    if (!groups.includes(needed)) yield { path, message: text('identity-no-group', needed) };
  for (const { path: at, item } of reads) {
    const key = item.expect === undefined ? 'expectFrame' : 'expect';
    for (const name of describePattern(item[key] ?? '')?.names ?? []) {
      if (IDENTITY_READ_GROUPS.includes(name)) continue;
      const near = nearest(name, IDENTITY_READ_GROUPS);
      yield {
        path: [...at, key],
        message:
          near === null
            ? text('identity-group', name, IDENTITY_READ_GROUPS.join(', '))
            : text('identify-group-near', name, near),
      };
    }
  }
  yield* noneMistakes(reads);
}

/** Readings from which a unit without an identity cannot be told, or a unit with one looks as if it had none. */
function* noneMistakes(reads: readonly PlacedExchange[]): Iterable<Mistake> {
  const last = reads.findIndex(({ item }) => groupsOfReading([item])?.includes('deviceName') === true);
  for (const [index, { path, item }] of reads.entries()) {
    const { none, noneFrame } = item as IdentityReadExchange;
    const inHex = answerForm(item) === 'hex';
    const key = none === undefined ? 'noneFrame' : 'none';
    const pattern = none ?? noneFrame;
    if (pattern === undefined) {
      if (index <= last) yield { path, message: text('identity-no-none') };
      continue;
    }
    if (
      (noneFrame === undefined) !== (item.expectFrame === undefined) ||
      (none !== undefined && noneFrame !== undefined)
    )
      yield { path: [...path, key], message: text('identity-none-other') };
    if (patternProblem(pattern, { multiline: true }) !== null) continue;
    if (!pattern.startsWith('^') || !/(?<!\\)\$$/.test(pattern))
      yield { path: [...path, key], message: text('identity-none-open') };
    else if (
      samplesOfAnswers(inHex).some((sample) => compilePattern(pattern, { multiline: true }).test(sample))
    )
      yield { path: [...path, key], message: text('identity-none-any') };
  }
}

/** Answers that are not "none": nothing, and those that contain a triple. */
function samplesOfAnswers(inHex: boolean): string[] {
  const { productId, deviceName, deviceSecret } = SAMPLE_TRIPLE;
  const texts = [
    '',
    ' ',
    `${productId} ${deviceName} ${deviceSecret}`,
    `ID ${productId},${deviceName},${deviceSecret}`,
    deviceName,
  ];
  return inHex ? texts.map((one) => encodeHex(encodeUtf8(one)).toUpperCase()) : texts;
}

function* limitMistakes({ device, product }: RecipeView): Iterable<Mistake> {
  const most = device?.identity?.limits.productId;
  if (most === undefined || product.length <= most) return;
  yield { path: ['product'], message: text('identity-product-long', product.length, most) };
}

/** The name alone is read back, and the recipe neither sees a login nor says that it is not proven. */
function* proofMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  const { read, unproven } = device?.identity ?? {};
  if (read === undefined || unproven === true) return;
  const groups = groupsOfReading(read);
  const burn = inOrder.findIndex(({ verb }) => verb === 'burn-triple');
  if (burn === -1 || groups === null || strengthOf(groups) !== 'name') return;
  const login = inOrder.slice(burn).find(({ verb }) => verb === 'prove-online');
  if (login === undefined) {
    yield { path: ['device', 'identity', 'read'], message: text('identity-unproven') };
    return;
  }
  const { step } = login;
  if (step?.verb !== 'prove-online') return;
  if (step.runIf !== undefined)
    yield { path: [...login.path, 'runIf'], message: text('identity-unproven-if') };
  if (step.confirm === 'registry-if-reachable')
    yield { path: login.path, message: text('identity-unproven-away') };
}
