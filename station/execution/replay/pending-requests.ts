import { abortFault } from '#shared/domain/fault.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { type ExternalEventEntry, type IoReply, toFault } from '../recording/index.ts';
import type { RecordedEvent, RecordingIndex } from './recording-index.ts';
import type { ReplayScheduler } from './replay-scheduler.ts';

/** A request of the run that the recording has. */
interface PendingRequest {
  /** Line of the request in the recording. */
  readonly line: number;
  readonly signal: AbortSignal | null;
  readonly onNotification: (reply: IoReply) => boolean;
  resolve(reply: IoReply): void;
  reject(reason: unknown): void;
  isOpen: boolean;
}

export interface PendingRequestOptions {
  readonly signal: AbortSignal | null;
  /** Returns true when the run needs no more notifications. */
  readonly onNotification: (reply: IoReply) => boolean;
  /** Limit of time that differs from the recorded one, whose end the recording does not show; `null` when it is the same. */
  readonly otherLimitMs: number | null;
}

/** The requests of a replayed run, which wait for their recorded replies. */
export class PendingRequests {
  readonly #index: RecordingIndex;
  readonly #scheduler: ReplayScheduler;
  readonly #mask: SecretMask;
  /** By the line of the request in the recording. */
  readonly #requests = new Map<number, PendingRequest>();

  constructor(index: RecordingIndex, scheduler: ReplayScheduler, mask: SecretMask) {
    this.#index = index;
    this.#scheduler = scheduler;
    this.#mask = mask;
  }

  /**
   * Waits for the reply to the request in this line of the recording. Faults: the recorded one; the signal's reason, unless
   * the recording shows how the wait ended.
   */
  async waitForReply(
    line: number,
    { signal, onNotification, otherLimitMs }: PendingRequestOptions,
  ): Promise<IoReply> {
    const { promise, resolve, reject } = Promise.withResolvers<IoReply>();
    const pending: PendingRequest = { line, signal, onNotification, isOpen: true, resolve, reject };
    this.#requests.set(line, pending);
    const onAbort = (): void => this.#endIfAborted(pending);
    signal?.addEventListener('abort', onAbort, { once: true });
    const limit =
      otherLimitMs === null
        ? null
        : this.#scheduler.startTimer(otherLimitMs, () => pending.resolve({ value: false }));
    if (limit !== null) this.#scheduler.diverge();
    onAbort();
    try {
      return await promise;
    } finally {
      pending.isOpen = false;
      if (limit !== null) this.#scheduler.cancelTimer(limit);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Settles the request of a recorded reply. */
  reply(event: RecordedEvent<ExternalEventEntry>): void {
    if (event.entry.type !== 'reply') return;
    const pending = this.#requests.get(event.entry.request);
    if (pending?.isOpen !== true) return;
    pending.isOpen = false;
    if (event.entry.fault === undefined) pending.resolve(this.#replyOf(event));
    else pending.reject(toFault(event.entry.fault));
  }

  /** Passes a recorded notification to its request. */
  notify(event: RecordedEvent<ExternalEventEntry>): void {
    if (event.entry.type !== 'notification') return;
    const { request } = event.entry;
    const pending = this.#requests.get(request);
    const isEnough = pending?.onNotification(this.#replyOf(event)) ?? false;
    if (!isEnough || pending?.isOpen !== true) return;
    // This run needs fewer notifications than the recorded one.
    const hasMore = this.#index.events
      .slice(event.index + 1)
      .some(({ entry }) => entry.type === 'notification' && entry.request === request);
    if (!hasMore) return;
    this.#scheduler.diverge();
    pending.resolve({ value: true });
  }

  /** Settles the requests whose recorded replies the run has skipped. */
  settleSkipped(): void {
    for (const request of this.#requests.values()) {
      const index = this.#index.replyTo(request.line);
      const reply = index === null || index >= this.#scheduler.next ? undefined : this.#index.at(index);
      if (request.isOpen && reply?.entry.type === 'reply')
        this.reply(reply as RecordedEvent<ExternalEventEntry>);
    }
  }

  /** Ends every wait that the run has aborted and whose end the recording does not show. */
  endAborted(): void {
    for (const pending of this.#requests.values()) this.#endIfAborted(pending);
  }

  #endIfAborted(pending: PendingRequest): void {
    if (pending.signal?.aborted !== true || !pending.isOpen) return;
    const index = this.#index.replyTo(pending.line);
    if (this.#scheduler.inSync && index !== null && index >= this.#scheduler.next) return;
    pending.isOpen = false;
    pending.reject(abortFault(pending.signal));
  }

  #replyOf(event: RecordedEvent<ExternalEventEntry>): IoReply {
    const { entry } = event;
    const value = 'value' in entry ? entry.value : undefined;
    const hasBytes = 'bytes' in entry && entry.bytes !== undefined;
    return {
      ...(value === undefined ? {} : { value }),
      ...(hasBytes ? { bytes: this.#index.bytesOf(event, this.#mask.forms) } : {}),
    };
  }
}
