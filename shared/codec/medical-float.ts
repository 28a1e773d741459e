/**
 * Numbers of health devices (ISO/IEEE 11073-20601:2022, annex F): a decimal mantissa and an exponent of ten, both in two's
 * complement. `float` has 32 bits (8 of exponent), `sfloat` 16 (4 of exponent); Bluetooth calls them medfloat32 and medfloat16.
 * The bytes come low byte first.
 */
export type MedicalFloat = 'float' | 'sfloat';

/** What a number says in place of a value: not a number, not at this resolution, beyond the range, reserved. */
export type NoValue = 'nan' | 'nres' | '+infinity' | '-infinity' | 'reserved';

const FORMATS = {
  float: { mantissaBits: 24, exponentBits: 8 },
  sfloat: { mantissaBits: 12, exponentBits: 4 },
} as const;

/** @param word the unsigned number of the bytes */
export function decodeMedicalFloat(kind: MedicalFloat, word: number): number | NoValue {
  const { mantissaBits, exponentBits } = FORMATS[kind];
  const size = 2 ** mantissaBits;
  const exponent = signed(Math.floor(word / size), exponentBits);
  const mantissa = signed(word % size, mantissaBits);
  const special = exponent === 0 ? specialOf(mantissa, size / 2) : null;
  // By its decimal text, so that 364 × 10⁻¹ is 36.4 in spite of binary fractions.
  return special ?? Number(`${mantissa}e${exponent}`);
}

/** The five mantissas around the two ends of the range stand for no value, with the exponent 0. */
function specialOf(mantissa: number, half: number): NoValue | null {
  switch (mantissa) {
    case half - 1:
      return 'nan';
    case -half:
      return 'nres';
    case half - 2:
      return '+infinity';
    case -half + 2:
      return '-infinity';
    case -half + 1:
      return 'reserved';
    default:
      return null;
  }
}

function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}
