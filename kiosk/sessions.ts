import { createHash, createHmac, randomBytes } from 'node:crypto';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { Session, type Actor, type Role, type SessionPlace } from '#shared/rpc/index.ts';

/** The number of unopened links; one more invalidates the oldest. */
const MAX_UNOPENED_LINKS = 16;
/** How long a replaced id still gets the files of the pages: longer than a request of an open page is under way. */
const REPLACED_MS = 10_000;
/** The number of unused download tickets of all pages together. */
const MAX_TICKETS = 64;
const NONCE_BYTES = 16;
const NONCE_CHARACTERS = 22;

/**
 * The credentials of a browser's session. The id is in a cookie, which the browser sends to every port of this computer; the key
 * is known only to pages of our own origin. Both together open the station; the id alone opens the page only.
 */
export interface SessionCredentials {
  readonly sessionId: string;
  readonly key: string;
}

/**
 * The sessions of browsers. A link opens one session and is then invalid. Only hashes of ids, keys and tokens are stored and
 * compared, so that the time of a look-up reveals nothing about a secret.
 */
export interface Sessions {
  /** A new token, 256 bit in base64url, valid for one `exchange`. */
  newToken(): string;
  /** The credentials of a new session; `null` when the token was never issued or has been used. */
  exchange(token: string): SessionCredentials | null;
  /** Whether there is a session of this id. That is enough for the page itself, which contains no data. */
  known(sessionId: string): boolean;
  /**
   * Whether the id was replaced a moment ago. A browser sends the cookie that it has at that moment, so requests of an open page
   * can arrive with the id before. They get the files that the page is made of, which contain no data, and nothing else.
   */
  wasReplaced(sessionId: string): boolean;
  /** The session of these credentials, the same for all its tabs; `null` without the right key, and when it must be renewed first. */
  find(credentials: SessionCredentials): Session | null;
  /**
   * `current` when there is nothing to renew. After its user has changed, credentials are valid for this call only: it
   * returns new ones for the same session. The old ones become invalid when the new ones are used, because the response may
   * be lost, or the page be closed between the new cookie and the new key.
   */
  renew(credentials: SessionCredentials): SessionCredentials | 'current' | null;
  /** A ticket for one download, because the browser cannot send the key with it. */
  newTicket(session: Session): string;
  /** The session that the ticket was made for, if `sessionId` is that session. */
  useTicket(sessionId: string, ticket: string): Session | null;
}

interface OpenSession {
  readonly key: string;
  readonly session: Session;
  /** A user signed in or out since the credentials were made. */
  stale: boolean;
  /** The credentials that these ones replace when they are used. */
  replaces: string | null;
  /** The credentials that replace these ones when they are used. */
  next: string | null;
}

/**
 * @param initial who acts in a browser before anyone has signed in
 * @param linkSecret the secret with which `linkToken` makes tokens in another process
 * @param place where the browsers are
 * @param nowMs milliseconds since any moment, never backwards
 */
export function createSessions(
  initial: Actor<Role>,
  linkSecret: Uint8Array,
  place: SessionPlace = { kind: 'browser', atComputer: false },
  nowMs: () => number = () => performance.now(),
): Sessions {
  const unopened = new Set<string>();
  const used = new Set<string>();
  const open = new Map<string, OpenSession>();
  const tickets = new Map<string, Session>();
  /** The ids that were replaced, with the time; the oldest first. */
  const replaced = new Map<string, number>();

  function begin(session: Session, replaces: string | null): SessionCredentials {
    const credentials = { sessionId: secret(), key: secret() };
    const entry: OpenSession = {
      key: digest(credentials.key),
      session,
      stale: false,
      replaces,
      next: null,
    };
    open.set(digest(credentials.sessionId), entry);
    const stop = session.onChange(() => {
      entry.stale = true;
      stop();
    });
    return credentials;
  }
  function findOpen({ sessionId, key }: SessionCredentials): OpenSession | null {
    const entry = open.get(digest(sessionId));
    if (entry === undefined || entry.key !== digest(key)) return null;
    if (entry.replaces !== null) replace(entry.replaces);
    entry.replaces = null;
    return entry;
  }
  function replace(id: string): void {
    open.delete(id);
    for (const [older, atMs] of replaced) if (isOver(atMs)) replaced.delete(older);
    replaced.set(id, nowMs());
  }
  const isOver = (replacedAtMs: number): boolean => nowMs() - replacedAtMs > REPLACED_MS;
  /** The replaced credentials, when their key comes with the new cookie. */
  function findReplaced({ sessionId, key }: SessionCredentials): string | null {
    const from = open.get(digest(sessionId))?.replaces ?? null;
    return from !== null && open.get(from)?.key === digest(key) ? from : null;
  }

  return {
    newToken() {
      const token = secret();
      unopened.add(digest(token));
      forgetOldest(unopened, MAX_UNOPENED_LINKS);
      return token;
    },
    exchange(token) {
      const isUnused = isLinkToken(linkSecret, token) && !used.has(digest(token));
      if (!unopened.delete(digest(token)) && !isUnused) return null;
      if (isUnused) used.add(digest(token));
      return begin(new Session(initial, place), null);
    },
    known: (sessionId) => open.has(digest(sessionId)),
    wasReplaced(sessionId) {
      const atMs = replaced.get(digest(sessionId));
      return atMs !== undefined && !isOver(atMs);
    },
    find(credentials) {
      const entry = findOpen(credentials);
      return entry === null || entry.stale ? null : entry.session;
    },
    renew(credentials) {
      const entry = findOpen(credentials);
      if (entry !== null && !entry.stale) return 'current';
      const from = entry === null ? findReplaced(credentials) : digest(credentials.sessionId);
      const old = from === null ? undefined : open.get(from);
      if (from === null || old === undefined) return null;
      if (old.next !== null) replace(old.next);
      const renewed = begin(old.session, from);
      old.next = digest(renewed.sessionId);
      return renewed;
    },
    newTicket(session) {
      const ticket = secret();
      tickets.set(digest(ticket), session);
      forgetOldest(tickets, MAX_TICKETS);
      return ticket;
    },
    useTicket(sessionId, ticket) {
      const session = tickets.get(digest(ticket));
      if (session === undefined || open.get(digest(sessionId))?.session !== session) return null;
      tickets.delete(digest(ticket));
      return session;
    },
  };
}

/** Makes a token for one link with the kiosk's link secret. The kiosk need not be asked. */
export function linkToken(linkSecret: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  return nonce + sealOf(linkSecret, nonce);
}

function isLinkToken(linkSecret: Uint8Array, token: string): boolean {
  const expected = Buffer.from(sealOf(linkSecret, token.slice(0, NONCE_CHARACTERS)));
  const given = Buffer.from(token.slice(NONCE_CHARACTERS));
  return equalInConstantTime(given, expected);
}

function sealOf(linkSecret: Uint8Array, nonce: string): string {
  return createHmac('sha256', linkSecret).update(`gongwei kiosk link\n${nonce}`).digest('base64url');
}

function forgetOldest(entries: Set<string> | Map<string, unknown>, maxEntries: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= maxEntries) break;
    entries.delete(oldest);
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
