/** Ends an element of variable length (FNC1). */
export const GROUP_SEPARATOR = '\u001d';
/** The separator of scanners that send no control characters. */
const WRITTEN_SEPARATORS = /\u241d|<GS>|\{GS\}/g;

interface Element {
  readonly digits: boolean;
  readonly maxLength: number;
  /** Always `maxLength` characters. A separator may follow: GS1 demands one after 422 and 8006, which scanners may omit. */
  readonly fixed: boolean;
}
const fixed = (maxLength: number): Element => ({ digits: true, maxLength, fixed: true });
const digits = (maxLength: number): Element => ({ digits: true, maxLength, fixed: false });
const text = (maxLength: number): Element => ({ digits: false, maxLength, fixed: false });

/**
 * The elements of a unit's code by application identifier. Source: GS1 General Specifications, section 3.2, and GS1's Barcode
 * Syntax Dictionary.
 */
const ELEMENTS: ReadonlyMap<string, Element> = new Map([
  ['00', fixed(18)],
  ...['01', '02', '03'].map((ai) => [ai, fixed(14)] as const),
  ...['11', '12', '13', '15', '16', '17'].map((ai) => [ai, fixed(6)] as const),
  ['20', fixed(2)],
  ...['10', '21', '22', '243', '254', '8002', '8012'].map((ai) => [ai, text(20)] as const),
  ['235', text(28)],
  ...['30', '37'].map((ai) => [ai, digits(8)] as const),
  ...['90', '240', '241', '250', '251', '400', '401', '403', '8003', '8004', '8010'].map(
    (ai) => [ai, text(30)] as const,
  ),
  ['242', digits(6)],
  ['253', text(30)],
  ['255', digits(25)],
  ...['91', '92', '93', '94', '95', '96', '97', '98', '99'].map((ai) => [ai, text(90)] as const),
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map((ai) => [ai, fixed(13)] as const),
  ['422', fixed(3)],
  ['8006', fixed(18)],
  ...['8013', '8020'].map((ai) => [ai, text(25)] as const),
  ['8200', text(70)],
  ...['31', '32', '33', '34', '35', '36'].flatMap((ai) =>
    [...'0123456789'].flatMap((third) =>
      [...'012345'].map((fourth) => [`${ai}${third}${fourth}`, fixed(6)] as const),
    ),
  ),
]);

/** The application identifier at an offset, of two to four digits; `null` when there is none. */
function identifierAt(data: string, at: number): string | null {
  for (const length of [2, 3, 4]) {
    const ai = data.slice(at, at + length);
    if (ai.length === length && ELEMENTS.has(ai)) return ai;
  }
  return null;
}

/** Adds an element. False when the code has another value for the same identifier: GS1 forbids that, and neither is sure. */
function addElement(found: Map<string, string>, ai: string, value: string): boolean {
  if ((found.get(ai) ?? value) !== value) return false;
  found.set(ai, value);
  return true;
}

/**
 * GS1 element strings by application identifier: `010061414100003621SN000001` is 01 and 21 (the serial number).
 * `null` unless the whole text consists of element strings, with one value for each identifier.
 */
export function gs1Elements(data: string): ReadonlyMap<string, string> | null {
  const separated = data.replace(WRITTEN_SEPARATORS, GROUP_SEPARATOR);
  const found = new Map<string, string>();
  let at = separated.startsWith(GROUP_SEPARATOR) ? 1 : 0;
  while (at < separated.length) {
    const ai = identifierAt(separated, at);
    const element = ai === null ? undefined : ELEMENTS.get(ai);
    if (ai === null || element === undefined) return null;
    const start = at + ai.length;
    const separator = separated.indexOf(GROUP_SEPARATOR, start);
    const end = element.fixed ? start + element.maxLength : separator === -1 ? separated.length : separator;
    const value = separated.slice(start, end);
    if (!isValue(value, element) || end > separated.length || !addElement(found, ai, value)) return null;
    at = separated[end] === GROUP_SEPARATOR ? end + 1 : end;
  }
  return found.size === 0 ? null : found;
}

/** The human-readable form: `(01)00614141000036(21)SN000001`. `null` for another text, and for two values of one identifier. */
export function gs1Readable(data: string): ReadonlyMap<string, string> | null {
  if (!/^\(\d{2,4}\)/.test(data)) return null;
  const found = new Map<string, string>();
  for (const part of data.split(/(?=\(\d{2,4}\))/)) {
    const [, ai = '', value = ''] = /^\((\d{2,4})\)(.*)$/s.exec(part) ?? [];
    const element = ELEMENTS.get(ai);
    if (element === undefined || !isValue(value, element) || !addElement(found, ai, value)) return null;
  }
  return found;
}

/** A GS1 Digital Link: `https://example.com/01/00614141000036/21/SN000001`. `null` for another text. */
export function gs1Link(data: string): ReadonlyMap<string, string> | null {
  const [, gtin, serial] =
    /^https?:\/\/[^/?#]+(?:\/[^/?#]+)*?\/01\/(\d{8,14})(?:\/(?:22|10)\/[^/?#]+)*\/21\/([^/?#]+)/i.exec(
      data,
    ) ?? [];
  if (gtin === undefined || serial === undefined) return null;
  try {
    return new Map([
      ['01', gtin.padStart(14, '0')],
      ['21', decodeURIComponent(serial)],
    ]);
  } catch {
    return null;
  }
}

function isValue(value: string, { digits: onlyDigits, maxLength, fixed: whole }: Element): boolean {
  if (value === '' || value.length > maxLength || (whole && value.length !== maxLength)) return false;
  return !onlyDigits || /^\d+$/.test(value);
}
