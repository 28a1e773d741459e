import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../core/platform/index.ts';
import type { RegistryClient } from './client/index.ts';
import { pauseMs } from './schedule.ts';

/** How often a registry that is out of reach is asked whether it is there. */
const PROBE_MS = 15_000;

/** No answer, or one that says "later": unlike a refusal it may be otherwise in a moment. */
export function isNoReply({ code }: Pick<Fault, 'code'>): boolean {
  return code === 'registry-unreachable' || code === 'timeout';
}

/** When to try again after a failure: by the schedule, or as soon as the registry answers again. */
export interface Retry {
  /** Null while none is planned. */
  readonly nextAttemptAtMs: number | null;
  readonly waiting: boolean;
  failed(registry: RegistryClient, fault: Fault): void;
  succeeded(): void;
  /** Somebody wants to send: at once when the station was bound to another registry meanwhile. */
  schedule(): void;
  /** Plans nothing any more: an attempt begins, or the end. */
  rest(): void;
}

export interface RetryParts {
  readonly platform: Platform;
  readonly registry: () => RegistryClient | null;
  readonly attempt: () => void;
}

/**
 * The watch over a registry that could not be reached. A cheap question every 15 s finds out when the network is back;
 * the first answer after silence starts an attempt at once. A registry that answers that question and yet takes no
 * messages is tried by the schedule alone, and so is one that refuses: asking more often would not change its mind.
 */
export function createRetry(parts: RetryParts): Retry {
  const { platform } = parts;
  const { clock } = platform;
  let failures = 0;
  let nextAttemptAtMs: number | null = null;
  let resting = new AbortController();
  let failedOn: RegistryClient | null = null;
  /** It has answered since it was last silent. */
  let answers = false;

  function rest(): void {
    resting.abort(new Fault('cancelled', 'the wait for the registry is over'));
    nextAttemptAtMs = null;
  }

  async function watch(dueMs: number, probing: boolean, signal: AbortSignal): Promise<void> {
    for (;;) {
      const leftMs = dueMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await clock.sleep(probing ? Math.min(leftMs, PROBE_MS) : leftMs, signal);
      if (probing && clock.monotonicMs() < dueMs && (await cameBack(signal))) return;
    }
  }

  async function cameBack(signal: AbortSignal): Promise<boolean> {
    const before = answers;
    try {
      await parts.registry()?.health(signal);
      answers = true;
    } catch {
      answers = false;
    }
    return answers && !before;
  }

  return {
    get nextAttemptAtMs() {
      return nextAttemptAtMs;
    },
    get waiting() {
      return nextAttemptAtMs !== null;
    },
    failed(registry, fault) {
      rest();
      resting = new AbortController();
      const { signal } = resting;
      failedOn = registry;
      failures += 1;
      const delayMs = pauseMs(failures, (platform.random.bytes(1)[0] ?? 0) / 255);
      nextAttemptAtMs = clock.nowMs() + delayMs;
      watch(clock.monotonicMs() + delayMs, isNoReply(fault), signal).then(
        () => signal.aborted || parts.attempt(),
        (error: unknown) => {
          if (!signal.aborted) platform.log.error('sync.defect', error);
        },
      );
    },
    succeeded() {
      failures = 0;
      answers = false;
    },
    schedule() {
      if (parts.registry() !== failedOn) parts.attempt();
    },
    rest,
  };
}
