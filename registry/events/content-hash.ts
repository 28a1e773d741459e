import { hash } from 'node:crypto';
import { Rejection } from './rejection.ts';

/**
 * SHA-256 of what an event says, whatever the order in which its members were written. Taken from the event as it
 * was received, so that a repeat is recognised by a registry that has learned new members since.
 * Rejections: `bad-input` when it is nested deeper than anything has a reason to be.
 */
export type ContentHash = (kind: string, payload: unknown) => Uint8Array;

/** Members as they were written, and in the order of their names, by UTF-16 units. */
interface Shape {
  readonly written: readonly string[];
  readonly ordered: readonly string[];
  /** An object has its members in the order in which they were added, except for these names. */
  readonly isOdd: boolean;
}

/** Events are written by few versions of few programs; whoever sends more shapes than this only works slower. */
const SHAPES_KEPT = 16;
/** What we know has three levels. JSON may have a million, and no stack has. */
const MAX_DEPTH = 64;
/** Names that stand before all others in an object, and the one that is no member. */
const ODD_NAME = /^(?:\d+|__proto__)$/;

/** For the events of one request: what one has taught about the order of members serves the next. */
export function createContentHash(): ContentHash {
  const shapes: Shape[] = [];

  function shapeOf(written: readonly string[]): Shape {
    const known = shapes.find((shape) => isSame(shape.written, written));
    if (known !== undefined) return known;
    const shape = {
      written,
      ordered: written.toSorted(),
      isOdd: written.some((name) => ODD_NAME.test(name)),
    };
    if (shapes.length < SHAPES_KEPT) shapes.push(shape);
    return shape;
  }

  /** The same with all members in order, or `ODD`. Written as text at once it is half as dear as piece by piece. */
  function inOrder(value: unknown, depth: number): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (depth > MAX_DEPTH) throw tooDeep();
    if (Array.isArray(value)) {
      const items = value.map((item) => inOrder(item, depth + 1));
      return items.includes(ODD) ? ODD : items;
    }
    const { ordered, isOdd } = shapeOf(Object.keys(value));
    if (isOdd) return ODD;
    const members = value as Readonly<Record<string, unknown>>;
    const sorted: Record<string, unknown> = {};
    for (const name of ordered) {
      const member = inOrder(members[name], depth + 1);
      if (member === ODD) return ODD;
      sorted[name] = member;
    }
    return sorted;
  }

  return (kind, payload) => {
    const sorted = inOrder(payload, 1);
    const text = sorted === ODD ? canonical([kind, payload], 0) : JSON.stringify([kind, sorted]);
    return hash('sha256', text, 'buffer');
  };
}

const ODD = Symbol('has members that no object keeps in order');

/** Any JSON as text with its members in order. */
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
