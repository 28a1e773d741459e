import { raceAbort } from '#node-kit/async/index.ts';
import type { SyncState } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Approve, ApproverClaim } from '../administration/people/index.ts';
import type { Actor, AuditTrail } from '../core/audit-log/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { RegistryClient, RegistryEvent } from './client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import { drain } from './drain.ts';
import { createRetry, isNoReply } from './retry.ts';

/** While something waits its age is announced again this often. */
const TICK_MS = 10_000;
/** A long queue is announced this often while it is sent. */
const ANNOUNCE_MS = 1000;

export interface SyncParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly approve: Approve;
  readonly registry: () => RegistryClient | null;
  readonly publish: (state: SyncState) => void;
  /** Triples whose registration was just acknowledged. */
  readonly onRegistered: () => void;
  /** Called once for a block; gives an event as it is sent, see `withSecretProof`. */
  readonly prove: () => (event: RegistryEvent) => RegistryEvent;
  /** What else the registry must be told when it is in reach, whatever the outbox holds. Faults: the registry's. */
  readonly settle?: (registry: RegistryClient, signal: AbortSignal) => Promise<void>;
}

export interface Sync {
  state(): SyncState;
  /**
   * Something new is in the outbox: send it now, unless the registry was out of reach a moment ago. Then the network
   * is watched, and everything is sent as soon as the registry answers again.
   */
  schedule(): void;
  /**
   * Sends all that may go now. Ends when nothing is left but what is parked or waits behind it; faults when the registry
   * is out of reach or refuses the station, also when there is nothing to send. When `signal` fires the caller stops
   * waiting; what is being sent goes on, and the caller's reason is no failure of the registry.
   */
  drain(signal: AbortSignal): Promise<SyncState>;
  /** Puts a parked message back, before everything that came later in its lane. Faults: `not-found`. */
  retry(key: string): SyncState;
  /**
   * Leaves a parked message parked for good and lets the rest of its lane pass. Faults: `not-found`, `bad-input` when it
   * is not said why, those of `proveApprover`.
   */
  setAside(key: string, why: Why, by: Actor, signal: AbortSignal): Promise<SyncState>;
  /**
   * Tells again what the registry acknowledged since a moment of this station's clock: for one that was restored and has
   * forgotten it. What it does know it repeats, so that too much is no harm. Faults: `bad-input` as above.
   */
  resend(sinceMs: number, why: Why, by: Actor, signal: AbortSignal): Promise<SyncState>;
  close(): Promise<void>;
}

/** Why, and by whose word besides. */
export interface Why extends ApproverClaim {
  readonly reason: string;
}

