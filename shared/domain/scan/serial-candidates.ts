import { unitOfLink } from '../unit-link.ts';
import { decodeDeviceQr, type DeviceCode } from '../../codec/qr/device.ts';
import { removeAimPrefix } from './aim-prefix.ts';
import { gs1Elements, gs1Link, gs1Readable, GROUP_SEPARATOR } from './gs1.ts';
import { withoutInvisible, withUsualWidth } from './plain-text.ts';

/** The elements of serial numbers: AI 21, and those of telephones and returnable assets. */
const SERIAL_ELEMENTS = ['21', '8002', '8004', '250'] as const;

/** The beginning of the text of a Gongwei label, also of an incomplete one or one of a newer version. */
const LABEL_START = /^\{\s*"v"\s*:\s*\d+\s*(?:,\s*"pid"\s*:|$)/i;

/**
 * The serial numbers that a scanned or typed text may mean, the most likely first. Understands AIM prefixes (`]Q3`), GS1
 * element strings and links (AI 21), full-width characters of an input method, and the text of a Gongwei label; removes
 * invisible characters. The text itself is the last candidate. The text of a label is no candidate; a label without a
 * serial number has none.
 */
export function serialCandidates(text: string): readonly string[] {
  const { plain, usual, label, gs1 } = analyse(text);
  if (label !== null) return label.serialNumber === undefined ? [] : [label.serialNumber];
  if (LABEL_START.test(usual.text)) return [];
  const serial = SERIAL_ELEMENTS.map((ai) => gs1.elements?.get(ai)).find((value) => value !== undefined);
  const literal = [withoutInvisible(usual.text), plain];
  return distinct(
    serial === undefined ? literal : gs1.sure ? [serial, ...literal] : [literal[0] ?? '', serial, plain],
  );
}

/**
 * The names by which a text may identify a unit, the most likely first: as `serialCandidates`, and the MAC and DeviceName
 * of a label; the unit of a link (`unit-link.ts`). For every lookup of a unit.
 */
export function unitNameCandidates(text: string): readonly string[] {
  const linked = unitOfLink(text.trim());
  if (linked !== null) return [linked];
  const { usual, label } = analyse(text);
  if (label === null) return distinct([...serialCandidates(text), usual.text]);
  return distinct([label.serialNumber ?? '', label.chipId ?? '', label.deviceName]);
}

/** The identity on a label that Gongwei printed; `null` for another text. */
export function decodeLabelText(text: string): DeviceCode | null {
  return analyse(text).label;
}

/**
 * The recorded form of a text answer: without invisible characters and without AIM prefix; GS1 separators become visible
 * (`␝`). Full-width characters are converted unless the text has Chinese characters, whose punctuation is full-width.
 */
export function plainAnswer(text: string): string {
  const plain = withoutInvisible(text, GROUP_SEPARATOR);
  const usual = withoutPrefixes(/\p{Script=Han}/u.test(plain) ? plain : withUsualWidth(plain)).text;
  return usual
    .split(GROUP_SEPARATOR)
    .filter((part) => part !== '')
    .join('␝');
}

/** The first candidate that matches, else `null`. */
export function findSerialCandidate(text: string, fits: (reading: string) => boolean): string | null {
  return serialCandidates(text).find(fits) ?? null;
}

interface Analysed {
  /** As it was, without invisible characters. */
  readonly plain: string;
  /** In usual width and without AIM prefix. */
  readonly usual: { readonly text: string; readonly gs1: boolean };
  readonly label: DeviceCode | null;
  readonly gs1: {
    readonly elements: ReadonlyMap<string, string> | null;
    /** True when the text declares GS1; otherwise it may be a serial number that only looks like an element string. */
    readonly sure: boolean;
  };
}

function analyse(text: string): Analysed {
  const separated = withUsualWidth(withoutInvisible(text, GROUP_SEPARATOR));
  const usual = withoutPrefixes(separated);
  const readable = gs1Readable(usual.text) ?? gs1Link(usual.text);
  const label = deviceCode(usual.text);
  return {
    plain: withoutInvisible(text),
    usual: { ...usual, text: withoutInvisible(usual.text) },
    label,
    gs1: {
      elements: readable ?? gs1Elements(usual.text),
      sure: usual.gs1 || readable !== null || usual.text.startsWith(GROUP_SEPARATOR),
    },
  };
}

function withoutPrefixes(text: string): { readonly text: string; readonly gs1: boolean } {
  let rest = { text, gs1: false };
  for (;;) {
    const next = removeAimPrefix(rest.text);
    if (next === null) return rest;
    rest = { text: next.text.trim(), gs1: rest.gs1 || next.gs1 };
  }
}

function deviceCode(text: string): DeviceCode | null {
  if (!text.startsWith('{')) return null;
  try {
    return decodeDeviceQr(text);
  } catch {
    return null;
  }
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
