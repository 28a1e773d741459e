import type { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../core/platform/index.ts';
import {
  baudRateRequest,
  controlLinesRequest,
  type FaultJson,
  type IoReply,
  type IoRequest,
  type Json,
  toFault,
  transferRequest,
} from '../recording/index.ts';

export interface ReplayPortOptions {
  readonly port: number;
  readonly path: string;
  readonly send: (chunk: Uint8Array) => Promise<void>;
  readonly request: (request: IoRequest, onNotification?: (reply: IoReply) => boolean) => Promise<IoReply>;
}

/** A port whose other end is a recording. */
export class ReplayPort implements DevicePort {
  readonly path: string;
  readonly #options: ReplayPortOptions;
  /** Sends that the recording shows as not finished yet, by line. */
  readonly #pending = new Map<number, PromiseWithResolvers<void>>();
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #buffered: Uint8Array[] = [];
  #lost: Fault | null = null;
  #lostListeners: ((fault: Fault) => void)[] = [];

  constructor(options: ReplayPortOptions) {
    this.path = options.path;
    this.#options = options;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await this.#options.send(bytes);
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
    if (listener === null) return;
    const buffered = this.#buffered;
    this.#buffered = [];
    for (const bytes of buffered) listener(bytes);
  }

  onLost(listener: (fault: Fault) => void): void {
    if (this.#lost !== null) listener(this.#lost);
    else this.#lostListeners.push(listener);
  }

  async setControlLines(lines: object): Promise<void> {
    await this.#options.request(controlLinesRequest(this.#options.port, lines));
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.#options.request(baudRateRequest(this.#options.port, baudRate));
  }

  /** Performs nothing; the recorded progress and the recorded result come. */
  async transfer(
    name: string,
    _work: unknown,
    onProgress: (progress: Json) => void,
    signal: AbortSignal,
  ): Promise<Json> {
    const { value = null } = await this.#options.request(
      transferRequest(this.#options.port, name, signal),
      ({ value: progress = null }) => {
        onProgress(progress);
        return false;
      },
    );
    return value;
  }

  receive(bytes: Uint8Array): void {
    if (this.#listener === null) this.#buffered.push(bytes);
    else this.#listener(bytes);
  }

  lose(fault: Fault): void {
    if (this.#lost !== null) return;
    this.#lost = fault;
    for (const listener of this.#lostListeners) listener(fault);
  }

  /** Resolves when the recording reaches the event that the bytes of this line were sent. */
  waitUntilSent(line: number): Promise<void> {
    const pending = Promise.withResolvers<void>();
    this.#pending.set(line, pending);
    return pending.promise;
  }

  finishSend(line: number, fault?: FaultJson): void {
    const pending = this.#pending.get(line);
    this.#pending.delete(line);
    if (fault === undefined) pending?.resolve();
    else pending?.reject(toFault(fault));
  }

  finishAllSends(): void {
    for (const pending of this.#pending.values()) pending.resolve();
    this.#pending.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
