import type { Define, ThingModel } from './thing-model.ts';
import { counted } from '../../words/index.ts';

export interface ModelIssue {
  readonly id: string;
  /** The end of a sentence about the property: `is 101, its range is 0 … 100`. */
  readonly what: string;
}

/**
 * Checks the properties that a device reported against its thing model: unknown properties, values that are not allowed,
 * and missing properties. Empty when there is no issue.
 */
export function checkReported(
  model: ThingModel,
  reported: Readonly<Record<string, unknown>>,
  wanted: readonly string[] = [],
): ModelIssue[] {
  const issues: ModelIssue[] = [];
  const known = new Map(model.properties.map((property) => [property.id, property]));
  for (const [id, value] of Object.entries(reported)) {
    const property = known.get(id);
    if (property === undefined) issues.push({ id, what: 'is not in the model' });
    else for (const what of valueIssues(value, property.define)) issues.push({ id, what });
  }
  for (const id of new Set([...model.properties.filter((p) => p.required).map((p) => p.id), ...wanted]))
    if (!Object.hasOwn(reported, id)) issues.push({ id, what: 'was not reported' });
  return issues;
}

function valueIssues(value: unknown, define: Define): string[] {
  switch (define.type) {
    case 'bool':
      return value === 0 || value === 1 || typeof value === 'boolean'
        ? []
        : [`is ${show(value)}, not 0 or 1`];
    case 'int':
      return Number.isInteger(value)
        ? rangeIssues(value as number, define)
        : [`is ${show(value)}, not a whole number`];
    case 'float':
      return typeof value === 'number' ? rangeIssues(value, define) : [`is ${show(value)}, not a number`];
    case 'timestamp':
      return Number.isInteger(value) && (value as number) >= 0 ? [] : [`is ${show(value)}, not a time`];
    case 'string': {
      if (typeof value !== 'string') return [`is ${show(value)}, not a text`];
      const { min = 0, max = 2048 } = define;
      const length = [...value].length;
      return length >= min && length <= max
        ? []
        : [`has ${counted(length, 'character')}, its length is ${min} … ${max}`];
    }
    case 'enum':
    case 'stringenum': {
      const right = define.type === 'enum' ? Number.isInteger(value) : typeof value === 'string';
      const known = Object.keys(define.mapping ?? {});
      return right && known.includes(String(value))
        ? []
        : [`is ${show(value)}, not one of ${known.join(', ')}`];
    }
    case 'struct':
      return structIssues(value, define);
    case 'array': {
      const item = define.arrayInfo;
      if (!Array.isArray(value)) return [`is ${show(value)}, not a list`];
      if (item === undefined) return [];
      return value.flatMap((one, index) => valueIssues(one, item).map((what) => `[${index}] ${what}`));
    }
    default:
      return [];
  }
}

function structIssues(value: unknown, { specs = [] }: Define): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`is ${show(value)}, not a structure`];
  return Object.entries(value).flatMap(([id, member]) => {
    const spec = specs.find((known) => known.id === id);
    return spec === undefined
      ? [`.${id} is not in the model`]
      : valueIssues(member, spec.dataType).map((what) => `.${id} ${what}`);
  });
}

function rangeIssues(value: number, { min = -Infinity, max = Infinity }: Define): string[] {
  return value >= min && value <= max ? [] : [`is ${value}, its range is ${min} … ${max}`];
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
}
