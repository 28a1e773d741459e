import { delay } from '#node-kit/async/index.ts';
import type { Clock } from '../../../core/platform/index.ts';

export function createNodeClock(): Clock {
  return { nowMs: () => Date.now(), monotonicMs: () => performance.now(), sleep: delay };
}
