import { OUTCOMES, type Outcome } from '#shared/domain/outcome.ts';
import { UNIT_ID_KINDS, type UnitId } from '#shared/domain/unit-id.ts';
import { READ_BACK_STRENGTHS } from '#shared/domain/read-back.ts';
import type { DocumentFailure, RunDocument } from '../../documents/index.ts';

/** A record that is none; the message is the end of a sentence about it. */
export class BadRecord extends Error {}

type JsonObject = Readonly<Record<string, unknown>>;

/** An object of parsed JSON. Faults: `BadRecord`. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BadRecord(`${what} is no object`);
}

export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BadRecord(`${what} is no list`);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

export function textOf(value: unknown): string {
  return textOrNull(value) ?? '';
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A time in ms since 1970. Faults: `BadRecord`. */
export function millisOf(value: unknown, what: string): number {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms < MAX_MS) return Math.round(ms);
  throw new BadRecord(`${what} is no time`);
}

/** The end of the year 9999. */
const MAX_MS = 253_402_300_800_000;

export function outcomeOf(value: unknown, what: string): Outcome {
  const found = OUTCOMES.find((outcome) => outcome === value);
  if (found !== undefined) return found;
  throw new BadRecord(`${what} is no outcome`);
}

export function unitIdOf(value: unknown): UnitId | null {
  if (value === null || value === undefined) return null;
  const { kind, text } = objectOf(value, 'the id of the unit');
  const known = UNIT_ID_KINDS.find((one) => one === kind);
  return known === undefined || typeof text !== 'string' ? null : { kind: known, text };
}

/** A MAC in any writing, or another id of the chip. */
export function unitIdOfText(text: string | null): UnitId | null {
  if (text === null || text.trim() === '') return null;
  const plain = text.trim();
  const hex = plain.replace(/[:\-.\s]/g, '').toUpperCase();
  if (!/^(?:[0-9A-F]{12}|[0-9A-F]{16})$/.test(hex)) return { kind: 'chip-id', text: plain };
  return { kind: 'mac', text: (hex.match(/../g) ?? []).join(':') };
}

export function proofOf(value: unknown): RunDocument['proof'] {
  if (value === null || value === undefined) return null;
  const { readBack, online, unproven } = objectOf(value, 'the proof');
  const strength = READ_BACK_STRENGTHS.find((one) => one === readBack);
  if (strength === undefined) return null;
  return { readBack: strength, online: textOf(online), ...(unproven === true ? { unproven: true } : {}) };
}

export function failureOf(value: unknown): DocumentFailure | null {
  if (value === null || value === undefined) return null;
  const failure = objectOf(value, 'the failure');
  const details = Object.entries(objectOf(failure['details'] ?? {}, 'the details')).filter(
    (entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return {
    code: textOf(failure['code']),
    phase: textOf(failure['phase']),
    step: textOf(failure['step']),
    message: textOf(failure['message']),
    hint: textOrNull(failure['hint']),
    details: Object.fromEntries(details),
  };
}
