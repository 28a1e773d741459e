import type { Step } from './step.ts';

/** How long all teardown phases together may take, in milliseconds. */
export const TEARDOWN_TIMEOUT_MS = 30_000;
/** How long a step may take whose recipe says nothing of it. */
const STEP_TIMEOUT_MS = 60_000;
/** What a step needs besides its own wait: to send, to connect, to record. */
const ALLOWANCE_MS = 20_000;

/** The longest time in milliseconds that a step waits because its own keys say so; 0 for one that has none of them. */
export function ownWaitMs(step: Step): number {
  switch (step.verb) {
    case 'wait':
      return step.ms;
    case 'prompt':
    case 'scan-label':
    case 'ble-request':
    case 'ble-read':
      return step.answerMs;
    case 'power':
      return (step.to === 'cycle' ? step.offMs : 0) + (step.settleMs ?? 0);
    case 'set-lines':
      return step.breakMs ?? 0;
    // Once for the reply, once for the report.
    case 'control-property':
      return 2 * step.withinMs;
    default:
      return 'withinMs' in step ? step.withinMs : 0;
  }
}

/** The key that `ownWaitMs` is made of, for messages. */
export function ownWaitKey(step: Step): string {
  switch (step.verb) {
    case 'wait':
      return 'ms';
    case 'prompt':
    case 'scan-label':
    case 'ble-request':
    case 'ble-read':
      return 'answerMs';
    case 'power':
      return 'offMs and settleMs';
    case 'set-lines':
      return 'breakMs';
    default:
      return 'withinMs';
  }
}

/** The deadline of one attempt of a step in milliseconds: as the recipe says, else long enough for the step's own wait. */
export function stepTimeoutMs(step: Step): number {
  return step.timeoutMs ?? Math.max(STEP_TIMEOUT_MS, ownWaitMs(step) + ALLOWANCE_MS);
}
