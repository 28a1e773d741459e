import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { IncomingMessage } from 'node:http';
import { WIRE_PROTOCOL } from '#shared/contract/kiosk-session.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Session, type SessionRef, type Transport, webSocketTransport } from '#shared/rpc/index.ts';
import { judge } from './gate.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { keepAlive } from './keep-alive.ts';
import { keepPort, lastPort } from './last-port.ts';
import { linkTo, publishLinks } from './link-file.ts';
import { type ReceiveUpload, serveUploads } from './receive-file.ts';
import { refusalPage, REFUSAL_POLICY } from './refusal-page.ts';
import { type FindFile, serveFiles } from './send-file.ts';
import { serveSession, welcome } from './session-routes.ts';
import { createSessions } from './sessions.ts';

/** Loopback, always: there is no option to listen elsewhere. */
const HOST = '127.0.0.1';
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Wires at once: a station has a few browsers. More would get round the bounds of one wire. */
const MOST_WIRES = 64;
const HEARTBEAT_MS = 15_000;
const LINK_SECRET_BYTES = 32;
const HEADERS_TIMEOUT_MS = 10_000;
/** The largest file over loopback, on a slow disk. */
const REQUEST_TIMEOUT_MS = 15 * 60_000;

/** The part of the station's log that a host writes to. */
export interface KioskLog {
  info(event: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(event: string, error: unknown): void;
}

export interface KioskOptions {
  /** What is served: a station, or its stand-in. */
  readonly station: {
    serve(transport: Transport, sessionRef: SessionRef): void;
    readonly file?: FindFile;
    readonly receiveUpload?: ReceiveUpload;
  };
  /** The built pages: a folder with an `index.html`. */
  readonly rendererDir: string;
  /** 0, the default: a free one. */
  readonly port?: number;
  /** Who sits at a browser that nobody has signed in at; an operator unless told. */
  readonly session?: Session;
  readonly heartbeatMs?: number;
  /** What is typed at a terminal for a new link; `gongwei kiosk link` when left out. */
  readonly linkCommand?: string;
  /** Where `makeLink` finds what links are made with; left out, this process alone makes links. */
  readonly dataDir?: string;
  readonly log: KioskLog;
}

export interface Kiosk extends AsyncDisposable {
  /** Opens the station in a browser, once; see `newSessionUrl`. It carries a token: never an argument of a program. */
  readonly url: string;
  readonly port: number;
  /** Another link that works once, for another browser or after the first was lost. */
  newSessionUrl(): string;
  /** Ends every page's wire and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves the station's pages and its wire on loopback.
 *
 * Faults: `file-missing` when the pages are not built, `port-busy` when the port is taken, `port-denied` when it may
 * not be opened.
 */
export async function startKiosk(options: KioskOptions): Promise<Kiosk> {
  const { rendererDir, log } = options;
  if (!existsSync(join(rendererDir, 'index.html'))) {
    throw new Fault('file-missing', `there are no built pages in ${rendererDir}`, {
      hint: 'Run: npm run build',
    });
  }
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The gate refuses a request without Host itself, with fewer words than Node.
    http: { requireHostHeader: false, headersTimeout: HEADERS_TIMEOUT_MS },
    // What cannot even be read as HTTP gets what everything refused gets: nothing.
    clientErrorHandler: (_error, socket) => void socket.destroy(),
    frameworkErrors: (_error, _request, reply) => refuse(reply as unknown as FastifyReply),
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as FastifyError).statusCode ?? 500;
    if (status >= 500) log.error('kiosk.request', error);
    void reply.code(status).send();
  });
  app.setNotFoundHandler((request, reply) => {
    // An address of before, or mistyped, by somebody who is in.
    if (request.headers['sec-fetch-dest'] === 'document') void reply.code(303).header('location', '/').send();
    else void reply.code(404).send();
  });
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      // Of what a page offers the other one is its key, which is not sent back.
      handleProtocols: (offered) => offered.has(WIRE_PROTOCOL) && WIRE_PROTOCOL,
    },
    errorHandler: (error, socket) => {
      log.error('kiosk.page', error);
      socket.terminate();
    },
  });
  const linkSecret = randomBytes(LINK_SECRET_BYTES);
  const sessions = createSessions(options.session ?? { role: 'operator', user: 'operator' }, linkSecret);
  /** Whose each request is, for as long as it lives. */
  const sessionRefs = new WeakMap<IncomingMessage, SessionRef>();
  // After the plugin, whose own hook must have seen a refused upgrade to hang up on it; before every route.
  guard(app);
  app.get('/ws', { websocket: true }, (socket, request) => {
    if (app.websocketServer.clients.size > MOST_WIRES) return socket.terminate();
    keepAlive(socket, options.heartbeatMs ?? HEARTBEAT_MS);
    options.station.serve(webSocketTransport(socket), sessionRefOf(request));
  });
  const { station } = options;
  serveFiles(
    app,
    (fileId, session) => station.file?.(fileId, session) ?? null,
    (request) => sessionRefs.get(request.raw)?.current ?? null,
  );
  serveSession(app, sessions, () => cookieNameOf(app), sessionRefOf);
  if (station.receiveUpload !== undefined)
    serveUploads(app, station.receiveUpload, (request) => sessionRefOf(request).current);
  await app.register(fastifyStatic, {
    root: rendererDir,
    dotfiles: 'ignore',
    redirect: false,
    cacheControl: false,
    etag: false,
    lastModified: false,
    acceptRanges: false,
  });

  await listenAgain(app, options);
  const port = portOf(app);
  const newSessionUrl = (): string => linkTo(port, sessions.newToken());
  const links = options.dataDir === undefined ? null : linksIn(options.dataDir, port);
  const close = async (): Promise<void> => {
    links?.[Symbol.dispose]();
    for (const socket of app.websocketServer.clients) socket.terminate();
    await app.close();
  };
  log.info('kiosk.listening', { port });
  return { url: newSessionUrl(), port, newSessionUrl, close, [Symbol.asyncDispose]: close };

  /** A full disk is no reason to serve nobody: this process can still make links. */
  function linksIn(dataDir: string, port: number): Disposable | null {
    try {
      return publishLinks(dataDir, port, linkSecret);
    } catch (error) {
      log.error('kiosk.links', error);
      return null;
    }
  }

  function sessionRefOf(request: FastifyRequest): SessionRef {
    const sessionRef = sessionRefs.get(request.raw);
    if (sessionRef === undefined) throw new Error('a request passed the gate without a session');
    return sessionRef;
  }

  /** Judges every request first, those for plugins' routes and for none included. */
  function guard(instance: FastifyInstance): void {
    instance.addHook('onRequest', async (request, reply) => {
      const cookieName = cookieNameOf(instance);
      const verdict = judge(request.raw, portOf(instance), cookieName, sessions);
      switch (verdict.kind) {
        case 'refuse':
          return verdict.words ? refuseInWords(reply, options.linkCommand) : refuse(reply);
        case 'welcome':
          return welcome(reply, cookieName, verdict.pass, verdict.led);
        case 'home':
          return reply.headers(SECURITY_HEADERS).code(303).header('location', '/').send();
        case 'enter':
          if (verdict.sessionRef !== null) sessionRefs.set(request.raw, verdict.sessionRef);
          void reply.headers(SECURITY_HEADERS);
          return undefined;
      }
    });
  }
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port;
}

