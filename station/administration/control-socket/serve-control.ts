import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Access } from '../users/index.ts';
import type { Admission } from '../../core/admission/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { publishSocket, socketPaths, withdrawSocket } from './control-file.ts';
import { type UsersReply, usersRequest, perform } from './users-request.ts';
import { readLine } from './read-line.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 8;

export interface ControlOptions {
  readonly access: Access;
  readonly admission: Admission;
  readonly platform: Pick<Platform, 'log' | 'paths' | 'random'>;
}

/**
 * Serves requests of this user's other processes while the station owns its data directory: one request and one reply, each a
 * line of JSON, over a Unix socket (a named pipe on Windows) that other users of the computer cannot open. Null where no socket
 * can be made: the station works, and such commands are refused with `data-busy`.
 */
export async function serveControl({
  access,
  admission,
  platform,
}: ControlOptions): Promise<AsyncDisposable | null> {
  const { log, paths, random } = platform;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    void answer(socket).finally(() => socket.end());
  });
  server.maxConnections = MAX_CONNECTIONS;

  async function answer(socket: Socket): Promise<void> {
    const text = await readLine(socket, AbortSignal.timeout(REQUEST_TIMEOUT_MS));
    if (text === null) return;
    socket.write(`${JSON.stringify(await reply(text))}\n`);
  }
  async function reply(text: string): Promise<UsersReply> {
    try {
      const request = usersRequest.safeParse(parseJsonOrNull(text));
      if (!request.success)
        throw new Fault('bad-input', 'the running station does not know this command', {
          hint: 'It is of another version: start it again, or stop it and repeat the command.',
        });
      admission.require();
      return { user: await perform(access, request.data) };
    } catch (error) {
      if (!(error instanceof Fault)) log.error('control.defect', error);
      const fault =
        error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
      return { fault: fault.toView() };
    }
  }

  const path = await listen(
    server,
    socketPaths(paths.dataDir, Buffer.from(random.bytes(16)).toString('hex')),
  );
  if (path === null) {
    log.warn('control.absent', { why: 'no socket can be made' });
    return null;
  }
  try {
    if (hostSystem().localServer === 'socket-file') chmodSync(path, 0o600);
    publishSocket(paths.dataDir, path);
  } catch (error) {
    log.error('control.absent', error);
  }
  return {
    async [Symbol.asyncDispose]() {
      withdrawSocket(paths.dataDir, path);
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, paths: readonly (() => string)[]): Promise<string | null> {
  for (const makePath of paths) {
    try {
      const path = makePath();
      // This process owns the data directory: an existing socket is that of a station that was killed.
      if (hostSystem().localServer === 'socket-file') rmSync(path, { force: true });
      server.listen(path);
      await once(server, 'listening');
      // The socket alone must not keep the process running.
      server.unref();
      return path;
    } catch {
      // Network file systems have no sockets: the next path is tried.
    }
  }
  return null;
}
