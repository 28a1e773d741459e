import { FILE_PORT_MESSAGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sendUpload } from '#shared/files/index.ts';
import type { FileTransfer } from './file-transfer.ts';
import { portTransport } from '../client/index.ts';

/** The host answers at once, with or without a port; no answer is a fault. */
const PORT_TIMEOUT_MS = 10_000;

/**
 * For a desktop window: each file has its own port to the station's process, and only the chunks that the station
 * requested are in memory. The window downloads files of the station as a browser does.
 */
export function portTransfer(
  bridge: HostBridge,
  window: Window,
  { fetch, read }: Pick<FileTransfer, 'fetch' | 'read'>,
): FileTransfer {
  /** Ports are interchangeable: the oldest request gets the next one. */
  const waiting = new Set<(port: MessagePort | null) => void>();
  window.addEventListener('message', (event: MessageEvent) => {
    // Ports are accepted from this window only, not from a frame or an opener.
    if (event.source !== window || event.data !== FILE_PORT_MESSAGE) return;
    const port = event.ports[0] ?? null;
    const [taker] = waiting;
    if (taker === undefined) port?.close();
    else taker(port);
  });

  /** `null`: there is no station, or no request waits for a port. */
  function takePort(signal: AbortSignal): Promise<MessagePort | null> {
    return new Promise((resolve) => {
      const take = (port: MessagePort | null): void => {
        waiting.delete(take);
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        resolve(port);
      };
      const leave = (): void => take(null);
      const timer = setTimeout(leave, PORT_TIMEOUT_MS);
      signal.addEventListener('abort', leave);
      waiting.add(take);
      bridge.openUploadPort();
    });
  }

  return {
    fetch,
    read,
    async send(file, onProgress, signal) {
      const port = signal.aborted ? null : await takePort(signal);
      if (signal.aborted) {
        port?.close();
        throw new Fault('cancelled', `${file.name} was not sent`);
      }
      if (port === null) {
        throw new Fault('disconnected', `${file.name} did not reach the station`, {
          hint: 'Upload it again.',
        });
      }
      const source = {
        name: file.name,
        sizeBytes: file.size,
        read: (at: number, length: number) => readPiece(file, at, length),
      };
      const { fileId, name } = await sendUpload(portTransport(port), source, onProgress, signal);
      return { fileId, name };
    },
  };
}

async function readPiece(file: File, at: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(at, at + length).arrayBuffer());
  } catch (cause) {
    // The file was removed or changed since it was dropped.
    throw new Fault('file-missing', `${file.name} cannot be read any more`, {
      hint: 'Upload it again.',
      cause,
    });
  }
}
