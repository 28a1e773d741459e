import { connect, type Socket } from 'node:net';
import { raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { createByteBacklog } from '#shared/codec/byte-backlog.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ByteLink, SerialPorts } from '../../../core/platform/index.ts';
import { createPace } from './pace.ts';

const CONNECT_MS = 5000;
/** What waits for a listener; the rest waits at its sender. */
const MOST_WAITING_BYTES = 256 * 1024;

export function isTcpPath(path: string): boolean {
  return path.startsWith('tcp://');
}

/** Wires over TCP, as `tcp://host:port`; baud rate and parity mean nothing to them. */
export function createTcpPorts(): SerialPorts {
  return {
    async open(path, _settings, signal) {
      throwIfAborted(signal);
      const { hostname, port } = addressOf(path);
      const socket = connect({ host: hostname, port, noDelay: true, keepAlive: true });
      const connected = new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', (error) => reject(unreachable(path, error)));
      });
      try {
        await withDeadline(connected, {
          timeoutMs: CONNECT_MS,
          signal,
          onTimeout: () => {
            throw unreachable(path, new Error('it does not answer'));
          },
        });
      } catch (error) {
        socket.destroy();
        throwIfAborted(signal);
        throw error;
      }
      socket.removeAllListeners('error');
      return createLink(path, socket);
    },
  };
}

function createLink(path: string, socket: Socket): ByteLink {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const waiting = createByteBacklog(2 * MOST_WAITING_BYTES);
  const pace = createPace(socket);
  let lost: Fault | null = null;
  let closing = false;
  const lostListeners: ((fault: Fault) => void)[] = [];
  const lose = (cause: unknown): void => {
    if (closing || lost !== null) return;
    lost = new Fault('port-lost', `${path} ended the connection while in use`, {
      hint: 'Check the network and the unit, then start it again.',
      details: { port: path },
      cause,
    });
    pace[Symbol.dispose]();
    socket.destroy();
    for (const tell of lostListeners) tell(lost);
  };
  socket.on('data', (bytes: Buffer) => {
    pace.note(bytes.length);
    if (listener !== null) return listener(bytes);
    waiting.push(bytes);
    if (waiting.length >= MOST_WAITING_BYTES) pace.hold();
  });
  socket.on('error', lose);
  socket.on('close', () => lose(null));

  return {
    path,
    async write(bytes, signal) {
      if (lost !== null) throw lost;
      const sent = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error === undefined || error === null) return resolve();
          lose(error);
          reject(lost ?? error);
        });
      });
      await raceAbort(sent, signal);
    },
    onBytes(next) {
      listener = next;
      if (next === null) return;
      for (const bytes of waiting.take()) next(bytes);
      pace.goOn();
    },
    onLost(tell) {
      if (lost !== null) tell(lost);
      else lostListeners.push(tell);
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      pace[Symbol.dispose]();
      if (socket.destroyed) return;
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
        socket.destroy();
      });
    },
  };
}

function addressOf(path: string): { readonly hostname: string; readonly port: number } {
  const url = URL.canParse(path) ? new URL(path) : null;
  const port = Number(url?.port ?? '');
  if (url !== null && url.hostname !== '' && port > 0)
    return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
  throw new Fault('bad-input', `${path} is no address of a wire over TCP`, {
    hint: 'Write it as tcp://host:port.',
  });
}

function unreachable(path: string, cause: Error): Fault {
  return new Fault('port-missing', `${path} cannot be reached: ${cause.message}`, {
    hint: 'Check that the unit has power and is on this network.',
    details: { port: path },
    cause,
  });
}
