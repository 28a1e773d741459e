import { nameToId, NAME_TABLES } from '../domain/device-names.ts';

/**
 * What a recipe may say of the unit on the slot without knowing it: `{mac}` in a pattern, a limit or in bytes to send.
 * `{mac}` is `AA:BB:CC:DD:01:02`, `{macHex}` the same without colons, `{macTail}` its last three bytes, `{bleAddress}`
 * the address it advertises under, `{serialNumber}` what was scanned. Other braces stay as they are.
 */
export const UNIT_PLACEHOLDERS = ['mac', 'macHex', 'macTail', 'bleAddress', 'serialNumber'] as const;
export type UnitPlaceholder = (typeof UNIT_PLACEHOLDERS)[number];
export type UnitPlaceholders = (word: UnitPlaceholder) => string;

/** What stands behind the names of a text: the unit's words, and variables that the run has set so far. */
export interface TemplateScope {
  readonly words: UnitPlaceholders;
  /** `null` when nothing has set it. */
  readonly variable: (name: string) => string | null;
}

/** `${rssi}` is a variable, `${event:撬锁告警}` the number that the platform's tables give to a name. */
const REFERENCE = /\$\{([^{}]*)\}/g;
/** Both at once: what is filled in is never filled in again. */
const NAME = /\$\{([^{}]*)\}|\{(mac|macHex|macTail|bleAddress|serialNumber)\}/g;

/** Thrown by filling in; says which name it was. */
export class UnsetVariable extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`nothing has set \${${variable}}`);
    this.variable = variable;
  }
}

/** For a recipe that is checked before there is a unit. */
export const SAMPLE_UNIT: UnitPlaceholders = (word) => {
  switch (word) {
    case 'mac':
    case 'bleAddress':
      return 'AA:BB:CC:DD:01:02';
    case 'macHex':
      return 'AABBCCDD0102';
    case 'macTail':
      return 'DD0102';
    case 'serialNumber':
      return 'SN-1';
  }
};
export const SAMPLE_SCOPE: TemplateScope = { words: SAMPLE_UNIT, variable: () => '00' };

/** Every `${name}` of a text, as written between the braces. */
export function referencesOf(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[1] ?? '');
}

/** True for a reference that a table answers and no step has to set. */
export function isTableReference(reference: string): boolean {
  return reference.includes(':');
}

/** The number behind `table:name`; `null` when there is no such table or name. */
export function tableNumber(reference: string): number | null {
  const colon = reference.indexOf(':');
  const table = NAME_TABLES.find((known) => known === reference.slice(0, colon));
  return table === undefined ? null : nameToId(table, reference.slice(colon + 1));
}

/** Fills in. Throws `UnsetVariable`. */
export function fillText(text: string, scope: TemplateScope): string {
  return text.replace(NAME, (_, reference: string | undefined, word: UnitPlaceholder | undefined) => {
    if (word !== undefined) return scope.words(word);
    const name = reference ?? '';
    const id = isTableReference(name) ? tableNumber(name) : null;
    const value = id === null ? scope.variable(name) : String(id);
    if (value === null) throw new UnsetVariable(name);
    return value;
  });
}

/** As `fillText`, for the source of a regular expression: what is filled in stands for itself. */
export function fillPattern(source: string, scope: TemplateScope): string {
  const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return fillText(source, {
    words: (word) => quoted(scope.words(word)),
    variable: (variable) => {
      const value = scope.variable(variable);
      return value === null ? null : quoted(value);
    },
  });
}

/** Bytes written as hex, with or without blanks between them, after filling in; `null` when they are none. */
export function fillBytes(text: string, scope: TemplateScope): Uint8Array | null {
  const hex = fillText(text, scope).replaceAll(/[\s:]/g, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return null;
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
