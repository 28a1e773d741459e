import type { AuditAction } from '#shared/domain/audit-actions.ts';
import { contract, type SessionView, type UserAccount } from '#shared/contract/index.ts';
import { type Actor, createTopic, type Role, type Session, type Topic } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { UserRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { AccountLoss } from './accounts.ts';
import { createIdleMonitor, type IdleMonitor } from './idle-monitor.ts';

/** Why a session ended; pages are told those that their user did not ask for. */
type SignOutReason = 'asked' | 'replaced' | 'idle' | AccountLoss;

export interface SessionsOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log' | 'random'>;
  readonly audit: AuditTrail;
}

/** The sessions in which users are signed in. Each sign-in and sign-out is an entry of the audit trail. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #idle: IdleMonitor;
  /** Since when, in Unix milliseconds. */
  readonly #signedIn = new Map<Session, number>();
  /** How the last user of a session was signed out without asking for it. */
  readonly #ended = new WeakMap<Session, SessionView['signedOut']>();
  readonly #topics = new WeakMap<Session, Topic<SessionView, SessionView>>();

  constructor(options: SessionsOptions) {
    const { clock, log } = options.platform;
    this.#options = options;
    this.#idle = createIdleMonitor(clock, log, (session) => this.leave(session, 'idle'));
  }

  view(session: Session): SessionView {
    const { current, initial } = session;
    const signedOut = this.#ended.get(session);
    return {
      role: current.role,
      user: current.user,
      signedIn: current !== initial,
      ...(signedOut === undefined ? {} : { signedOut }),
    };
  }

  /** The topic of a session, for all of its connections. */
  topic(session: Session): Topic<SessionView, SessionView> {
    const existing = this.#topics.get(session);
    if (existing !== undefined) return existing;
    const { random } = this.#options.platform;
    const created = createTopic(contract.topics.session, this.view(session), random.id());
    this.#topics.set(session, created);
    session.onChange(() => created.publish(this.view(session)));
    return created;
  }

  /** Reports a call of the session; disposed of when it was answered. */
  reportCall(session: Session, call: string): Disposable {
    return this.#idle.reportCall(session, call);
  }

  /** Signs a user in; `change` is stored in the same transaction. */
  enter(
    session: Session,
    by: Actor<Role>,
    details: Readonly<Record<string, string>>,
    change: () => void = () => undefined,
  ): SessionView {
    const { database, platform } = this.#options;
    this.leave(session, 'replaced');
    const nowMs = platform.clock.nowMs();
    database.transaction(() => {
      change();
      database.users.setSignedIn(by.user, nowMs);
      this.#record(by, 'session.sign-in', by.user, details);
    });
    this.#ended.delete(session);
    this.#signedIn.set(session, nowMs);
    session.change(by, this.#credentialOf(by.user));
    if (by.role !== 'operator') this.#idle.start(session);
    return this.view(session);
  }

  /** Signs out: the session gets its first user again. */
  leave(session: Session, why: SignOutReason): void {
    const { current, initial } = session;
    if (why === 'asked') this.#ended.delete(session);
    if (current === initial) return;
    try {
      this.#record(current, 'session.sign-out', current.user, { why });
    } finally {
      // On a full disk the user is signed out, too.
      this.#signedIn.delete(session);
      if (why !== 'asked' && why !== 'replaced') this.#ended.set(session, { user: current.user, why });
      session.change(initial);
    }
  }

  /**
   * The account of a user has changed: ends their sessions, except the one in which they changed it themselves. That one
   * goes on with the rights that the account has now; it ends, too, when the account has none.
   */
  end(name: string, why: AccountLoss, own: Session | null): void {
    for (const session of [...this.#signedIn.keys()]) {
      if (session.current.user !== name) continue;
      const user = session === own ? this.#options.database.users.findByName(name) : null;
      if (user === null) this.leave(session, why);
      else this.#renew(session, user);
    }
  }

  /** Where a user is signed in. */
  placesOf(name: string): UserAccount['signedIn'] {
    return [...this.#signedIn]
      .filter(([session]) => session.current.user === name)
      .map(([session, sinceMs]) => ({ place: session.place.kind, sinceMs }));
  }

  /**
   * Takes over a session whose user signed in before the station was opened again. A user that this station does not
   * have with the same role and PIN is signed out.
   */
  adopt(session: Session): void {
    const { current, initial, credential } = session;
    if (current === initial || this.#signedIn.has(session)) return;
    const user = this.#options.database.users.findAccount(current.user);
    this.#signedIn.set(session, user?.lastSignInAtMs ?? this.#options.platform.clock.nowMs());
    if (user === null) return this.leave(session, 'removed');
    if (user.disabledAtMs !== null) return this.leave(session, 'disabled');
    if (user.role !== current.role) return this.leave(session, 'role');
    if (user.pinHash !== credential) return this.leave(session, 'pin');
    if (current.role !== 'operator') this.#idle.start(session);
  }

  close(): void {
    this.#idle.close();
  }

  /** The session goes on with the role and the PIN that its user has now. */
  #renew(session: Session, { name, role, pinHash }: UserRow): void {
    if (session.current.role === role) return session.change(session.current, pinHash);
    session.change({ role, user: name }, pinHash);
    if (role !== 'operator') this.#idle.start(session);
  }

  #credentialOf(name: string): string {
    return this.#options.database.users.findAccount(name)?.pinHash ?? '';
  }

  #record(by: Actor, action: AuditAction, subject: string, details: Readonly<Record<string, string>>): void {
    const { database, audit } = this.#options;
    database.transaction(() => audit.record(by, action, subject, details));
  }
}
