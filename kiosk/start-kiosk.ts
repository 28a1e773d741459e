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
import { asListenFault } from '#node-kit/net/index.ts';
import { WIRE_PROTOCOL } from '#shared/contract/kiosk-session.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Session,
  type Transport,
  webSocketTransport,
  type Actor,
  type Role,
} from '#shared/rpc/index.ts';
import { checkRequest } from './gate.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { keepAlive } from './keep-alive.ts';
import { readSavedPort, savePort } from './saved-port.ts';
import { linkTo, publishLinks } from './link-file.ts';
import { type ReceiveUpload, serveUploads } from './receive-file.ts';
import { refusalPage, REFUSAL_POLICY } from './refusal-page.ts';
import { type FindFile, serveFiles } from './send-file.ts';
import { serveSession, signIn } from './session-routes.ts';
import { createSessions } from './sessions.ts';

/** Always loopback: there is no option to listen elsewhere. */
const HOST = '127.0.0.1';
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Connections at the same time. A station has few browsers; more would evade the limits of one connection. */
const MAX_CONNECTIONS = 64;
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
  /** The station that is served. */
  readonly station: {
    serve(transport: Transport, session: Session): void;
    readonly file?: FindFile;
    readonly receiveUpload?: ReceiveUpload;
  };
  /** The built pages: a folder with an `index.html`. */
  readonly rendererDir: string;
  /** 0, the default: a free one. */
  readonly port?: number;
  /** Who acts in a browser before anyone has signed in; an operator when left out. */
  readonly actor?: Actor<Role>;
  readonly heartbeatMs?: number;
  /** The clock of the sessions, in milliseconds since any moment; a test moves it. */
  readonly nowMs?: () => number;
  /** The command that prints a new link; `gongwei kiosk link` when left out. */
  readonly linkCommand?: string;
  /** The data directory where `makeLink` finds the secret of links; when left out, only this process makes links. */
  readonly dataDir?: string;
  readonly log: KioskLog;
}

export interface Kiosk extends AsyncDisposable {
  /** A link that opens the station in one browser. It contains a token: never pass it as an argument of a program. */
  readonly url: string;
  readonly port: number;
  /** Makes another link for one browser. */
  newSessionUrl(): string;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves the station's pages and its contract on loopback.
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
    // A request without Host is refused by the gate, which reveals less than Node.
    http: { requireHostHeader: false, headersTimeout: HEADERS_TIMEOUT_MS },
    // A request that is not HTTP gets no response.
    clientErrorHandler: (_error, socket) => void socket.destroy(),
    frameworkErrors: (_error, _request, reply) => refuse(reply as unknown as FastifyReply),
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as FastifyError).statusCode ?? 500;
    if (status >= 500) log.error('kiosk.request', error);
    void reply.code(status).send();
  });
  app.setNotFoundHandler((request, reply) => {
    // An outdated or mistyped address in a browser with a session.
    if (request.headers['sec-fetch-dest'] === 'document') void reply.code(303).header('location', '/').send();
    else void reply.code(404).send();
  });
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      // A page offers its key as the other protocol, which must not be sent back.
      handleProtocols: (offered) => offered.has(WIRE_PROTOCOL) && WIRE_PROTOCOL,
    },
    errorHandler: (error, socket) => {
      log.error('kiosk.page', error);
      socket.terminate();
    },
  });
  const linkSecret = randomBytes(LINK_SECRET_BYTES);
  const sessions = createSessions(
    options.actor ?? { role: 'operator', user: 'operator' },
    linkSecret,
    // Only a browser of this computer reaches the loopback address.
    { kind: 'browser', atComputer: true },
    options.nowMs,
  );
  /** The session of each request. */
  const requestSessions = new WeakMap<IncomingMessage, Session>();
  // After the plugin, whose own hook closes a refused upgrade; before every route.
  guard(app);
  app.get('/ws', { websocket: true }, (socket, request) => {
    if (app.websocketServer.clients.size > MAX_CONNECTIONS) return socket.terminate();
    keepAlive(socket, options.heartbeatMs ?? HEARTBEAT_MS);
    options.station.serve(webSocketTransport(socket), sessionOf(request));
  });
  const { station } = options;
  serveFiles(
    app,
    (fileId, by) => station.file?.(fileId, by) ?? null,
    (request) => requestSessions.get(request.raw)?.current ?? null,
  );
  serveSession(app, sessions, () => cookieNameOf(app), sessionOf);
  // A station that can be opened again finds the open one through `this`.
  const receiveUpload = station.receiveUpload?.bind(station);
  if (receiveUpload !== undefined) serveUploads(app, receiveUpload, (request) => sessionOf(request).current);
  await app.register(fastifyStatic, {
    root: rendererDir,
    dotfiles: 'ignore',
    redirect: false,
    cacheControl: false,
    etag: false,
    lastModified: false,
    acceptRanges: false,
  });

  await listenOnSavedPort(app, options);
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

  /** On a full disk the file is missing and the kiosk works: this process can still make links. */
  function linksIn(dataDir: string, port: number): Disposable | null {
    try {
      return publishLinks(dataDir, port, linkSecret);
    } catch (error) {
      log.error('kiosk.links', error);
      return null;
    }
  }

  function sessionOf(request: FastifyRequest): Session {
    const session = requestSessions.get(request.raw);
    if (session === undefined) throw new Error('a request passed the gate without a session');
    return session;
  }

  /** Checks every request before it is routed, also those without a route. */
  function guard(instance: FastifyInstance): void {
    instance.addHook('onRequest', async (request, reply) => {
      const cookieName = cookieNameOf(instance);
      const decision = checkRequest(request.raw, portOf(instance), cookieName, sessions);
      switch (decision.kind) {
        case 'refuse':
          return decision.explain ? refuseAndExplain(reply, options.linkCommand) : refuse(reply);
        case 'sign-in':
          return signIn(reply, cookieName, decision.credentials, decision.crossSite);
        case 'redirect-home':
          return reply.headers(SECURITY_HEADERS).code(303).header('location', '/').send();
        case 'admit':
          if (decision.session !== null) requestSessions.set(request.raw, decision.session);
          void reply.headers(SECURITY_HEADERS);
          return undefined;
      }
    });
  }
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port;
}

/** Browsers send a cookie to all ports of a host: several kiosks on one computer must not share a name. */
function cookieNameOf(app: FastifyInstance): string {
  return `gongwei-${portOf(app)}`;
}

function refuseAndExplain(reply: FastifyReply, linkCommand: string | undefined): FastifyReply {
  const headers = { ...SECURITY_HEADERS, 'content-security-policy': REFUSAL_POLICY };
  return reply.headers(headers).code(403).type('text/html; charset=utf-8').send(refusalPage(linkCommand));
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(403).header('connection', 'close').send();
}

/**
 * Listens on the port of the last start when any port is accepted and that one is free: an old page or bookmark then finds the
 * kiosk, which explains how to open it.
 */
async function listenOnSavedPort(
  app: FastifyInstance,
  { port = 0, dataDir, log }: KioskOptions,
): Promise<void> {
  const last = port === 0 && dataDir !== undefined ? readSavedPort(dataDir) : null;
  if (last === null || !(await tryListen(app, last))) await listen(app, port);
  if (dataDir === undefined) return;
  try {
    savePort(dataDir, portOf(app));
  } catch (error) {
    log.error('kiosk.port', error);
  }
}

async function tryListen(app: FastifyInstance, port: number): Promise<boolean> {
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
    throw asListenFault(cause, { service: 'HTTP', host: HOST, port });
  }
}
