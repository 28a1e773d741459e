import type { SyncState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../platform/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import { drainOnce } from './drain-once.ts';

/** Pauses after failures in a row: 15 s, 30 s, 5 min, 15 min, then hourly. */
const PAUSES_MS = [15_000, 30_000, 300_000, 900_000, 3_600_000] as const;
/** Each pause is stretched by up to this share, so that stations do not all come back in one moment. */
const JITTER = 0.2;

export interface SyncParts {
  readonly store: Store;
  readonly platform: Platform;
  readonly registry: () => RegistryClient | null;
  readonly publish: (state: SyncState) => void;
  /** Triples whose registration was just acknowledged. */
  readonly onRegistered: () => void;
}

export interface Sync {
  readonly state: SyncState;
  /** Something new is in the outbox: send it now, unless the registry was out of reach a moment ago. */
  kick(): void;
  /** Sends all that is pending now. Ends when nothing is left; faults when the registry is out of reach, also then. */
  drain(signal: AbortSignal): Promise<SyncState>;
  /** Puts a parked message back. Faults: `not-found`. */
  retry(key: string): SyncState;
  close(): Promise<void>;
}

export function createSync(parts: SyncParts): Sync {
  const { store, platform } = parts;
  const closing = new AbortController();
  let link: SyncState['link'] = parts.registry() === null ? 'unconfigured' : 'unknown';
  let lastFault: Fault | null = null;
  let failures = 0;
  let nextAttemptAtMs: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** One drain at a time; who asks meanwhile waits for the same one. */
  let draining: Promise<void> | null = null;

  function state(): SyncState {
    const counts = store.outbox.counts();
    const oldestMs =
      counts.oldestPendingAt === null ? null : Math.max(0, platform.clock.nowMs() - counts.oldestPendingAt);
    return {
      link: parts.registry() === null ? 'unconfigured' : link,
      pending: counts.pending,
      parked: counts.parked,
      sent: counts.sent,
      oldestMs,
      nextAttemptAtMs,
      lastFault:
        lastFault === null
          ? null
          : {
              code: lastFault.code,
              message: lastFault.message,
              hint: lastFault.hint,
              details: { ...lastFault.details },
            },
    };
  }

  function run(signal: AbortSignal): Promise<void> {
    draining ??= attempt(signal).finally(() => {
      draining = null;
      parts.publish(state());
    });
    return draining;
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    const registry = parts.registry();
    clearTimeout(timer);
    nextAttemptAtMs = null;
    if (registry === null) {
      throw new Fault('not-configured', 'this station is bound to no registry', {
        hint: 'Bind it with "station configure --registry URL --token T".',
      });
    }
    const over = AbortSignal.any([signal, closing.signal]);
    try {
      // With nothing to send nobody would be asked, and "online" would be a guess.
      if (store.outbox.counts().pending === 0) await registry.health(over);
      while (store.outbox.counts().pending > 0) {
        const { registered } = await drainOnce(store, registry, platform.clock, over);
        if (registered > 0) parts.onRegistered();
        parts.publish(state());
      }
      link = 'online';
      lastFault = null;
      failures = 0;
    } catch (error) {
      if (!(error instanceof Fault)) platform.log.error('sync.defect', error);
      lastFault =
        error instanceof Fault
          ? error
          : new Fault('internal', 'sending to the registry failed', { cause: error });
      if (lastFault.code === 'registry-unreachable' || lastFault.code === 'timeout') link = 'offline';
      failures += 1;
      wait();
      throw lastFault;
    }
  }

  function wait(): void {
    if (closing.signal.aborted) return;
    const pauseMs = PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? PAUSES_MS[0];
    const delayMs = Math.round(pauseMs * (1 + JITTER * ((platform.random.bytes(1)[0] ?? 0) / 255)));
    nextAttemptAtMs = platform.clock.nowMs() + delayMs;
    timer = setTimeout(tryQuietly, delayMs);
    timer.unref();
  }
  /** In the background a failure is state, not an exception: it is shown and tried again. */
  function tryQuietly(): void {
    run(closing.signal).catch(() => undefined);
  }

  return {
    get state() {
      return state();
    },
    kick() {
      parts.publish(state());
      if (parts.registry() !== null && nextAttemptAtMs === null && !closing.signal.aborted) tryQuietly();
    },
    async drain(signal) {
      await draining?.catch(() => undefined);
      await run(signal);
      return state();
    },
    retry(key) {
      if (!store.transaction(() => store.outbox.retry(key))) {
        throw new Fault('not-found', `nothing is parked under ${key}`, { hint: 'List with "sync status".' });
      }
      tryQuietly();
      return state();
    },
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      clearTimeout(timer);
      await draining?.catch(() => undefined);
    },
  };
}
