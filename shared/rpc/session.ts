import type { Role } from './contract.ts';

/** Who is on the other end. It belongs to the host's session and is never taken from a message. */
export interface Session {
  readonly role: Role;
  readonly user: string;
}

/**
 * One session at a station: what a host gives to every wire of one browser session or one window, so that a sign-in on
 * one of them holds for all of them, and for the next one after a reload.
 */
export interface SessionRef {
  readonly current: Session;
  /** Who sits here when nobody has signed in. */
  readonly initial: Session;
  change(next: Session): void;
  /** Told after every change. Returns the way to stop. */
  onChange(listener: (session: Session) => void): () => void;
}

export function createSessionRef(initial: Session): SessionRef {
  const listeners = new Set<(session: Session) => void>();
  let current = initial;
  return {
    initial,
    get current() {
      return current;
    },
    change(next) {
      if (next === current) return;
      current = next;
      for (const listener of [...listeners]) listener(next);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
