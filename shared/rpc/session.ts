import type { Role } from './contract.ts';

/** The person and the role of a connection. The host sets them; they are never taken from a message. */
export interface Session {
  readonly role: Role;
  readonly user: string;
}

/**
 * The current session of one browser session or one window. All of its connections share it, so that a sign-in on one
 * holds for all, and after a reload.
 */
export interface SessionRef {
  readonly current: Session;
  /** The session while no person is signed in. */
  readonly initial: Session;
  change(next: Session): void;
  /** Called after every change. Returns a function that removes the listener. */
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
