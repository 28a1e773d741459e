import { AT_LIMITS } from '../at-module.ts';
import type { DeviceSettings } from './device.ts';
import { type Step, variablesOf } from './step.ts';
import { isTableReference, referencesOf, tableNumber } from './unit-text.ts';

export interface SenseIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Readable {
  readonly product: string;
  readonly device: DeviceSettings;
  readonly phases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

/** What is well written and still cannot work: names used twice, variables nobody sets, verbs without their device. */
export function issuesOf(recipe: Readable): SenseIssue[] {
  return [
    ...sameNames(recipe),
    ...unknownReferences(recipe),
    ...missingParts(recipe),
    ...unwritableProduct(recipe),
  ];
}

function* sameNames({ phases }: Readable): Iterable<SenseIssue> {
  const seen = new Set<string>();
  for (const [index, { name }] of phases.entries()) {
    if (seen.has(name)) yield { path: ['phases', index, 'name'], message: 'is used twice' };
    seen.add(name);
  }
}

/** A variable may be read by any step that comes after one that sets it, in another phase or the same. */
function* unknownReferences({ phases }: Readable): Iterable<SenseIssue> {
  const set = new Set<string>();
  for (const [p, { steps }] of phases.entries()) {
    for (const [s, step] of steps.entries()) {
      for (const { path, text } of textsOf(step)) {
        for (const reference of referencesOf(text)) {
          const known = isTableReference(reference) ? tableNumber(reference) !== null : set.has(reference);
          if (known) continue;
          const what = isTableReference(reference) ? 'is in no table' : 'is set by no step before this one';
          yield { path: ['phases', p, 'steps', s, ...path], message: `\${${reference}} ${what}` };
        }
      }
      for (const variable of variablesOf(step)) set.add(variable);
    }
  }
}

const NEEDS: Partial<Record<Step['verb'], (device: DeviceSettings) => string | null>> = {
  reset: ({ reset }) => (reset === undefined ? 'device.reset says nothing of how to reset the unit' : null),
  power: ({ board }) => (board === undefined ? 'device.board says nothing of a relay board' : null),
  'read-pin': ({ board }) =>
    board?.kind === 'numato' ? null : 'device.board is no board with inputs (kind: numato)',
  'at-command': atOnly,
  'burn-triple': atOnly,
  'prove-online': atOnly,
  'log-out': atOnly,
};

function atOnly({ profile }: DeviceSettings): string | null {
  return profile === 'at-module' ? null : 'is only for devices of profile at-module';
}

function* missingParts({ device, phases }: Readable): Iterable<SenseIssue> {
  for (const [p, { steps }] of phases.entries()) {
    for (const [s, step] of steps.entries()) {
      const framed =
        ('frame' in step && step.frame !== undefined) ||
        ('expectFrame' in step && step.expectFrame !== undefined);
      const missing =
        NEEDS[step.verb]?.(device) ??
        (framed && device.frames === undefined ? 'device.frames says nothing of its frames' : null) ??
        (step.verb === 'script' && step.relays.length > 0 && device.board === undefined
          ? 'switches relays, and device.board says nothing of a relay board'
          : null);
      if (missing !== null) yield { path: ['phases', p, 'steps', s, 'verb'], message: missing };
    }
  }
}

/** Whoever burns a triple must be able to write its ProductId: Aliyun's are longer than an AT module takes. */
function* unwritableProduct({ product, device, phases }: Readable): Iterable<SenseIssue> {
  const burns = phases.some(({ steps }) => steps.some(({ verb }) => verb === 'burn-triple'));
  if (!burns || device.profile !== 'at-module' || product.length <= AT_LIMITS.productIdBytes) return;
  const message = `has ${product.length} characters, and an AT module takes a ProductId of ${AT_LIMITS.productIdBytes}`;
  yield { path: ['product'], message };
}

/** Every text of a step with its place. */
function* textsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): Iterable<{ path: readonly (string | number)[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* textsOf(item, [...path, key]);
}
