import { Fault, throwIfAborted } from '../domain/fault.ts';
import type { Transport } from '../rpc/index.ts';
import { type Upload, CHUNK_BYTES, receiverFrame, type SenderFrame } from './frames.ts';

/** A file that can be read piece by piece. */
export interface FileSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** `length` bytes from `at`; the sender never asks for more than a chunk. */
  read(at: number, length: number): Promise<Uint8Array>;
}

/**
 * Sends one file over a wire that is there for it alone, as fast as the other side works it off, and hangs up. Faults:
 * those of the receiver, `disconnected` when the wire ends before, the signal's reason, what `read` rejects with.
 *
 * @param onProgress hears how many bytes have gone out
 */
export async function sendUpload(
  wire: Transport,
  file: FileSource,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  const say = (frame: SenderFrame): void => wire.send(frame);
  const outcome = Promise.withResolvers<Upload>();
  let allowed = 0;
  let over = false;
  let wake: (() => void) | null = null;
  const settle = (how: () => void): void => {
    over = true;
    how();
    wake?.();
  };
  const stop = (): void =>
    settle(() =>
      outcome.reject(
        signal.reason instanceof Fault
          ? signal.reason
          : new Fault('cancelled', `${file.name} was not sent to its end`),
      ),
    );
  // It is awaited at the end; until then its rejection is no news.
  outcome.promise.catch(() => undefined);

  wire.onClose(() => settle(() => outcome.reject(lost(file.name))));
  wire.onMessage((message) => {
    const parsed = receiverFrame.safeParse(message);
    if (!parsed.success) return settle(() => outcome.reject(lost(file.name)));
    const frame = parsed.data;
    switch (frame.t) {
      case 'more':
        allowed += frame.bytes;
        wake?.();
        return;
      case 'taken':
        return settle(() => outcome.resolve(frame.file));
      case 'fault':
        return settle(() =>
          outcome.reject(
            new Fault(frame.code, frame.message, frame.hint === null ? {} : { hint: frame.hint }),
          ),
        );
    }
  });

  async function pour(): Promise<void> {
    let sent = 0;
    while (sent < file.sizeBytes) {
      while (allowed === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
      if (over) return;
      const length = Math.min(CHUNK_BYTES, allowed, file.sizeBytes - sent);
      const bytes = await file.read(sent, length);
      if (over) return;
      say({ t: 'bytes', bytes });
      allowed -= length;
      sent += length;
      onProgress(sent);
    }
    say({ t: 'end' });
  }

  try {
    throwIfAborted(signal);
    signal.addEventListener('abort', stop, { once: true });
    say({ t: 'offer', name: file.name, sizeBytes: file.sizeBytes });
    await pour();
    return await outcome.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    wire.close();
  }
}

function lost(name: string): Fault {
  return new Fault('disconnected', `${name} did not reach the station`, { hint: 'Upload it again.' });
}
