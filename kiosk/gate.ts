import type { IncomingMessage } from 'node:http';
import { ENDED_TARGET, KEY_HEADER, KEY_PROTOCOL } from '#shared/contract/kiosk-session.ts';
import type { Session } from '#shared/rpc/index.ts';
import type { SessionCredentials, Sessions } from './sessions.ts';

/** What is done with a request. */
export type RequestDecision =
  /** Refused without a reason. With `explain` a person who has opened the address gets a page that explains it. */
  | { readonly kind: 'refuse'; readonly explain: boolean }
  /** A link was used for the first time. `crossSite`: the request came from another site or a local redirect file. */
  | { readonly kind: 'sign-in'; readonly credentials: SessionCredentials; readonly crossSite: boolean }
  /** A browser with a session has opened a used link: it is redirected to an address without the token. */
  | { readonly kind: 'redirect-home' }
  /** The cookie is valid. `session` is `null` without the key: the page itself is served, but nothing of the station. */
  | { readonly kind: 'admit'; readonly session: Session | null };

const REFUSE: RequestDecision = { kind: 'refuse', explain: false };
const REFUSE_AND_EXPLAIN: RequestDecision = { kind: 'refuse', explain: true };
/** The only address that accepts a body: an upload with its name. */
const FILE_TARGET = /^\/files\?name=[\w.~!'()*%-]{1,1000}$/;
/** The files that a page loads while it is open, as the build names them. They are the same in each browser. */
const PAGE_FILE = /^\/assets\/[\w.-]+$/;
const BODILESS_POSTS: ReadonlySet<string> = new Set(['/session', '/tickets']);

/**
 * Checks a request by its headers, before any route handles it. Every page in the browsers of this computer can send requests
 * to loopback, and an attacker's host name can be made to resolve to it (DNS rebinding). So Host must be this address, and
 * Origin and Sec-Fetch-Site must not contradict it. A browser sends the cookie to other ports, too, where another user may
 * listen; it is worth nothing without the key, which only pages of this origin have.
 */
export function checkRequest(
  request: IncomingMessage,
  port: number,
  cookieName: string,
  sessions: Sessions,
): RequestDecision {
  const { headers, method } = request;
  const target = request.url ?? '';
  const upgrade = headers.upgrade !== undefined;
  const isUpload = method === 'POST' && FILE_TARGET.test(target);
  const posts = isUpload || (method === 'POST' && BODILESS_POSTS.has(target));
  if (method !== 'GET' && method !== 'HEAD' && !posts) return REFUSE;
  if (!target.startsWith('/') || target.startsWith('//')) return REFUSE;
  if (!isOurHost(request, port) || !isOurOrigin(headers.origin, headers.host, upgrade || posts))
    return REFUSE;
  // Only an upload has a body, and its length must be known.
  if (headers['transfer-encoding'] !== undefined || !isAllowedLength(headers, isUpload)) return REFUSE;
  if (upgrade && (posts || target !== '/ws')) return REFUSE;

  const token = tokenOf(target);
  const opensPage =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const site = headers['sec-fetch-site'];
  const crossSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  // A person who has opened an address of the kiosk gets an explanation, also by a reload of a page that another site or a file
  // had opened. A frame or a script of another site gets none.
  const refusal = opensPage ? REFUSE_AND_EXPLAIN : REFUSE;
  // From another site only a link is accepted, because its token is secret.
  if (crossSite && (!opensPage || token === null)) return refusal;

  if (token !== null && !upgrade && method === 'GET' && !isPrefetch(headers)) {
    const credentials = sessions.exchange(token);
    if (credentials !== null) return { kind: 'sign-in', credentials, crossSite };
  }
  const candidates = credentialsOf(request, cookieName);
  if (PAGE_FILE.test(target) && !posts && candidates.some(({ sessionId }) => sessions.wasReplaced(sessionId)))
    return { kind: 'admit', session: null };
  if (target === ENDED_TARGET || !candidates.some(({ sessionId }) => sessions.known(sessionId)))
    return refusal;
  if (token !== null) return { kind: 'redirect-home' };
  // A session that must be renewed cannot be used before.
  if (target === '/session') return { kind: 'admit', session: null };
  const session = findSession(candidates, target, sessions);
  return session === null && (upgrade || posts) ? REFUSE : { kind: 'admit', session };
}

/** All credentials in a request: there may be several cookies of one name, and the key may be missing. */
export function credentialsOf({ headers }: IncomingMessage, cookieName: string): SessionCredentials[] {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const protocol = offered.find((text) => text.startsWith(KEY_PROTOCOL));
  const header = headers[KEY_HEADER];
  const key = typeof header === 'string' ? header : (protocol?.slice(KEY_PROTOCOL.length) ?? '');
  return (headers.cookie ?? '')
    .split(';')
    .map((text) => text.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => ({ sessionId: pair.slice(cookieName.length + 1), key }));
}

function findSession(
  candidates: readonly SessionCredentials[],
  target: string,
  sessions: Sessions,
): Session | null {
  const ticket = /^\/files\/[^?]*\?ticket=([\w-]{1,128})$/.exec(target)?.[1];
  for (const candidate of candidates) {
    const session =
      ticket === undefined ? sessions.find(candidate) : sessions.useTicket(candidate.sessionId, ticket);
    if (session !== null) return session;
  }
  return null;
}

/** Whether the browser loads a link before the user has opened it; such a request must not use up the token. */
function isPrefetch(headers: IncomingMessage['headers']): boolean {
  return headers['sec-purpose'] !== undefined || headers['purpose'] === 'prefetch';
}

function isOurHost(request: IncomingMessage, port: number): boolean {
  // Node keeps only the first of several Host headers; a request with two is an attack.
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const host = request.headers.host;
  return hosts.length === 1 && (host === `127.0.0.1:${port}` || host === `localhost:${port}`);
}

/** A form of another site can send this content type only after a preflight request, which is refused. */
function isAllowedLength(headers: IncomingMessage['headers'], isUpload: boolean): boolean {
  const length = headers['content-length'];
  if (!isUpload) return (length ?? '0') === '0';
  return headers['content-type'] === 'application/octet-stream' && /^(0|[1-9]\d{0,11})$/.test(length ?? '');
}

/** A browser always sends Origin with a WebSocket and with POST; elsewhere it may be absent. */
function isOurOrigin(origin: string | undefined, host: string | undefined, always: boolean): boolean {
  return origin === undefined ? !always : origin === `http://${host}`;
}

/** The token of `/?token=…`, the one address a link has. */
function tokenOf(target: string): string | null {
  return /^\/\?token=([\w-]{1,128})$/.exec(target)?.[1] ?? null;
}
