import type { Socket } from 'node:net';

const MAX_CHARACTERS = 16 * 1024;

/** Reads the first line; null when the connection ends before, when it is too long, and when the signal fires. */
export function readLine(socket: Socket, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const settle = (line: string | null): void => {
      socket.off('data', take);
      socket.off('close', end);
      socket.off('end', end);
      signal.removeEventListener('abort', end);
      resolve(line);
    };
    const end = (): void => settle(null);
    const take = (chunk: string): void => {
      text += chunk;
      const at = text.indexOf('\n');
      if (at >= 0) settle(text.slice(0, at));
      else if (text.length > MAX_CHARACTERS) settle(null);
    };
    socket.setEncoding('utf8');
    socket.on('data', take);
    socket.on('end', end);
    socket.on('close', end);
    signal.addEventListener('abort', end, { once: true });
  });
}
