import type { Socket } from 'node:net';

const MAX_CHARACTERS = 16 * 1024;

/** Reads the first line; null when the connection ends before, when it is too long, and when the signal fires. */
export function readLine(socket: Socket, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const settle = (line: string | null): void => {
      socket.off('data', append);
      socket.off('close', fail);
      socket.off('end', fail);
      signal.removeEventListener('abort', fail);
      resolve(line);
    };
    const fail = (): void => settle(null);
    const append = (chunk: string): void => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) settle(text.slice(0, end));
      else if (text.length > MAX_CHARACTERS) settle(null);
    };
    socket.setEncoding('utf8');
    socket.on('data', append);
    socket.on('end', fail);
    socket.on('close', fail);
    signal.addEventListener('abort', fail, { once: true });
  });
}
