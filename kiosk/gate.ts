import type { IncomingMessage } from 'node:http';
import { ENDED_TARGET, KEY_HEADER, KEY_PROTOCOL } from '#shared/contract/kiosk-session.ts';
import type { SessionRef } from '#shared/rpc/index.ts';
import type { Pass, Sessions } from './sessions.ts';

/** What becomes of a request. */
export type Verdict =
  /** Answers nothing: not why, not whether anything is here; `words` to a person who has opened the address. */
  | { readonly kind: 'refuse'; readonly words: boolean }
  /** A link was used for the first time. `led` came here from another site, the station's own redirect file included. */
  | { readonly kind: 'welcome'; readonly pass: Pass; readonly led: boolean }
  /** Somebody who is in already opened a used link: take the token out of the address. */
  | { readonly kind: 'home' }
  /** The cookie fits. Without the key too there is no sessionRef: the page may be had, and nothing of the station. */
  | { readonly kind: 'enter'; readonly sessionRef: SessionRef | null };

const REFUSE: Verdict = { kind: 'refuse', words: false };
const REFUSE_IN_WORDS: Verdict = { kind: 'refuse', words: true };
/** The one address that takes something: a file with its name. */
const FILE_TARGET = /^\/files\?name=[\w.~!'()*%-]{1,1000}$/;
const BODILESS_POSTS: ReadonlySet<string> = new Set(['/session', '/tickets']);

/**
 * Judges a request by its first lines, before any route sees it. Every page in every tab of this computer's browser
 * can send requests to loopback, and a name of the attacker's can be made to point here (DNS rebinding): so Host must
 * be this very address, Origin and Sec-Fetch-Site must not say otherwise. The cookie goes to other ports as well,
 * where another user may listen: it opens nothing without the key, which only pages of this origin have.
 */
export function judge(
  request: IncomingMessage,
  port: number,
  cookieName: string,
  sessions: Sessions,
): Verdict {
  const { headers, method } = request;
  const target = request.url ?? '';
  const upgrade = headers.upgrade !== undefined;
  const bringsFile = method === 'POST' && FILE_TARGET.test(target);
  const posts = bringsFile || (method === 'POST' && BODILESS_POSTS.has(target));
  if (method !== 'GET' && method !== 'HEAD' && !posts) return REFUSE;
  if (!target.startsWith('/') || target.startsWith('//')) return REFUSE;
  if (!hostIsOurs(request, port) || !originFits(headers.origin, headers.host, upgrade || posts))
    return REFUSE;
  // A body has no business here, and would outlive the answer; except a file, whose length must be known.
  if (headers['transfer-encoding'] !== undefined || !lengthFits(headers, bringsFile)) return REFUSE;
  if (upgrade && (posts || target !== '/ws')) return REFUSE;

  const token = tokenOf(target);
  const opensPage =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const site = headers['sec-fetch-site'];
  const led = site !== undefined && site !== 'same-origin' && site !== 'none';
  // A person who has opened an address of the kiosk reads why it does not open the station and what does. A reload of what
  // another site or a file led to still comes from there; a frame or a script of another site gets nothing.
  const refusal = opensPage ? REFUSE_IN_WORDS : REFUSE;
  // From another site only a link leads here, and its token is secret.
  if (led && (!opensPage || token === null)) return refusal;

  if (token !== null && !upgrade && method === 'GET' && !looksAhead(headers)) {
    const pass = sessions.exchange(token);
    if (pass !== null) return { kind: 'welcome', pass, led };
  }
  const passes = passesOf(request, cookieName);
  if (target === ENDED_TARGET || !passes.some(({ sessionId }) => sessions.known(sessionId))) return refusal;
  if (token !== null) return { kind: 'home' };
  // A session that must be renewed has no session until it has been.
  if (target === '/session') return { kind: 'enter', sessionRef: null };
  const sessionRef = sessionRefOf(passes, target, sessions);
  return sessionRef === null && (upgrade || posts) ? REFUSE : { kind: 'enter', sessionRef };
}

/** Every pass that the request shows: there may be several cookies of one name, and the key may be missing. */
export function passesOf({ headers }: IncomingMessage, cookieName: string): Pass[] {
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

function sessionRefOf(passes: readonly Pass[], target: string, sessions: Sessions): SessionRef | null {
  const ticket = /^\/files\/[^?]*\?ticket=([\w-]{1,128})$/.exec(target)?.[1];
  for (const pass of passes) {
    const sessionRef =
      ticket === undefined ? sessions.sessionRef(pass) : sessions.useTicket(pass.sessionId, ticket);
    if (sessionRef !== null) return sessionRef;
  }
  return null;
}

/** A browser that loads a link ahead of its user must not use it up. */
function looksAhead(headers: IncomingMessage['headers']): boolean {
  return headers['sec-purpose'] !== undefined || headers['purpose'] === 'prefetch';
}

function hostIsOurs(request: IncomingMessage, port: number): boolean {
  // Node keeps the first of several Host lines; a request with two is a trick.
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const host = request.headers.host;
  return hosts.length === 1 && (host === `127.0.0.1:${port}` || host === `localhost:${port}`);
}

/** A form of another site can send neither this type nor this address without asking first, and is not answered then. */
function lengthFits(headers: IncomingMessage['headers'], bringsFile: boolean): boolean {
  const length = headers['content-length'];
  if (!bringsFile) return (length ?? '0') === '0';
  return headers['content-type'] === 'application/octet-stream' && /^[1-9]\d{0,11}$/.test(length ?? '');
}

/** A browser always sends Origin with a WebSocket and with what is posted; elsewhere it may be absent. */
function originFits(origin: string | undefined, host: string | undefined, always: boolean): boolean {
  return origin === undefined ? !always : origin === `http://${host}`;
}

/** The token of `/?token=…`, the one address a link has. */
function tokenOf(target: string): string | null {
  return /^\/\?token=([\w-]{1,128})$/.exec(target)?.[1] ?? null;
}