export function createSync(parts: SyncParts): Sync {
  const { database, platform, audit } = parts;
  const { clock } = platform;
  const closing = new AbortController();
  let connection: SyncState['connection'] = 'unknown';
  let lastFault: Fault | null = null;
  /** One drain at a time; who asks meanwhile waits for the same one. */
  let draining: Promise<void> | null = null;
  /** Ends what is under way with a registry that the station is no longer bound to. */
  let leaveOther = (): void => undefined;
  let ticking = false;
  const retry = createRetry({ platform, registry: parts.registry, attempt: tryQuietly });

  function state(): SyncState {
    const { oldestPendingAt, ...counts } = database.outbox.getCounts();
    return {
      connection: parts.registry() === null ? 'unconfigured' : connection,
      ...counts,
      oldestMs: oldestPendingAt === null ? null : Math.max(0, clock.nowMs() - oldestPendingAt),
      nextAttemptAtMs: retry.nextAttemptAtMs,
      lastFault: lastFault === null ? null : viewOf(lastFault),
    };
  }

  function announce(): void {
    const now = state();
    parts.publish(now);
    if (now.pending > 0 && !ticking) void tick();
  }

  /** Nothing happens and time passes all the same. */
  async function tick(): Promise<void> {
    ticking = true;
    try {
      for (;;) {
        await clock.sleep(TICK_MS, closing.signal);
        const now = state();
        parts.publish(now);
        if (now.pending === 0) return;
      }
    } catch {
      // Only closing ends a sleep early.
    } finally {
      ticking = false;
    }
  }

  /** Ends with the station alone: a caller that leaves stops waiting, not the work that others wait for too. */
  function run(): Promise<void> {
    draining ??= attemptBound(closing.signal).finally(() => {
      draining = null;
      if (!closing.signal.aborted) announce();
    });
    return draining;
  }

  /** Until it was the registry that the station is bound to: what another one answered, or did not, is not its answer. */
  async function attemptBound(signal: AbortSignal): Promise<void> {
    for (;;) {
      const registry = parts.registry();
      const isBound = (): boolean => signal.aborted || parts.registry() === registry;
      const left = new AbortController();
      leaveOther = () => {
        if (!isBound()) left.abort(new Fault('cancelled', 'the station was bound to another registry'));
      };
      try {
        await attempt(registry, AbortSignal.any([signal, left.signal]));
        if (isBound()) return;
      } catch (error) {
        if (isBound()) throw error;
      }
    }
  }

  async function attempt(registry: RegistryClient | null, signal: AbortSignal): Promise<void> {
    retry.rest();
    if (registry === null) {
      throw new Fault('not-configured', 'this station is bound to no registry', {
        hint: 'Bind it with "station configure --registry URL --token-file FILE".',
      });
    }
    try {
      const answered = await send(registry, signal);
      // With nothing to send nobody would have been asked, and "online" would be a guess.
      if (answered === 0) await registry.health(signal);
      await parts.settle?.(registry, signal);
      connection = 'online';
      lastFault = null;
      retry.succeeded();
    } catch (error) {
      const fault = error instanceof Fault ? error : defect(error);
      // The station is closing, and nothing was learned about the registry.
      if (fault.code !== 'cancelled') {
        lastFault = fault;
        connection = connectionAfter(fault);
      }
      if (!closing.signal.aborted) retry.failed(registry, fault);
      throw fault;
    }
  }

  async function send(registry: RegistryClient, signal: AbortSignal): Promise<number> {
    let announcedMs = clock.monotonicMs();
    let registered = 0;
    let answered = 0;
    let before = 0;
    const tell = (): void => {
      announcedMs = clock.monotonicMs();
      if (registered > 0) parts.onRegistered();
      registered = 0;
      announce();
    };
    const onBlock = (did: { readonly registered: number }): void => {
      registered += did.registered;
      answered += 1;
      if (clock.monotonicMs() - announcedMs >= ANNOUNCE_MS) tell();
    };
    try {
      for (;;) {
        try {
          await drain({ database, clock, registry, onBlock, prove: parts.prove }, signal);
          return answered;
        } catch (error) {
          // One answer of many got lost: the network is there, and a pause would not bring it back sooner.
          if (!(error instanceof Fault) || !isNoReply(error) || answered === before) throw error;
          before = answered;
        }
      }
    } finally {
      if (registered > 0) tell();
    }
  }

  function defect(error: unknown): Fault {
    platform.log.error('sync.defect', error);
    return new Fault('internal', 'sending to the registry failed', { cause: error });
  }

  /** Who answers "no" is in reach; whether anything else would be taken nobody knows. */
  function connectionAfter({ code }: Fault): SyncState['connection'] {
    if (isNoReply({ code })) return 'offline';
    return code === 'registry-refused' || code === 'registry-untrusted' ? 'unknown' : connection;
  }

  /** In the background a failure is state, not an exception: it is shown and tried again. */
  function tryQuietly(): void {
    if (closing.signal.aborted || parts.registry() === null) return;
    run().catch(() => undefined);
  }

  function found(done: boolean, key: string): SyncState {
    if (!done)
      throw new Fault('not-found', `nothing is parked under ${key}`, { hint: 'List with "sync status".' });
    tryQuietly();
    return state();
  }

  return {
    state() {
      return state();
    },
    schedule() {
      announce();
      leaveOther();
      if (!retry.waiting) tryQuietly();
      else retry.schedule();
    },
    async drain(signal) {
      throwIfAborted(signal);
      if (draining !== null)
        await raceAbort(
          draining.catch(() => undefined),
          signal,
        );
      await raceAbort(run(), signal);
      return state();
    },
    retry: (key) =>
      found(
        database.transaction(() => database.outbox.retry(key)),
        key,
      ),
    async setAside(key, why, by, signal) {
      const reason = checkedReason(why.reason, 'a message is set aside with a reason');
      const approval = await parts.approve(why, by, signal);
      const done = database.transaction(() => {
        if (!database.outbox.setAside(key, `${reason} (${approval.approver})`)) return false;
        audit.record(by, 'outbox.set-aside', key, { reason, ...approval });
        return true;
      });
      return found(done, key);
    },
    async resend(sinceMs, why, by, signal) {
      const reason = checkedReason(why.reason, 'messages are told again with a reason');
      const approval = await parts.approve(why, by, signal);
      database.transaction(() => {
        const messages = database.outbox.resend(sinceMs);
        audit.record(by, 'outbox.resend', String(sinceMs), { reason, ...approval, messages });
      });
      announce();
      tryQuietly();
      return state();
    },
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      retry.rest();
      await draining?.catch(() => undefined);
    },
  };
}

function viewOf({ code, message, hint, details }: Fault): NonNullable<SyncState['lastFault']> {
  return { code, message, hint, details: { ...details } };
}

function checkedReason(text: string, what: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new Fault('bad-input', what, { hint: 'It goes into the audit trail.' });
}
