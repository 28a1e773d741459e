import { hash } from 'node:crypto';
import { Rejection } from './event-context.ts';

/**
 * SHA-256 of an event's content, independent of the order of its members. It is computed from the event as received, so that
 * a newer registry recognises a repeated event with members that it did not know before.
 * Rejections: `bad-input` when the nesting is deeper than `MAX_DEPTH`.
 */
export type ContentHash = (kind: string, payload: unknown) => Uint8Array;

/** The names of an object's members, as written and sorted by UTF-16 units. */
interface Shape {
  readonly written: readonly string[];
  readonly ordered: readonly string[];
  /** Contains names that JavaScript objects do not keep in order of insertion. */
  readonly isUnordered: boolean;
}

/** Cached shapes: few versions of few programs write events; more shapes are only slower. */
const MAX_SHAPES = 16;
/** Events have three levels; deeper JSON could overflow the stack. */
const MAX_DEPTH = 64;
/** Array indexes, which come before all other members, and `__proto__`, which is no member. */
const UNORDERED_NAME = /^(?:\d+|__proto__)$/;

/** Create one per request: it caches the order of members over the request's events. */
export function createContentHash(): ContentHash {
  const shapes: Shape[] = [];

  function shapeOf(written: readonly string[]): Shape {
    const cached = shapes.find((shape) => isSame(shape.written, written));
    if (cached !== undefined) return cached;
    const shape = {
      written,
      ordered: written.toSorted(),
      isUnordered: written.some((name) => UNORDERED_NAME.test(name)),
    };
    if (shapes.length < MAX_SHAPES) shapes.push(shape);
    return shape;
  }

  /** A copy with sorted members, or `UNORDERED`. One `JSON.stringify` of it costs half of joining the parts. */
  function inOrder(value: unknown, depth: number): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (depth > MAX_DEPTH) throw tooDeep();
    if (Array.isArray(value)) {
      const items = value.map((item) => inOrder(item, depth + 1));
      return items.includes(UNORDERED) ? UNORDERED : items;
    }
    const { ordered, isUnordered } = shapeOf(Object.keys(value));
    if (isUnordered) return UNORDERED;
    const members = value as Readonly<Record<string, unknown>>;
    const sorted: Record<string, unknown> = {};
    for (const name of ordered) {
      const member = inOrder(members[name], depth + 1);
      if (member === UNORDERED) return UNORDERED;
      sorted[name] = member;
    }
    return sorted;
  }

  return (kind, payload) => {
    const sorted = inOrder(payload, 1);
    const text = sorted === UNORDERED ? canonical([kind, payload], 0) : JSON.stringify([kind, sorted]);
    return hash('sha256', text, 'buffer');
  };
}

const UNORDERED = Symbol('has members that objects do not keep in order');

/** JSON text with sorted members, for any value. */
function canonical(value: unknown, depth: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (depth > MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const texts = Object.keys(members)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(members[name], depth + 1)}`);
  return `{${texts.join(',')}}`;
}

function tooDeep(): Rejection {
  return new Rejection('bad-input', `the event is nested more than ${MAX_DEPTH} deep`);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
