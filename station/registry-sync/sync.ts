import { raceAbort } from '#node-kit/async/index.ts';
import type { SyncState } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type Approve, type Justification, requireReason } from '../core/approval/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type RegistryClient, type RegistryEvent, requireRegistry } from './client/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import { drain } from './drain.ts';
import { MessageExports } from './message-exports.ts';
import { isNoReply, Retry } from './retry.ts';

/** How often the state is published while messages wait, because their age changes. */
const AGE_INTERVAL_MS = 10_000;
/** How often the state is published while messages are sent. */
const PROGRESS_INTERVAL_MS = 1000;

export interface SyncOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly approve: Approve;
  readonly registry: () => RegistryClient | null;
  readonly publish: (state: SyncState) => void;
  /** Called when the registry has acknowledged the registration of triples. */
  readonly onRegistered: () => void;
  /** Called once per block. The returned function adds the secret proof to an event, see `withSecretProof`. */
  readonly createProofAdder: () => (event: RegistryEvent) => RegistryEvent;
  /** Reports to a reachable registry what is not in the outbox. Faults: those of `RegistryClient`. */
  readonly settle?: (registry: RegistryClient, signal: AbortSignal) => Promise<void>;
}

export interface Sync {
  /** Files with the messages that were not acknowledged. */
  readonly exports: MessageExports;
  state(): SyncState;
  /**
   * Sends the outbox now, unless the registry was out of reach at the last attempt: then it is sent as soon as the registry
   * answers again, or at the next planned attempt.
   */
  schedule(): void;
  /**
   * Sends all messages that may be sent now. Resolves when only parked messages and those behind them are left. All callers
   * share one attempt: when `signal` fires, this caller stops waiting, and the attempt continues.
   * Faults: `not-configured`, those of `RegistryClient` (also with an empty outbox), the signal's reason.
   */
  drain(signal: AbortSignal): Promise<SyncState>;
  /**
   * Returns a parked message to the queue, before later messages of its order key. Faults: `not-found`, also for a
   * message that was set aside.
   */
  retry(key: string, by: Actor): SyncState;
  /** Undoes the decision to set a message aside, and returns it to the queue. Faults: `not-found`. */
  retrySetAside(key: string, by: Actor): SyncState;
  /** Returns all parked messages to the queue, except those that were set aside. */
  retryAll(by: Actor): SyncState;
  /**
   * Leaves a parked message parked for good; later messages of its order key are sent again.
   * Faults: `not-found`, `bad-input` without a reason, those of `proveApprover`.
   */
  setAside(key: string, justification: Justification, by: Actor, signal: AbortSignal): Promise<SyncState>;
  /**
   * Sends again what the registry acknowledged since an instant of this station's clock, for a registry that was restored
   * from a backup. The registry recognises messages that it has.
   * Faults: `bad-input` without a reason, those of `proveApprover`.
   */
  resend(sinceMs: number, justification: Justification, by: Actor, signal: AbortSignal): Promise<SyncState>;
  close(): Promise<void>;
}

export function createSync(options: SyncOptions): Sync {
  return new OutboxSync(options);
}

class OutboxSync implements Sync {
  readonly exports: MessageExports;
  readonly #options: SyncOptions;
  readonly #closing = new AbortController();
  readonly #retry: Retry;
  #connection: SyncState['connection'] = 'unknown';
  #lastFault: Fault | null = null;
  /** The attempt under way; it ends by its own signal, never by that of a caller. */
  #draining: Promise<void> | null = null;
  /** Ends the attempt under way when the station was bound to another registry. */
  #abortIfRebound = (): void => undefined;
  #publishesAge = false;

  constructor(options: SyncOptions) {
    const { platform, registry } = options;
    this.#options = options;
    this.exports = new MessageExports(platform);
    this.#retry = new Retry({ platform, registry, attempt: () => this.#startInBackground() });
  }

