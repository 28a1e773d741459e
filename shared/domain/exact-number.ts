import type { CodedText } from '../words/index.ts';
import { numberText } from './number-texts.ts';

/*
 * Parses numbers that devices and people write. A recorded number has 53 bits; a text with more digits is refused, because
 * it would silently become another number: 12345678901234567890 becomes 12345678901234567168.
 */

export type ParsedNumber =
  | { readonly ok: true; readonly value: number }
  /** The reason, as the end of a sentence about the text. */
  | { readonly ok: false; readonly reason: CodedText };

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,6}))?$/i;
const PREFIXED_HEX = /^0x([0-9a-f]+)$/i;
/** The most digits that `toExponential` can write for the comparison. */
const MAX_DIGITS = 100;

/** Parses a decimal number, with optional point and exponent, or `0x…`; every digit must be preserved. */
export function parseDecimal(text: string): ParsedNumber {
  const written = text.trim();
  const hex = PREFIXED_HEX.exec(written)?.[1];
  if (hex !== undefined) return parseHex(hex);
  const parts = DECIMAL.exec(written);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts ?? [];
  const digits = `${whole}${fraction}`;
  if (parts === null || digits === '') return { ok: false, reason: whyNoNumber(written) };
  const value = Number(written);
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return { ok: true, value: 0 };
  if (!Number.isFinite(value)) return { ok: false, reason: numberText('number-too-large') };
  if (value === 0) return { ok: false, reason: numberText('number-too-small') };
  const power = Number(exponent) + whole.length - (digits.length - significant.length) - 1;
  return isWrittenSo(Math.abs(value), significant, power)
    ? { ok: true, value: sign === '-' ? -Math.abs(value) : value }
    : { ok: false, reason: tooManyDigits(value) };
}

/** Parses hex digits, with or without `0x`. */
export function parseHex(text: string): ParsedNumber {
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text.trim())?.[1];
  if (digits === undefined) return { ok: false, reason: numberText('number-not-hex') };
  const value = Number.parseInt(digits, 16);
  if (BigInt(`0x${digits}`) === toBigInt(value)) return { ok: true, value };
  return { ok: false, reason: tooManyDigits(value) };
}

/** As `parseHex`, as two's complement with the number of bits that the digits have: FF88 is -120. */
export function parseSignedHex(text: string): ParsedNumber {
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text.trim())?.[1];
  if (digits === undefined) return { ok: false, reason: numberText('number-not-hex') };
  const signed = BigInt.asIntN(4 * digits.length, BigInt(`0x${digits}`));
  const value = Number(signed);
  return signed === toBigInt(value) ? { ok: true, value } : { ok: false, reason: tooManyDigits(value) };
}

/**
 * True when the text is `value` in its shortest form, or `value` written with the number of digits of the text, with or
 * without trailing zeros. Both count: a double half way between two texts is printed as one (…278.2) and rounded to the
 * other (…278.3).
 */
function isWrittenSo(value: number, significant: string, power: number): boolean {
  const trimmed = significant.replace(/0+$/, '');
  if (isForm(value.toExponential(), trimmed, power)) return true;
  return [significant, trimmed].some(
    (digits) => digits.length <= MAX_DIGITS && isForm(value.toExponential(digits.length - 1), digits, power),
  );
}

function isForm(written: string, digits: string, power: number): boolean {
  const [mantissa = '', exponent = ''] = written.split('e');
  return mantissa.replace('.', '') === digits && Number(exponent) === power;
}

function toBigInt(value: number): bigint | null {
  return Number.isFinite(value) ? BigInt(value) : null;
}

function tooManyDigits(value: number): CodedText {
  return numberText('number-loses-digits', value);
}

function whyNoNumber(text: string): CodedText {
  return numberText(/^[+-]?\d+,\d+$/.test(text) ? 'number-with-comma' : 'number-none');
}

/** Parses JSON; a number that would lose digits becomes its text, because some devices report serial numbers as numbers. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && !parseDecimal(source).ok ? source : value;
  });
}
