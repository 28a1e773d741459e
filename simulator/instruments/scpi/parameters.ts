import { ScpiError } from './status.ts';

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  V: 1,
  A: 1,
  S: 1,
  MV: 1e-3,
  MA: 1e-3,
  UA: 1e-6,
  MS: 1e-3,
};

/** A range of a numeric parameter, with what DEF means. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly preset: number;
}

export function onlyParameter(parameters: readonly string[]): string {
  const [first, ...more] = parameters;
  if (first === undefined) throw new ScpiError('-109');
  if (more.length > 0) throw new ScpiError('-108');
  return first;
}

export function numberOf(text: string, { min, max, preset }: NumberRange): number {
  const word = text.toUpperCase();
  if (word === 'MIN' || word === 'MINIMUM') return min;
  if (word === 'MAX' || word === 'MAXIMUM') return max;
  if (word === 'DEF' || word === 'DEFAULT') return preset;
  const [, digits = '', suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?)\s*([A-Z]*)$/.exec(word) ?? [];
  const factor = FACTORS[suffix];
  if (digits === '' || factor === undefined) throw new ScpiError('-104');
  const value = Number(digits) * factor;
  if (value < min || value > max) throw new ScpiError('-222');
  return value;
}

export function booleanOf(text: string): boolean {
  const word = text.toUpperCase();
  if (word === 'ON' || word === '1') return true;
  if (word === 'OFF' || word === '0') return false;
  throw new ScpiError('-224');
}

/** NR3, as instruments write readings: `+1.23450000E-01`. */
export function formatReading(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(8).split('e');
  const sign = value < 0 ? '' : '+';
  const power = Number(exponent);
  return `${sign}${mantissa}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
