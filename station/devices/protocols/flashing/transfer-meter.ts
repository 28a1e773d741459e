import type { FlashStage } from '#shared/domain/flash.ts';
import type { FlashProgress } from './flash-protocol.ts';

/** Measures the writing of images and reports its progress. */
export class TransferMeter {
  readonly #totalBytes: number;
  readonly #onProgress: (progress: FlashProgress) => void;
  #doneBytes = 0;
  #writtenBytes = 0;
  #writingMs = 0;

  constructor(totalBytes: number, onProgress: (progress: FlashProgress) => void) {
    this.#totalBytes = totalBytes;
    this.#onProgress = onProgress;
  }

  get kbitPerSecond(): number | null {
    return this.#writingMs > 0 ? kbitPerSecond(this.#writtenBytes, this.#writingMs) : null;
  }

  /** Reports a stage. `bytes`: of the present image, those that are done. */
  report(stage: FlashStage, image: string | null, bytes = 0): void {
    this.#onProgress({
      stage,
      image,
      // An image that is proven again is counted once.
      doneBytes: Math.min(this.#doneBytes + bytes, this.#totalBytes),
      totalBytes: this.#totalBytes,
      kbitPerSecond: this.kbitPerSecond,
    });
  }

  /** Counts bytes that took this time on the line, and reports nothing. */
  count(bytes: number, ms: number): void {
    this.#writtenBytes += bytes;
    this.#writingMs += ms;
  }

  /** An image, or a part of it, is done. */
  finish(bytes: number): void {
    this.#doneBytes += bytes;
  }
}

/** Null for no time. */
export function kbitPerSecond(bytes: number, ms: number): number | null {
  return ms > 0 ? Math.round((bytes * 80) / ms) / 10 : null;
}
