import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../core/platform/index.ts';
import type { RegistryClient } from './client/index.ts';

/** How often a registry that is out of reach is asked for its health. */
const PROBE_INTERVAL_MS = 15_000;
/** Delays after failures in a row; the last one repeats. */
const DELAYS_MS = [15_000, 30_000, 300_000, 900_000, 3_600_000] as const;
/** Each delay is stretched by up to this share, so that stations do not all retry in the same moment. */
const JITTER = 0.2;

/** True when no answer came, or one that asks to try later. A refusal, in contrast, would be repeated. */
export function isNoReply({ code }: Pick<Fault, 'code'>): boolean {
  return code === 'registry-unreachable' || code === 'timeout';
}

export interface RetryOptions {
  readonly platform: Platform;
  readonly registry: () => RegistryClient | null;
  /** Starts an attempt. */
  readonly attempt: () => void;
}

/**
 * Plans the next attempt after a failed one. While the registry cannot be reached, its health is asked for every 15 s, and
 * the first answer starts an attempt at once. A registry that answers the health request and takes no messages, or that
 * refuses, is tried by `DELAYS_MS` alone.
 */
export class Retry {
  readonly #options: RetryOptions;
  #failures = 0;
  #nextAttemptAtMs: number | null = null;
  #waiting = new AbortController();
  #failedRegistry: RegistryClient | null = null;
  /** True while the registry has answered every health request since it was last out of reach. */
  #answers = false;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Null while no attempt is planned. */
  get nextAttemptAtMs(): number | null {
    return this.#nextAttemptAtMs;
  }

  /** Plans the next attempt. */
  failed(registry: RegistryClient, fault: Fault): void {
    const { clock, random, log } = this.#options.platform;
    this.cancel();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    this.#failedRegistry = registry;
    this.#failures += 1;
    const delayMs = retryDelayMs(this.#failures, (random.bytes(1)[0] ?? 0) / 255);
    this.#nextAttemptAtMs = clock.nowMs() + delayMs;
    this.#wait(clock.monotonicMs() + delayMs, isNoReply(fault), signal).then(
      () => {
        if (!signal.aborted) this.#options.attempt();
      },
      (error: unknown) => {
        if (!signal.aborted) log.error('sync.defect', error);
      },
    );
  }

  succeeded(): void {
    this.#failures = 0;
    this.#answers = false;
  }

  /** Something is to be sent. Starts an attempt when none is planned, or when the station was bound to another registry. */
  request(): void {
    if (this.#nextAttemptAtMs === null || this.#options.registry() !== this.#failedRegistry)
      this.#options.attempt();
  }

  /** Drops the planned attempt. */
  cancel(): void {
    this.#waiting.abort(new Fault('cancelled', 'the wait for the registry is over'));
    this.#nextAttemptAtMs = null;
  }

  async #wait(dueMs: number, probes: boolean, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.platform;
    for (;;) {
      const leftMs = dueMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await clock.sleep(probes ? Math.min(leftMs, PROBE_INTERVAL_MS) : leftMs, signal);
      if (probes && clock.monotonicMs() < dueMs && (await this.#answersAgain(signal))) return;
    }
  }

  async #answersAgain(signal: AbortSignal): Promise<boolean> {
    const before = this.#answers;
    try {
      await this.#options.registry()?.health(signal);
      this.#answers = true;
    } catch {
      this.#answers = false;
    }
    return this.#answers && !before;
  }
}

/** @param jitter from 0 to 1. */
function retryDelayMs(failures: number, jitter: number): number {
  const delayMs = DELAYS_MS[Math.min(Math.max(failures, 1), DELAYS_MS.length) - 1] ?? DELAYS_MS[0];
  return Math.round(delayMs * (1 + JITTER * jitter));
}
