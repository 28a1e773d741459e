import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createSessionRef, type Session, type SessionRef } from '#shared/rpc/index.ts';

/** So many links may wait to be opened; the oldest goes when another is made. */
const WAITING_LINKS = 16;
/** So many downloads may be about to begin, of all pages together. */
const WAITING_TICKETS = 64;
const NONCE_BYTES = 16;
const NONCE_CHARACTERS = 22;

/**
 * What a browser holds of its session. The id is in its cookie, which goes to every port of this computer; the key is
 * with the pages of our own origin alone. Only both together are worth anything but the page itself.
 */
export interface Pass {
  readonly sessionId: string;
  readonly key: string;
}

/**
 * Who may come in. A link opens the door once and is then worth nothing; what it opened is a session with a session. Only
 * hashes of all this are kept, and they are what is looked up, so that the time of a look-up says nothing about a secret.
 */
export interface Sessions {
  /** A new token, 256 bit in base64url, good for one `exchange`. */
  newToken(): string;
  /** What opens a new session, or `null` when the token was never given out or has been used. */
  exchange(token: string): Pass | null;
  /** Whether there is such a session: good for the page, which is the same for everybody. */
  known(sessionId: string): boolean;
  /** Where this session sits, for all its tabs; `null` without the right key, and when it must be renewed first. */
  sessionRef(pass: Pass): SessionRef | null;
  /**
   * `current` when there is nothing to renew. After its person has changed a session is good for this only: a new
   * pass for the same session. The old one is void as soon as the new one is used; until then an answer may get lost, or a
   * page end between the new cookie and the new key.
   */
  renew(pass: Pass): Pass | 'current' | null;
  /** For one download: the browser's own way to fetch a file can carry no key. */
  newTicket(sessionRef: SessionRef): string;
  /** The session that the ticket was made for, when this session sits there. */
  useTicket(sessionId: string, ticket: string): SessionRef | null;
}

interface Open {
  readonly key: string;
  readonly sessionRef: SessionRef;
  /** Somebody signed in or out since it was made. */
  stale: boolean;
  /** The session that this one is about to replace. */
  replaces: string | null;
  /** The one that is about to replace it. */
  next: string | null;
}

/**
 * @param initial who sits at a browser that nobody has signed in at.
 * @param linkSecret what `linkToken` makes tokens with in another process.
 */
export function createSessions(initial: Session, linkSecret: Uint8Array): Sessions {
  const waiting = new Set<string>();
  const used = new Set<string>();
  const open = new Map<string, Open>();
  const tickets = new Map<string, SessionRef>();

  function begin(sessionRef: SessionRef, replaces: string | null): Pass {
    const pass = { sessionId: secret(), key: secret() };
    const session: Open = { key: digest(pass.key), sessionRef, stale: false, replaces, next: null };
    open.set(digest(pass.sessionId), session);
    const stop = sessionRef.onChange(() => {
      session.stale = true;
      stop();
    });
    return pass;
  }
  function find({ sessionId, key }: Pass): Open | null {
    const session = open.get(digest(sessionId));
    if (session === undefined || session.key !== digest(key)) return null;
    if (session.replaces !== null) open.delete(session.replaces);
    session.replaces = null;
    return session;
  }
  /** The session whose key came with the cookie of the one that is about to replace it. */
  function replacedBy({ sessionId, key }: Pass): string | null {
    const from = open.get(digest(sessionId))?.replaces ?? null;
    return from !== null && open.get(from)?.key === digest(key) ? from : null;
  }

  return {
    newToken() {
      const token = secret();
      waiting.add(digest(token));
      forgetOldest(waiting, WAITING_LINKS);
      return token;
    },
    exchange(token) {
      const made = isLinkToken(linkSecret, token) && !used.has(digest(token));
      if (!waiting.delete(digest(token)) && !made) return null;
      if (made) used.add(digest(token));
      return begin(createSessionRef(initial), null);
    },
    known: (sessionId) => open.has(digest(sessionId)),
    sessionRef(pass) {
      const session = find(pass);
      return session === null || session.stale ? null : session.sessionRef;
    },
    renew(pass) {
      const session = find(pass);
      if (session !== null && !session.stale) return 'current';
      const from = session === null ? replacedBy(pass) : digest(pass.sessionId);
      const old = from === null ? undefined : open.get(from);
      if (from === null || old === undefined) return null;
      if (old.next !== null) open.delete(old.next);
      const renewed = begin(old.sessionRef, from);
      old.next = digest(renewed.sessionId);
      return renewed;
    },
    newTicket(sessionRef) {
      const ticket = secret();
      tickets.set(digest(ticket), sessionRef);
      forgetOldest(tickets, WAITING_TICKETS);
      return ticket;
    },
    useTicket(sessionId, ticket) {
      const sessionRef = tickets.get(digest(ticket));
      if (sessionRef === undefined || open.get(digest(sessionId))?.sessionRef !== sessionRef) return null;
      tickets.delete(digest(ticket));
      return sessionRef;
    },
  };
}

/** A token for one link, by whoever knows the kiosk's link secret: the kiosk need not be asked. */
export function linkToken(linkSecret: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  return nonce + sealOf(linkSecret, nonce);
}

function isLinkToken(linkSecret: Uint8Array, token: string): boolean {
  const expected = Buffer.from(sealOf(linkSecret, token.slice(0, NONCE_CHARACTERS)));
  const given = Buffer.from(token.slice(NONCE_CHARACTERS));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sealOf(linkSecret: Uint8Array, nonce: string): string {
  return createHmac('sha256', linkSecret).update(`gongwei kiosk link\n${nonce}`).digest('base64url');
}

function forgetOldest(kept: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(oldest);
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
