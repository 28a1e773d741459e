import type { Socket } from 'node:net';
import { createReceivingEnd, type Transport } from '#shared/rpc/index.ts';

/** The longest frame, in characters: a template of a label with a picture. */
const MAX_FRAME = 16 * 1024 * 1024;
/** The most bytes that may wait for a peer that reads slowly; then the connection is closed. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/**
 * Frames as lines of JSON over an open socket. A line that is not JSON or is too long closes it, and so does a peer that
 * never reads.
 */
export function lineTransport(socket: Socket): Transport {
  const end = createReceivingEnd();
  let text = '';
  const close = (): void => {
    end.close();
    socket.end();
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    if (!end.isOpen) return;
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const message = parsed(line);
      if (message === null) return close();
      end.deliver(message.value);
    }
    if (text.length > MAX_FRAME) close();
  });
  // An error is always followed by close.
  socket.on('error', () => undefined);
  socket.on('close', () => end.reportClosed());
  return {
    send(message) {
      if (!end.isOpen || !socket.writable) return;
      if (socket.writableLength > MAX_UNSENT_BYTES) {
        end.close();
        socket.destroy();
        return;
      }
      socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: end.onMessage,
    onClose: end.onClose,
    close,
  };
}

/** Null for a line that is not JSON. */
function parsed(line: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return null;
  }
}
