import type { Fault } from '#shared/domain/fault.ts';
import type { ByteLink } from '../../core/platform/index.ts';
import { type FaultJson, linesQuestion, type Question, toFault } from '../recording/index.ts';

export interface PlayLinkParts {
  readonly port: number;
  readonly path: string;
  readonly send: (chunk: Uint8Array) => Promise<void>;
  readonly ask: (question: Question) => Promise<void>;
}

/** A port with a recording behind it. */
export class PlayLink implements ByteLink {
  readonly path: string;
  readonly #parts: PlayLinkParts;
  readonly #leaving = new Map<number, PromiseWithResolvers<void>>();
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #waiting: Uint8Array[] = [];
  #lost: Fault | null = null;
  #lostListeners: ((fault: Fault) => void)[] = [];

  constructor(parts: PlayLinkParts) {
    this.path = parts.path;
    this.#parts = parts;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await this.#parts.send(bytes);
  }

  onBytes(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
    if (listener === null) return;
    const kept = this.#waiting;
    this.#waiting = [];
    for (const bytes of kept) listener(bytes);
  }

  onLost(listener: (fault: Fault) => void): void {
    if (this.#lost !== null) listener(this.#lost);
    else this.#lostListeners.push(listener);
  }

  setLines(lines: object): Promise<void> {
    return this.#parts.ask(linesQuestion(this.#parts.port, lines));
  }

  receive(bytes: Uint8Array): void {
    if (this.#listener === null) this.#waiting.push(bytes);
    else this.#listener(bytes);
  }

  lose(fault: Fault): void {
    if (this.#lost !== null) return;
    this.#lost = fault;
    for (const tell of this.#lostListeners) tell(fault);
  }

  /** Resolves when the recording says that the bytes of this line have left. */
  sent(line: number): Promise<void> {
    const leaving = Promise.withResolvers<void>();
    this.#leaving.set(line, leaving);
    return leaving.promise;
  }

  left(line: number, fault?: FaultJson): void {
    const leaving = this.#leaving.get(line);
    this.#leaving.delete(line);
    if (fault === undefined) leaving?.resolve();
    else leaving?.reject(toFault(fault));
  }

  allLeft(): void {
    for (const leaving of this.#leaving.values()) leaving.resolve();
    this.#leaving.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