/** Cookies do not tell ports apart: several kiosks on one computer must not share a name. */
function cookieNameOf(app: FastifyInstance): string {
  return `gongwei-${portOf(app)}`;
}

function refuseInWords(reply: FastifyReply, linkCommand: string | undefined): FastifyReply {
  const headers = { ...SECURITY_HEADERS, 'content-security-policy': REFUSAL_POLICY };
  return reply.headers(headers).code(403).type('text/html; charset=utf-8').send(refusalPage(linkCommand));
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(403).header('connection', 'close').send();
}

/**
 * Where any port will do, that of the last time, if it is free: pages and bookmarks from before then find the kiosk, which
 * says how to come in, instead of nobody.
 */
async function listenAgain(app: FastifyInstance, { port = 0, dataDir, log }: KioskOptions): Promise<void> {
  const last = port === 0 && dataDir !== undefined ? lastPort(dataDir) : null;
  if (last === null || !(await listened(app, last))) await listen(app, port);
  if (dataDir === undefined) return;
  try {
    keepPort(dataDir, portOf(app));
  } catch (error) {
    log.error('kiosk.port', error);
  }
}

async function listened(app: FastifyInstance, port: number): Promise<boolean> {
  try {
    await app.listen({ host: HOST, port });
    return true;
  } catch {
    return false;
  }
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: HOST, port });
  } catch (cause) {
    await app.close();
    const code = (cause as NodeJS.ErrnoException).code;
    const where = `${HOST}:${port}`;
    if (code === 'EADDRINUSE') {
      throw new Fault('port-busy', `${where} is taken by another program`, {
        hint: 'Choose another --port, or 0.',
        cause,
      });
    }
    if (code === 'EACCES') {
      throw new Fault('port-denied', `${where} may not be opened`, {
        hint: 'Choose a --port above 1023, or 0.',
        cause,
      });
    }
    throw cause;
  }
}