  state(): SyncState {
    const { database, platform, registry } = this.#options;
    const { oldestPendingAtMs, ...counts } = database.outbox.getCounts();
    return {
      connection: registry() === null ? 'unconfigured' : this.#connection,
      ...counts,
      sending: this.#draining !== null,
      oldestMs: oldestPendingAtMs === null ? null : Math.max(0, platform.clock.nowMs() - oldestPendingAtMs),
      nextAttemptAtMs: this.#retry.nextAttemptAtMs,
      lastFault: this.#lastFault?.toView() ?? null,
    };
  }

  schedule(): void {
    this.#publish();
    this.#abortIfRebound();
    this.#retry.request();
  }

  async drain(signal: AbortSignal): Promise<SyncState> {
    throwIfAborted(signal);
    const running = this.#draining;
    // Messages that were written during the attempt under way may have missed it: another one follows.
    if (running !== null)
      await raceAbort(
        running.catch(() => undefined),
        signal,
      );
    await raceAbort(this.#run(), signal);
    return this.state();
  }

  retry(key: string, by: Actor): SyncState {
    const { database, audit } = this.#options;
    const isDone = database.transaction(() => {
      if (!database.outbox.retry(key)) return false;
      audit.record(by, 'outbox.retry', key, {});
      return true;
    });
    return this.#afterDecision(isDone, key);
  }

  retrySetAside(key: string, by: Actor): SyncState {
    const { database, audit } = this.#options;
    const isDone = database.transaction(() => {
      const setAside = database.outbox.findSetAside(key);
      if (!database.outbox.retrySetAside(key)) return false;
      audit.record(by, 'outbox.retry-set-aside', key, { setAside });
      return true;
    });
    return this.#afterDecision(isDone, key);
  }

  retryAll(by: Actor): SyncState {
    const { database, audit } = this.#options;
    database.transaction(() => {
      const messages = database.outbox.retryAll();
      if (messages > 0) audit.record(by, 'outbox.retry-all', 'outbox', { messages });
    });
    this.#publish();
    this.#startInBackground();
    return this.state();
  }

  async setAside(
    key: string,
    justification: Justification,
    by: Actor,
    signal: AbortSignal,
  ): Promise<SyncState> {
    const { database, audit, approve } = this.#options;
    const reason = requireReason(justification.reason, 'a message is set aside with a reason');
    const approval = await approve(justification, by, signal);
    const isDone = database.transaction(() => {
      if (!database.outbox.setAside(key, `${reason} (${approval.approver})`)) return false;
      audit.record(by, 'outbox.set-aside', key, { reason, ...approval });
      return true;
    });
    return this.#afterDecision(isDone, key);
  }

  async resend(
    sinceMs: number,
    justification: Justification,
    by: Actor,
    signal: AbortSignal,
  ): Promise<SyncState> {
    const { database, audit, approve } = this.#options;
    const reason = requireReason(justification.reason, 'messages are sent again with a reason');
    const approval = await approve(justification, by, signal);
    database.transaction(() => {
      const messages = database.outbox.resend(sinceMs);
      audit.record(by, 'outbox.resend', String(sinceMs), { reason, ...approval, messages });
    });
    this.#publish();
    this.#startInBackground();
    return this.state();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    this.#retry.cancel();
    await this.#draining?.catch(() => undefined);
    await this.exports.close();
  }

  #afterDecision(isDone: boolean, key: string): SyncState {
    if (!isDone) {
      const setAside = this.#options.database.outbox.findSetAside(key);
      if (setAside !== null)
        throw new Fault('not-found', `the message ${key} was set aside: ${setAside}`, {
          hint: 'To send it nevertheless: "sync retry --set-aside".',
        });
      throw new Fault('not-found', `no message is parked under ${key}`, { hint: 'List with "sync status".' });
    }
    this.#publish();
    this.#startInBackground();
    return this.state();
  }

  #publish(): void {
    const state = this.state();
    this.#options.publish(state);
    if (state.pending > 0 && !this.#publishesAge) void this.#publishAge();
  }

