import type { Define } from './thing-model.ts';

/** Whether a value is valid for a property: a bool is 0 or 1, an enum is an integer of its mapping. */
export function matchesDefinition(define: Define, value: unknown): boolean {
  switch (define.type) {
    case 'bool':
      return value === 0 || value === 1;
    case 'enum':
      return Number.isInteger(value) && Object.hasOwn(define.mapping, String(value));
    case 'stringenum':
      return typeof value === 'string' && Object.hasOwn(define.mapping, value);
    case 'int':
      return Number.isInteger(value) && within(value as number, define);
    case 'float':
      return typeof value === 'number' && within(value, define);
    case 'string':
      return typeof value === 'string' && within([...value].length, define);
    case 'timestamp':
      return Number.isInteger(value) && (value as number) >= 0;
    case 'struct':
      return (
        isObject(value) &&
        define.specs.every(({ id, dataType }) => !(id in value) || matchesDefinition(dataType, value[id]))
      );
    case 'array':
      return Array.isArray(value) && value.every((element) => matchesDefinition(define.arrayInfo, element));
  }
}

function within(value: number, { min, max }: { readonly min: string; readonly max: string }): boolean {
  return value >= Number(min) && value <= Number(max);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
