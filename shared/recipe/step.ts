import type { DeviceSettings } from './device.ts';
import { type Step, verbOf } from './verbs/index.ts';
import type { OwnWait } from './verbs/verb.ts';

/** How long all teardown phases together may take, in milliseconds. */
export const TEARDOWN_TIMEOUT_MS = 30_000;
/** Limit of time for a step whose recipe gives none. */
const STEP_TIMEOUT_MS = 60_000;
/** Time that a step needs besides its own wait: to send, to connect, to record. */
const ALLOWANCE_MS = 20_000;

/** Name of a step in records: its own name, else its verb. */
export function stepName(step: Step): string {
  return step.name ?? step.verb;
}

/** Variables that a step sets. */
export function variablesOf(step: Step): readonly string[] {
  const variables = verbOf(step).variables?.(step);
  if (variables !== undefined) return variables;
  if (!('capture' in step) || step.capture === undefined) return [];
  return typeof step.capture === 'string' ? [step.capture] : Object.keys(step.capture);
}

/** How long a step waits because its keys, or those of the device, say so; 0 ms for a verb that has no such keys. */
export function ownWaitOf(step: Step, device: DeviceSettings | null): OwnWait {
  return verbOf(step).ownWait?.(step, device) ?? { keys: [], ms: 0 };
}

/**
 * Limit of time for one attempt of a step in milliseconds: `timeoutMs`, else long enough for the step's own wait and for the
 * time that the device may take.
 */
export function stepTimeoutMs(step: Step, device: DeviceSettings): number {
  const deviceMs = verbOf(step).deviceMs?.(step, device) ?? 0;
  return step.timeoutMs ?? Math.max(STEP_TIMEOUT_MS, ownWaitOf(step, device).ms + deviceMs + ALLOWANCE_MS);
}
