import { nameToId, NAME_TABLES } from '../domain/iot-video-names.ts';

/**
 * Placeholders for values of the unit on the slot, in patterns, limits and messages to send. `{mac}` is `AA:BB:CC:DD:01:02`, `{macHex}` the same without colons, `{macTail}` its last three bytes, `{bleAddress}`
 * the address it advertises under, `{serialNumber}` what was scanned. Other braces stay as they are.
 */
export const UNIT_PLACEHOLDERS = ['mac', 'macHex', 'macTail', 'bleAddress', 'serialNumber'] as const;
export type UnitPlaceholder = (typeof UNIT_PLACEHOLDERS)[number];
/** Gives the value of a placeholder. */
export type UnitPlaceholders = (name: UnitPlaceholder) => string;

/** The values that fill in a text: placeholders of the unit, and variables that the run has set so far. */
export interface TemplateScope {
  readonly placeholders: UnitPlaceholders;
  /** `null` when no step has set it. */
  readonly variable: (name: string) => string | null;
}

/** `${rssi}` is a variable, `${event:撬锁告警}` the number of a name in a table of the platform. */
const REFERENCE = /\$\{([^{}]*)\}/g;
/** Both kinds in one pattern, so that a filled-in value is never filled in again. */
const NAME = /\$\{([^{}]*)\}|\{(mac|macHex|macTail|bleAddress|serialNumber)\}/g;

/** Thrown by filling in a variable that no step has set. */
export class UnsetVariable extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`no step has set \${${variable}}`);
    this.variable = variable;
  }
}

/** A sample unit, for the check of a recipe. */
export const SAMPLE_UNIT: UnitPlaceholders = (name) => {
  switch (name) {
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
export const SAMPLE_SCOPE: TemplateScope = { placeholders: SAMPLE_UNIT, variable: () => '00' };

/** Every `${name}` of a text, as written between the braces. */
export function referencesOf(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[1] ?? '');
}

/** True for a reference to a table, which no step has to set. */
export function isTableReference(reference: string): boolean {
  return reference.includes(':');
}

/** The number of `table:name`; `null` when there is no such table or name. */
export function tableNumber(reference: string): number | null {
  const colon = reference.indexOf(':');
  const table = NAME_TABLES.find((known) => known === reference.slice(0, colon));
  return table === undefined ? null : nameToId(table, reference.slice(colon + 1));
}

/** Fills in a text. Throws `UnsetVariable`. */
export function fillText(text: string, scope: TemplateScope): string {
  return text.replace(NAME, (_, reference: string | undefined, placeholder: UnitPlaceholder | undefined) => {
    if (placeholder !== undefined) return scope.placeholders(placeholder);
    const name = reference ?? '';
    const id = isTableReference(name) ? tableNumber(name) : null;
    const value = id === null ? scope.variable(name) : String(id);
    if (value === null) throw new UnsetVariable(name);
    return value;
  });
}

/** As `fillText`, for the source of a regular expression: signs of patterns in the values are escaped. */
export function fillPattern(source: string, scope: TemplateScope): string {
  const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return fillText(source, {
    placeholders: (name) => quoted(scope.placeholders(name)),
    variable: (variable) => {
      const value = scope.variable(variable);
      return value === null ? null : quoted(value);
    },
  });
}

/** The bytes of a text in hex, with or without blanks, after filling in; `null` for a text that is no hex. */
export function fillBytes(text: string, scope: TemplateScope): Uint8Array | null {
  const hex = fillText(text, scope).replaceAll(/[\s:]/g, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return null;
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
