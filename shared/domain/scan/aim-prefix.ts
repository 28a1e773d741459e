/** What stands behind the prefix that a scanner puts before a code when it is told to say which kind it was. */
export interface AimText {
  readonly text: string;
  /** The code says of itself that it holds GS1 element strings. */
  readonly gs1: boolean;
}

/** `]`, the code's letter, and a digit or letter for its variant. Source: ISO/IEC 15424, also called AIM. */
const PREFIX = /^\]([A-Za-z])([0-9A-Za-z])/;

/** GS1-128, DataBar, DataMatrix with FNC1 first, QR code with FNC1 first, DotCode. Source: GS1 General Specifications 5.1. */
const GS1_PREFIXES: readonly string[] = ['C1', 'e0', 'd2', 'Q3', 'J1'];
/** Variants whose text escapes a change of character set as `\000026`, and a backslash as two. */
const ECI_PREFIXES: readonly string[] = ['Q2', 'Q4', 'Q6', 'd4', 'd5', 'd6'];

/** The text without its AIM prefix, or `null` when it has none; a prefix alone is a text like any other. */
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

/** The text without its AIM prefix or the beginning of one: what a line break of a person in the prefix leaves. */
export function removePartialAimPrefix(text: string): string {
  return text.replace(/^\](?:[A-Za-z][0-9A-Za-z]?)?/, '');
}
