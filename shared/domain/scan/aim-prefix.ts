/** A scanned text without its AIM prefix, by which a scanner can report the symbology. */
export interface AimText {
  readonly text: string;
  /** True when the prefix declares GS1 element strings. */
  readonly gs1: boolean;
}

/** `]`, the code's letter, and a digit or letter for its variant. Source: ISO/IEC 15424, also called AIM. */
const PREFIX = /^\]([A-Za-z])([0-9A-Za-z])/;

/** GS1-128, DataBar, DataMatrix with FNC1 first, QR code with FNC1 first, DotCode. Source: GS1 General Specifications 5.1. */
const GS1_PREFIXES: readonly string[] = ['C1', 'e0', 'd2', 'Q3', 'J1'];
/** Variants that escape a change of the character set as `\000026`, and a backslash as two backslashes. */
const ECI_PREFIXES: readonly string[] = ['Q2', 'Q4', 'Q6', 'd4', 'd5', 'd6'];

/** The text without its AIM prefix; `null` for a text without prefix, and for a prefix without text. */
export function removeAimPrefix(text: string): AimText | null {
  const found = PREFIX.exec(text);
  if (found === null || text.length === found[0].length) return null;
  const variant = `${found[1] ?? ''}${found[2] ?? ''}`;
  const rest = text.slice(found[0].length);
  return {
    text: ECI_PREFIXES.includes(variant)
      ? rest.replace(/\\(\\|\d{6})/g, (_, escaped: string) => (escaped === '\\' ? '\\' : ''))
      : rest,
    gs1: GS1_PREFIXES.includes(variant),
  };
}

/** The text without its AIM prefix or a part of it, which remains when a person presses Enter within the prefix. */
export function removePartialAimPrefix(text: string): string {
  return text.replace(/^\](?:[A-Za-z][0-9A-Za-z]?)?/, '');
}
