import { Fault } from '#shared/domain/fault.ts';
import { withDeadline } from '#node-kit/async/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';

/** The replies of boot loaders are short; of a unit that sends without end, the last bytes are kept. */
const MAX_BUFFERED_BYTES = 16 * 1024;
/** Added to each limit, for bytes that came in time while this process was busy. */
const GRACE_MS = 50;
/** Reason of a reader that was disposed of; shared, because creating an Error is expensive. */
const DISPOSED = new Fault('cancelled', 'the reader of the port was closed');

/** Takes the bytes that a unit sends, in order, from a port that nobody else uses. Dispose of it to free the port. */
export class PortReader implements Disposable {
  readonly #port: DevicePort;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  #bytes: Uint8Array = new Uint8Array();
  #notify: () => void = () => undefined;

  constructor(port: DevicePort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    port.onLost((fault) => this.#lost.abort(fault));
    port.onData((received) => {
      const all = Buffer.concat([this.#bytes, received]);
      this.#bytes = all.length > MAX_BUFFERED_BYTES ? all.subarray(-MAX_BUFFERED_BYTES) : all;
      this.#notify();
    });
  }

  /** The bytes that are not taken yet. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Takes off the first bytes. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Takes off all bytes. */
  discard(): void {
    this.#bytes = new Uint8Array();
  }

  /**
   * Calls `find` now and after each arrival of bytes until its result is other than `undefined`; null when there is none
   * within the limit. One wait at a time. Faults: those of `find`, `port-lost`, the signal's reason.
   */
  async waitFor<T>(find: () => T | undefined, timeoutMs: number, signal: AbortSignal): Promise<T | null> {
    const until = AbortSignal.any([signal, this.#lost.signal]);
    const found = new Promise<T>((resolve, reject) => {
      this.#notify = () => {
        try {
          const result = find();
          if (result !== undefined) resolve(result);
        } catch (error) {
          reject(error as Error);
        }
      };
    });
    const work = (): Promise<T> => {
      this.#notify();
      return found;
    };
    const wait = { timeoutMs, graceMs: GRACE_MS, signal: until, timer: this.#clock, onTimeout: () => null };
    try {
      return await withDeadline<T | null>(work, wait);
    } finally {
      this.#notify = () => undefined;
    }
  }

  /** The next bytes; null when they did not all come within the limit. Faults: `port-lost`, the signal's reason. */
  read(count: number, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array | null> {
    const find = (): Uint8Array | undefined => (this.#bytes.length < count ? undefined : this.take(count));
    return this.waitFor(find, timeoutMs, signal);
  }

  /** Discards what comes until nothing came for `quietMs`, or `limitMs` is over. Faults: `port-lost`, the signal's reason. */
  async untilQuiet(quietMs: number, limitMs: number, signal: AbortSignal): Promise<void> {
    const endsAtMs = this.#clock.monotonicMs() + limitMs;
    do this.discard();
    while ((await this.read(1, quietMs, signal)) !== null && this.#clock.monotonicMs() < endsAtMs);
    this.discard();
  }

  /** Ends the reading: what came after the last reply belongs to the next reader, for whom the port keeps it. */
  release(): void {
    this.#port.onData(null);
    if (this.#bytes.length > 0) this.#port.unread?.(this.#bytes);
    this.discard();
  }

  [Symbol.dispose](): void {
    this.#port.onData(null);
    this.#lost.abort(DISPOSED);
  }
}
