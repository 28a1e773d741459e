import { decodeDeviceQr, type DeviceCode } from '../../codec/qr/device.ts';
import { removeAimPrefix } from './aim-prefix.ts';
import { gs1Elements, gs1Link, gs1Readable, GROUP_SEPARATOR } from './gs1.ts';
import { withoutInvisible, withUsualWidth } from './plain-text.ts';

/** The serial number; of a telephone or a returnable asset it stands elsewhere. */
const SERIAL_ELEMENTS = ['21', '8002', '8004', '250'] as const;

/** The beginning of a label of this station, also of one that was read in part or that a newer Gongwei printed. */
const LABEL_START = /^\{\s*"v"\s*:\s*\d+\s*(?:,\s*"pid"\s*:|$)/i;

/**
 * What a scanned or typed text may mean as the serial number of a unit, the likeliest first. Understands AIM prefixes
 * (`]Q3`), GS1 element strings and links (AI 21), wide characters of an input method, and the text of a label that
 * Gongwei printed; leaves out what nobody can see. The text itself is always the last reading, except of a label: that
 * is never a serial number, and a label without one has no reading.
 */
export function serialCandidates(text: string): readonly string[] {
  const { plain, usual, label, gs1 } = analyse(text);
  if (label !== null) return label.serialNumber === undefined ? [] : [label.serialNumber];
  if (LABEL_START.test(usual.text)) return [];
  const serial = SERIAL_ELEMENTS.map((ai) => gs1.elements?.get(ai)).find((value) => value !== undefined);
  const own = [withoutInvisible(usual.text), plain];
  return distinct(serial === undefined ? own : gs1.sure ? [serial, ...own] : [own[0] ?? '', serial, plain]);
}

/**
 * What a text may name a unit by, the likeliest first: as `serialCandidates`, and the MAC and DeviceName of a label.
 * For every place where a unit is looked up.
 */
export function unitNameCandidates(text: string): readonly string[] {
  const { usual, label } = analyse(text);
  if (label === null) return distinct([...serialCandidates(text), usual.text]);
  return distinct([label.serialNumber ?? '', label.chipId ?? '', label.deviceName]);
}

/** The identity on a label that Gongwei printed; `null` for another text. */
export function decodeLabelText(text: string): DeviceCode | null {
  return analyse(text).label;
}

/**
 * An answer in words as it is recorded: without invisible characters and without the scanner's prefix; separators of GS1 are
 * made visible (`␝`). Its width is made usual unless it holds Chinese characters, whose punctuation is wide by right.
 */
export function plainAnswer(text: string): string {
  const plain = withoutInvisible(text, GROUP_SEPARATOR);
  const usual = withoutPrefixes(/\p{Script=Han}/u.test(plain) ? plain : withUsualWidth(plain)).text;
  return usual
    .split(GROUP_SEPARATOR)
    .filter((part) => part !== '')
    .join('␝');
}

/** The reading that fits, else `null`. */
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
    /** It says of itself that it is GS1; else it may be a serial number that happens to look so. */
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