  /** Publishes the growing age of pending messages until none is left. */
  async #publishAge(): Promise<void> {
    this.#publishesAge = true;
    try {
      for (;;) {
        await this.#options.platform.clock.sleep(AGE_INTERVAL_MS, this.#closing.signal);
        const state = this.state();
        this.#options.publish(state);
        if (state.pending === 0) return;
      }
    } catch {
      // Only the close of the station ends the sleep early.
    } finally {
      this.#publishesAge = false;
    }
  }

  /** A failure in the background is shown in the state and retried. */
  #startInBackground(): void {
    if (this.#closing.signal.aborted || this.#options.registry() === null) return;
    this.#run().catch(() => undefined);
  }

  #run(): Promise<void> {
    if (this.#draining !== null) return this.#draining;
    const draining = this.#attemptUntilBound(this.#closing.signal).finally(() => {
      this.#draining = null;
      if (!this.#closing.signal.aborted) this.#publish();
    });
    this.#draining = draining;
    this.#publish();
    return draining;
  }

  /** Repeats an attempt whose registry was replaced meanwhile: its result does not apply to the new registry. */
  async #attemptUntilBound(signal: AbortSignal): Promise<void> {
    for (;;) {
      const registry = this.#options.registry();
      const isBound = (): boolean => signal.aborted || this.#options.registry() === registry;
      const rebound = new AbortController();
      this.#abortIfRebound = () => {
        if (!isBound()) rebound.abort(new Fault('cancelled', 'the station was bound to another registry'));
      };
      try {
        await this.#attempt(registry, AbortSignal.any([signal, rebound.signal]));
        if (isBound()) return;
      } catch (error) {
        if (isBound()) throw error;
      }
    }
  }

  async #attempt(bound: RegistryClient | null, signal: AbortSignal): Promise<void> {
    this.#retry.cancel();
    const registry = requireRegistry(bound);
    try {
      const blocks = await this.#send(registry, signal);
      // An empty outbox asks the registry nothing, and "online" would be a guess.
      if (blocks === 0) await registry.health(signal);
      await this.#options.settle?.(registry, signal);
      this.#connection = 'online';
      this.#lastFault = null;
      this.#retry.succeeded();
    } catch (error) {
      const fault = error instanceof Fault ? error : this.#logDefect(error);
      // The attempt was aborted by this station, so the state of the registry is not known.
      if (fault.code !== 'cancelled') {
        this.#lastFault = fault;
        this.#connection = this.#connectionAfter(fault);
      }
      if (!this.#closing.signal.aborted) this.#retry.failed(registry, fault);
      throw fault;
    }
  }

  /** Returns how many blocks the registry has answered. */
  async #send(registry: RegistryClient, signal: AbortSignal): Promise<number> {
    const { database, platform, createProofAdder, onRegistered } = this.#options;
    const { clock } = platform;
    let publishedAtMs = clock.monotonicMs();
    let registered = 0;
    let answered = 0;
    const publish = (): void => {
      publishedAtMs = clock.monotonicMs();
      if (registered > 0) onRegistered();
      registered = 0;
      this.#publish();
    };
    const onBlock = (results: { readonly registered: number }): void => {
      registered += results.registered;
      answered += 1;
      if (clock.monotonicMs() - publishedAtMs >= PROGRESS_INTERVAL_MS) publish();
    };
    try {
      for (let answeredBefore = 0; ; answeredBefore = answered) {
        try {
          await drain({ database, clock, registry, onBlock, createProofAdder }, signal);
          return answered;
        } catch (error) {
          // Other blocks were answered: one reply was lost, and the rest is sent again without a delay.
          if (!(error instanceof Fault) || !isNoReply(error) || answered === answeredBefore) throw error;
        }
      }
    } finally {
      if (registered > 0) publish();
    }
  }

  #logDefect(error: unknown): Fault {
    this.#options.platform.log.error('sync.defect', error);
    return new Fault('internal', 'sending to the registry failed', { cause: error });
  }

  /** A registry that refuses is reachable, but nothing was accepted: whether it would accept the rest is unknown. */
  #connectionAfter({ code }: Fault): SyncState['connection'] {
    if (isNoReply({ code })) return 'offline';
    return code === 'registry-refused' || code === 'registry-untrusted' ? 'unknown' : this.#connection;
  }
}
