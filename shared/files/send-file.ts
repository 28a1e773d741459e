import { Fault, throwIfAborted } from '../domain/fault.ts';
import type { Transport } from '../rpc/index.ts';
import { type Upload, CHUNK_BYTES, receiverFrame, type SenderFrame } from './frames.ts';

/** A file that can be read in chunks. */
export interface FileSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** Reads `length` bytes at offset `at`; never more than `CHUNK_BYTES`. */
  read(at: number, length: number): Promise<Uint8Array>;
}

/**
 * Sends one file over a connection of its own, as fast as the receiver processes it, and closes the connection. Faults:
 * those of the receiver and of `read`, `disconnected` when the connection closes earlier, the signal's reason.
 *
 * @param onProgress receives the number of bytes sent so far
 */
export async function sendUpload(
  transport: Transport,
  file: FileSource,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  const send = (frame: SenderFrame): void => transport.send(frame);
  const outcome = Promise.withResolvers<Upload>();
  let allowed = 0;
  let ended = false;
  let wake: (() => void) | null = null;
  const settle = (how: () => void): void => {
    ended = true;
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
  // It is awaited at the end only: until then a rejection must not count as unhandled.
  outcome.promise.catch(() => undefined);

  transport.onClose(() => settle(() => outcome.reject(lost(file.name))));
  transport.onMessage((message) => {
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

  async function sendBytes(): Promise<void> {
    let sent = 0;
    while (sent < file.sizeBytes) {
      while (allowed === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      if (ended) return;
      const length = Math.min(CHUNK_BYTES, allowed, file.sizeBytes - sent);
      const bytes = await file.read(sent, length);
      if (ended) return;
      send({ t: 'bytes', bytes });
      allowed -= length;
      sent += length;
      onProgress(sent);
    }
    send({ t: 'end' });
  }

  try {
    throwIfAborted(signal);
    signal.addEventListener('abort', stop, { once: true });
    send({ t: 'offer', name: file.name, sizeBytes: file.sizeBytes });
    await sendBytes();
    return await outcome.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}

function lost(name: string): Fault {
  return new Fault('disconnected', `${name} did not reach the station`, { hint: 'Upload it again.' });
}
