import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import type { UserView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { findSocket } from './control-file.ts';
import { usersReply, type UsersRequest } from './users-request.ts';
import { readLine } from './read-line.ts';

/** PIN hashes are computed one at a time, so a reply may wait for earlier ones. */
const REPLY_TIMEOUT_MS = 30_000;

/**
 * Sends a request to the station that runs on a data directory; null when no station listens. Faults: those of the station,
 * `data-busy` when it does not reply.
 */
export async function sendToRunningStation(dataDir: string, request: UsersRequest): Promise<UserView | null> {
  const path = findSocket(dataDir);
  const socket = path === null ? null : await open(path);
  if (socket === null) return null;
  try {
    const reply = readLine(socket, AbortSignal.timeout(REPLY_TIMEOUT_MS));
    socket.write(`${JSON.stringify(request)}\n`);
    const parsed = usersReply.safeParse(parseJsonOrNull((await reply) ?? ''));
    if (!parsed.success)
      throw new Fault('data-busy', `the station that runs on ${dataDir} does not answer`, {
        hint: 'The command may have been executed: check with "user list", and repeat it if not.',
      });
    if ('user' in parsed.data) return parsed.data.user;
    throw Fault.fromView(parsed.data.fault);
  } finally {
    socket.destroy();
  }
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
