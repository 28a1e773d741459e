import { Fault, throwIfAborted } from '../domain/fault.ts';
import { WINDOW_BYTES } from './frames.ts';

/** Received bytes that wait for their reader, bounded by credit. */
export interface ReceiveBuffer {
  /** Can be read once. Rejects with the signal's reason, or with `timeout` when no bytes arrived for `idleMs`. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Returns false when the sender exceeds its credit. */
  push(bytes: Uint8Array): boolean;
  end(): void;
}

/**
 * Grants a window of bytes when `source` is first read, so that no byte of a refused file is sent; then as many as the
 * reader has processed.
 *
 * @param grantCredit informs the sender how many more bytes it may send
 */
export function createReceiveBuffer(
  grantCredit: (bytes: number) => void,
  idleMs: number,
  signal: AbortSignal,
): ReceiveBuffer {
  const waiting: Uint8Array[] = [];
  let allowed = 0;
  let ended = false;
  let wake: (() => void) | null = null;
  const wakeReader = (): void => wake?.();
  signal.addEventListener('abort', wakeReader, { once: true });

  function grant(bytes: number): void {
    if (bytes === 0) return;
    allowed += bytes;
    grantCredit(bytes);
  }

  async function waitForBytes(): Promise<void> {
    let late = false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        late = true;
        resolve();
      }, idleMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
    if (late)
      throw new Fault('timeout', `no more bytes of the file arrived for ${Math.round(idleMs / 1000)} s`, {
        hint: 'Upload it again.',
      });
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    grant(WINDOW_BYTES);
    for (;;) {
      throwIfAborted(signal);
      const chunk = waiting.shift();
      if (chunk !== undefined) {
        yield chunk;
        grant(chunk.length);
      } else if (ended) return;
      else await waitForBytes();
    }
  }

  return {
    source: { [Symbol.asyncIterator]: read },
    push(bytes) {
      if (ended || bytes.length > allowed) return false;
      allowed -= bytes.length;
      waiting.push(bytes);
      wakeReader();
      return true;
    },
    end() {
      ended = true;
      wakeReader();
    },
  };
}
