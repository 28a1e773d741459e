import type { IncomingMessage } from 'node:http';
import type { SessionRef } from '#shared/rpc/index.ts';
import type { Sessions } from './sessions.ts';

/** What becomes of a request. `refuse` answers nothing: not why, not whether anything is here. */
export type Verdict =
  | { readonly kind: 'refuse' }
  /** A link was used for the first time: give the browser its cookie, and an address without the token. */
  | { readonly kind: 'welcome'; readonly sessionId: string }
  /** Somebody who is in already opened a link: take the token out of the address. */
  | { readonly kind: 'home' }
  | { readonly kind: 'enter'; readonly seat: SessionRef };

const REFUSE: Verdict = { kind: 'refuse' };
/** The one address that takes something: a file with its name. */
const FILE_TARGET = /^\/files\?name=[\w.~!'()*%-]{1,1000}$/;

/**
 * Judges a request by its first lines, before any route sees it. Every page in every tab of this computer's browser
 * can send requests to loopback, and a name of the attacker's can be made to point here (DNS rebinding): so Host must
 * be this very address, Origin and Sec-Fetch-Site must not say otherwise, and only a session's cookie opens.
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
  if (method !== 'GET' && method !== 'HEAD' && !bringsFile) return REFUSE;
  if (!target.startsWith('/') || target.startsWith('//')) return REFUSE;
  if (!hostIsOurs(request, port) || !originFits(headers.origin, headers.host, upgrade || bringsFile))
    return REFUSE;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return REFUSE;
  // A body has no business here, and would outlive the answer; except a file, whose length must be known.
  if (headers['transfer-encoding'] !== undefined || !lengthFits(headers, bringsFile)) return REFUSE;
  if (upgrade && bringsFile) return REFUSE;
  if (upgrade && target !== '/ws') return REFUSE;

  const token = tokenOf(target);
  const seat = seatOf(headers.cookie, cookieName, sessions);
  if (seat !== null) return token === null ? { kind: 'enter', seat } : { kind: 'home' };
  if (token === null || upgrade || method !== 'GET') return REFUSE;
  // A browser that loads a link ahead of its user must not use it up.
  if (headers['sec-purpose'] !== undefined || headers['purpose'] === 'prefetch') return REFUSE;
  const sessionId = sessions.exchange(token);
  return sessionId === null ? REFUSE : { kind: 'welcome', sessionId };
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

function seatOf(cookie: string | undefined, name: string, sessions: Sessions): SessionRef | null {
  for (const pair of (cookie ?? '').split(';').map((text) => text.trim())) {
    const seat = pair.startsWith(`${name}=`) ? sessions.seat(pair.slice(name.length + 1)) : null;
    if (seat !== null) return seat;
  }
  return null;
}
