import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import type { UserView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor, Role, Transport } from '#shared/rpc/index.ts';
import { findSocket } from './control-file.ts';
import { type ControlReply, controlReply, type ControlRequest } from './control-request.ts';
import { lineTransport } from './line-transport.ts';
import type { UsersRequest } from './users-request.ts';
import { readLine } from './read-line.ts';

/** PIN hashes are computed one at a time, so a reply may wait for earlier ones. */
const REPLY_TIMEOUT_MS = 30_000;

/**
 * Sends a request about users to the station that runs on a data directory; null when no station listens. Faults: those of the
 * station, `data-busy` when it does not reply.
 */
export async function sendToRunningStation(dataDir: string, request: UsersRequest): Promise<UserView | null> {
  const asked = await ask(dataDir, request);
  asked?.socket.destroy();
  return asked !== null && 'user' in asked.reply ? asked.reply.user : null;
}

/**
 * The calls of the pages at the station that runs on a data directory, as the user of the terminal; null when no station
 * listens. Faults: those of `sendToRunningStation`.
 */
export async function callRunningStation(dataDir: string, by: Actor<Role>): Promise<Transport | null> {
  const asked = await ask(dataDir, { do: 'open-calls', by });
  return asked === null ? null : lineTransport(asked.socket);
}

/**
 * An id under which calls take a file or folder of this computer, in place of an upload; null when no station listens. Faults:
 * those of `sendToRunningStation`.
 */
export async function lendToRunningStation(
  dataDir: string,
  path: string,
  by: Actor<Role>,
): Promise<string | null> {
  const asked = await ask(dataDir, { do: 'lend-path', path, by });
  asked?.socket.destroy();
  return asked !== null && 'fileId' in asked.reply ? asked.reply.fileId : null;
}

async function ask(
  dataDir: string,
  request: ControlRequest,
): Promise<{ readonly socket: Socket; readonly reply: ControlReply } | null> {
  const path = findSocket(dataDir);
  const socket = path === null ? null : await open(path);
  if (socket === null) return null;
  const reply = readLine(socket, AbortSignal.timeout(REPLY_TIMEOUT_MS));
  socket.write(`${JSON.stringify(request)}\n`);
  const parsed = controlReply.safeParse(parseJsonOrNull((await reply) ?? ''));
  if (parsed.success && !('fault' in parsed.data)) return { socket, reply: parsed.data };
  socket.destroy();
  if (parsed.success && 'fault' in parsed.data) throw Fault.fromView(parsed.data.fault);
  throw new Fault('data-busy', `the station that runs on ${dataDir} does not answer`, {
    hint: 'The command may have been executed: look at the state, and repeat it if not.',
  });
}

/** True when a station runs on a data directory and accepts requests. */
export async function isStationRunning(dataDir: string): Promise<boolean> {
  const path = findSocket(dataDir);
  const socket = path === null ? null : await open(path);
  socket?.destroy();
  return socket !== null;
}

async function open(path: string): Promise<Socket | null> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return socket;
  } catch {
    socket.destroy();
    return null;
  }
}
