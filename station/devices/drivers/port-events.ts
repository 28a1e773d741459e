import { createByteBuffer } from '#shared/codec/byte-buffer.ts';
import type { Fault } from '#shared/domain/fault.ts';

/** The listeners of an open port: buffers bytes that come without a listener, and reports the loss of the port once. */
export class PortEvents {
  readonly #buffered;
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #lost: Fault | null = null;
  #lostListeners: ((fault: Fault) => void)[] = [];

  /** @param maxBufferedBytes the last bytes are kept when more come without a listener */
  constructor(maxBufferedBytes: number) {
    this.#buffered = createByteBuffer(maxBufferedBytes);
  }

  /** Number of bytes that wait for a listener. */
  get bufferedBytes(): number {
    return this.#buffered.length;
  }

  /** The fault with which the port was lost; null while it is open. */
  get lost(): Fault | null {
    return this.#lost;
  }

  receive(bytes: Uint8Array): void {
    if (this.#listener === null) this.#buffered.push(bytes);
    else this.#listener(bytes);
  }

  /** Reports the loss; a further one is ignored. */
  lose(fault: Fault): void {
    if (this.#lost !== null) return;
    this.#lost = fault;
    for (const listener of this.#lostListeners) listener(fault);
    this.#lostListeners = [];
  }

  /** See `DevicePort.onData`. */
  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
    if (listener === null) return;
    for (const bytes of this.#buffered.take()) listener(bytes);
  }

  /** See `DevicePort.unread`. */
  unread(bytes: Uint8Array): void {
    const later = this.#buffered.take();
    for (const part of [bytes, ...later]) this.#buffered.push(part);
  }

  /** See `DevicePort.onLost`. */
  onLost(listener: (fault: Fault) => void): void {
    if (this.#lost !== null) listener(this.#lost);
    else this.#lostListeners.push(listener);
  }
}
