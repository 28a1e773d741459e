/** A unit of measure as OpenHTF describes it: `code` is that of UN/ECE Recommendation 20, `null` for a unit without one. */
export interface UnitDescriptor {
  readonly name: string;
  readonly code: string | null;
  readonly suffix: string | null;
}

/** Common units: symbol, name, code. Source: UN/ECE Recommendation 20, as `openhtf.util.units` has it. */
const KNOWN: readonly (readonly [suffix: string, name: string, code: string])[] = [
  ['V', 'volt', 'VLT'],
  ['mV', 'millivolt', '2Z'],
  ['µV', 'microvolt', 'D82'],
  ['kV', 'kilovolt', 'KVT'],
  ['A', 'ampere', 'AMP'],
  ['mA', 'milliampere', '4K'],
  ['µA', 'microampere', 'B84'],
  ['Ω', 'ohm', 'OHM'],
  ['kΩ', 'kiloohm', 'B49'],
  ['MΩ', 'megaohm', 'B75'],
  ['W', 'watt', 'WTT'],
  ['mW', 'milliwatt', 'C31'],
  ['Hz', 'hertz', 'HTZ'],
  ['kHz', 'kilohertz', 'KHZ'],
  ['MHz', 'megahertz', 'MHZ'],
  ['GHz', 'gigahertz', 'A86'],
  ['dB', 'decibel', '2N'],
  ['s', 'second [unit of time]', 'SEC'],
  ['ms', 'millisecond', 'C26'],
  ['µs', 'microsecond', 'B98'],
  ['min', 'minute [unit of time]', 'MIN'],
  ['°C', 'degree Celsius', 'CEL'],
  ['%', 'percent', 'P1'],
  ['m', 'metre', 'MTR'],
  ['mm', 'millimetre', 'MMT'],
  ['g', 'gram', 'GRM'],
  ['kg', 'kilogram', 'KGM'],
  ['Pa', 'pascal', 'PAL'],
  ['lx', 'lux', 'LUX'],
];
/** Signs of the same unit: Greek mu and the ohm sign. */
const SAME_SIGN: readonly (readonly [other: string, sign: string])[] = [
  ['\u03bc', '\u00b5'],
  ['\u2126', '\u03a9'],
];

const BY_SUFFIX = new Map(KNOWN.map(([suffix, name, code]) => [suffix, { name, code }]));

export function unitDescriptor(unit: string): UnitDescriptor {
  const plain = SAME_SIGN.reduce((text, [other, sign]) => text.replaceAll(other, sign), unit);
  const known = BY_SUFFIX.get(plain);
  return { name: known?.name ?? unit, code: known?.code ?? null, suffix: unit };
}
