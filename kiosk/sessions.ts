import { createHash, randomBytes } from 'node:crypto';
import { createSessionRef, type Session, type SessionRef } from '#shared/rpc/index.ts';

/** So many links may wait to be opened; the oldest goes when another is made. */
const WAITING_LINKS = 16;

/**
 * Who may come in. A link opens the door once and is then worth nothing; what it opened is remembered by a random
 * session id in the browser's cookie. Only hashes are kept, and they are what is looked up, so that the time of a
 * look-up says nothing about a token.
 */
export interface Sessions {
  /** A new token, 256 bit in base64url, good for one `exchange`. */
  newToken(): string;
  /** The id of a new session, or `null` when the token was never given out or has been used. */
  exchange(token: string): string | null;
  /** Where this session sits, for all its tabs; `null` when there is no such session. */
  seat(sessionId: string): SessionRef | null;
}

/** @param initial who sits at a browser that nobody has signed in at. */
export function createSessions(initial: Session): Sessions {
  const waiting = new Set<string>();
  const open = new Map<string, SessionRef>();
  return {
    newToken() {
      const token = randomBytes(32).toString('base64url');
      waiting.add(digest(token));
      for (const oldest of waiting) {
        if (waiting.size <= WAITING_LINKS) break;
        waiting.delete(oldest);
      }
      return token;
    },
    exchange(token) {
      if (!waiting.delete(digest(token))) return null;
      const sessionId = randomBytes(32).toString('base64url');
      open.set(digest(sessionId), createSessionRef(initial));
      return sessionId;
    },
    seat: (sessionId) => open.get(digest(sessionId)) ?? null,
  };
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
