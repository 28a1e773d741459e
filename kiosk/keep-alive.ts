import type { WebSocket } from 'ws';

/** A page that lags this far behind what is sent to it is cut off; it reconnects and resumes. */
const BACKLOG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Ends a socket whose other end is gone without a word (a laptop closed, a tab frozen) or no longer reads, at the
 * latest after two intervals. A browser answers pings by itself.
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
