const ENTRY = /^([+-]?\d+)\s*(?:,\s*"?(.*?)"?)?$/;
const MIN_IDENTIFICATION = 6;

/** True for an answer to `SYST:ERR?`: a number, and a text in quotes, which some instruments leave out. */
export function isErrorEntry(line: string): boolean {
  return ENTRY.test(line) && (line.includes('"') || !line.includes(','));
}

/** An entry of an error queue. `isWhole`: it has a text, and so it is no reading. */
export function errorEntry(line: string): {
  readonly code: number;
  readonly text: string;
  readonly isWhole: boolean;
} {
  const [, code = '', text] = ENTRY.exec(line) ?? [];
  return { code: Number(code), text: text ?? '', isWhole: text !== undefined };
}

/** True for an answer to `*IDN?`: it begins with the name of a maker, and a reading with a digit or a sign. */
export function isIdentification(line: string): boolean {
  return /^"?\p{L}/u.test(line) && line.length >= MIN_IDENTIFICATION;
}
