import { Fault, throwIfAborted } from '../domain/fault.ts';
import { WINDOW_BYTES } from './frames.ts';

/** Bytes that come when they come, for somebody who takes them when there is time. */
export interface ReceiveBuffer {
  /** To be read once. Rejects with the signal's reason, or `timeout` when nothing has come for `idleMs`. */
  readonly source: AsyncIterable<Uint8Array>;
  /** False when more came than was allowed: the other side does not keep to the rules. */
  push(bytes: Uint8Array): boolean;
  end(): void;
}

/**
 * Nothing is allowed before `source` is read, so that a file which is refused does not set out; from then on as much as
 * has been worked off, up to a window.
 *
 * @param allow tells the other side how many more bytes it may send
 */
export function createReceiveBuffer(
  allow: (bytes: number) => void,
  idleMs: number,
  signal: AbortSignal,
): ReceiveBuffer {
  const waiting: Uint8Array[] = [];
  let allowed = 0;
  let ended = false;
  let wake: (() => void) | null = null;
  const stir = (): void => wake?.();
  signal.addEventListener('abort', stir, { once: true });

  function grant(bytes: number): void {
    if (bytes === 0) return;
    allowed += bytes;
    allow(bytes);
  }

  async function stirred(): Promise<void> {
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
      throw new Fault('timeout', `nothing more of the file came for ${Math.round(idleMs / 1000)} s`, {
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
      else await stirred();
    }
  }

  return {
    source: { [Symbol.asyncIterator]: read },
    push(bytes) {
      if (ended || bytes.length > allowed) return false;
      allowed -= bytes.length;
      waiting.push(bytes);
      stir();
      return true;
    },
    end() {
      ended = true;
      stir();
    },
  };
}
