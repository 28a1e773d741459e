import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Actor, type Role, Session, type Transport } from '#shared/rpc/index.ts';
import type { Access } from '../users/index.ts';
import type { Admission } from '../../core/admission/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import { publishSocket, socketPaths, withdrawSocket } from './control-file.ts';
import { type ControlReply, type ControlRequest, controlRequest } from './control-request.ts';
import { lineTransport } from './line-transport.ts';
import { readLine } from './read-line.ts';
import { perform } from './users-request.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 8;

export interface ControlOptions {
  readonly access: Access;
  readonly admission: Admission;
  readonly platform: Pick<Platform, 'log' | 'paths' | 'random'>;
  readonly uploads: UploadStore;
  /** Serves the contract of the pages to a command, with the session of its terminal. */
  readonly pages: { serve(transport: Transport, session: Session): void };
}

/**
 * Serves requests of this user's other processes while the station owns its data directory: one request and one reply, each a
 * line of JSON, over a Unix socket (a named pipe on Windows) that other users of the computer cannot open. A connection that asks
 * for the calls of the pages carries them from then on. Null where no socket can be made: the station works, and such commands are
 * refused with `data-busy`.
 */
export async function serveControl({
  access,
  admission,
  platform,
  uploads,
  pages,
}: ControlOptions): Promise<AsyncDisposable | null> {
  const { log, paths, random } = platform;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    void answer(socket).then((isCalling) => {
      if (!isCalling) socket.end();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;

  /** True when the connection carries calls from now on. */
  async function answer(socket: Socket): Promise<boolean> {
    const text = await readLine(socket, AbortSignal.timeout(REQUEST_TIMEOUT_MS));
    if (text === null) return false;
    const request = controlRequest.safeParse(parseJsonOrNull(text));
    const { reply, by } = await handle(request.success ? request.data : null);
    socket.write(`${JSON.stringify(reply)}\n`);
    if (by === null) return false;
    // The command waits for the reply before its first frame.
    pages.serve(lineTransport(socket), new Session(by));
    return true;
  }
  /** `by`: who makes calls over this connection from now on. */
  async function handle(
    request: ControlRequest | null,
  ): Promise<{ readonly reply: ControlReply; readonly by: Actor<Role> | null }> {
    try {
      if (request === null)
        throw new Fault('bad-input', 'the running station does not know this command', {
          hint: 'It is of another version: start it again, or stop it and repeat the command.',
        });
      admission.require();
      if (request.do === 'open-calls') return { reply: { open: true }, by: request.by };
      if (request.do === 'lend-path')
        return { reply: { fileId: uploads.lend(request.path, request.by.user) }, by: null };
      return { reply: { user: await perform(access, request) }, by: null };
    } catch (error) {
      if (!(error instanceof Fault)) log.error('control.defect', error);
      const fault =
        error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
      return { reply: { fault: fault.toView() }, by: null };
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
