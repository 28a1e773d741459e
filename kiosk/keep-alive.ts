import type { WebSocket } from 'ws';

/** A page with more unsent data is disconnected; it reconnects and resumes. */
const BACKLOG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Closes a socket whose browser has vanished (a laptop was closed, a tab is frozen) or no longer reads, after two intervals at
 * most. A browser answers pings by itself.
 */
export function keepAlive(socket: WebSocket, intervalMs: number): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered || socket.bufferedAmount > BACKLOG_LIMIT_BYTES) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, intervalMs);
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => clearInterval(timer));
}
