import type { Role } from './contract.ts';

/** Who acts: a user at a page or a terminal, or the station itself. */
export interface Actor<R extends Role | 'station' = Role | 'station'> {
  readonly role: R;
  readonly user: string;
}

/** Where a session is, as its host knows it. */
export interface SessionPlace {
  readonly kind: 'browser' | 'window' | 'other';
  /** True when the page can only be open at the computer of the station itself. */
  readonly atComputer: boolean;
}

const UNKNOWN_PLACE: SessionPlace = { kind: 'other', atComputer: false };

/**
 * One browser session or one window, with the user who signed in there. All of its connections share it, so that a
 * sign-in on one holds for all, and after a reload. The host makes it; its role is never taken from a message.
 */
export class Session {
  /** Who acts while no user is signed in. */
  readonly initial: Actor<Role>;
  readonly place: SessionPlace;
  #current: Actor<Role>;
  #credential = '';
  readonly #listeners = new Set<(current: Actor<Role>) => void>();

  constructor(initial: Actor<Role>, place: SessionPlace = UNKNOWN_PLACE) {
    this.initial = initial;
    this.place = place;
    this.#current = initial;
  }

  get current(): Actor<Role> {
    return this.#current;
  }

  /** With what the user signed in, as the station compares it after it was opened again. It never leaves the host. */
  get credential(): string {
    return this.#credential;
  }

  change(next: Actor<Role>, credential = ''): void {
    this.#credential = credential;
    if (next === this.#current) return;
    this.#current = next;
    for (const listener of [...this.#listeners]) listener(next);
  }

  /** Called after every change. Returns a function that removes the listener. */
  onChange(listener: (current: Actor<Role>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
