import type { AuditAction } from '#shared/domain/audit-actions.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import type { SessionView, UserAccount, UserView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor, Role, Session, Topic } from '#shared/rpc/index.ts';
import type { Approve } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UserRow, WritableDatabase } from '../../core/database/index.ts';
import { Accounts } from './accounts.ts';
import { badgeShape, checkedBadgeCode, hashBadge, readBadgeCode } from './badge.ts';
import { attemptDetails, createLockOut, type FailedAttempts, type LockOut } from './lock-out.ts';
import { checkedPin, isShort, minPinLength } from './names.ts';
import { hashPin, type HashingPlatform, verifyPin } from './pin.ts';
import { PinReset, type PinResetFile } from './pin-reset.ts';
import { proveApprover } from './approval.ts';
import { Sessions } from './sessions.ts';

export interface AccessOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log' | 'paths'> & HashingPlatform;
  readonly audit: AuditTrail;
}

/** Users and their sessions. Every change of either is in the audit trail. */
export class Access {
  readonly #options: AccessOptions;
  readonly #lockOut: LockOut;
  /** Lines at the line that could be badges and are neither badges nor anything else. */
  readonly #badgeGuesses: LockOut;
  readonly #sessions: Sessions;
  readonly accounts: Accounts;
  readonly #pinReset: PinReset;
  /** A wrong PIN is counted before the next one is checked, and only one PIN is hashed at a time. */
  readonly #sequencer = new Sequencer();

  constructor(options: AccessOptions) {
    const { clock } = options.platform;
    this.#options = options;
    this.#lockOut = createLockOut(clock, options.database.users.listWrongPins());
    this.#badgeGuesses = createLockOut(clock, new Map());
    this.#sessions = new Sessions(options);
    this.#pinReset = new PinReset(options.platform);
    this.accounts = new Accounts({
      ...options,
      onLoss: (name, why, own) => {
        // The wrong PINs in a row are those of another PIN, and a code for a new one is no longer needed.
        if (why === 'pin' || why === 'removed') this.#lockOut.forget(name);
        this.#pinReset.endFor(name);
        this.#sessions.end(name, why, own);
      },
    });
  }

  users(): UserView[] {
    return this.accounts.users();
  }

  /** Every account, with the places where its user is signed in. */
  listAccounts(): UserAccount[] {
    return this.accounts.list((name) => this.#sessions.placesOf(name));
  }

  /** One account. Faults: `not-found`. */
  account(name: string): UserAccount {
    const { name: known } = this.accounts.known(name);
    const found = this.listAccounts().find((account) => account.name === known);
    if (found === undefined) throw new Fault('not-found', `there is no user ${known} at this station`);
    return found;
  }

  /** Faults: those of `Accounts.add`. */
  add(name: string, role: Role, pin: string, by: Actor): Promise<UserView> {
    return this.accounts.add(name, role, pin, by);
  }

  /** Faults: those of `Accounts.setPin`. */
  setPin(name: string, pin: string, by: Actor, own: Session | null = null): Promise<UserView> {
    return this.accounts.setPin(name, pin, by, own);
  }

  /** Faults: those of `Accounts.remove`. */
  remove(name: string, by: Actor): UserView {
    return this.accounts.remove(name, by);
  }

  /**
   * Faults: `pin-wrong`, also for an unknown name; `pin-locked` after five wrong PINs, for longer each time; `pin-short` for a
   * PIN that an older version accepted: the caller repeats the call with `newPin`, which replaces it.
   */
  signIn(
    session: Session,
    name: string,
    pin: string,
    signal: AbortSignal,
    newPin?: string,
  ): Promise<SessionView> {
    const { database, platform } = this.#options;
    return this.#sequencer.run(async () => {
      throwIfAborted(signal);
      const typed = name.trim().normalize('NFC');
      const user = database.users.findByName(typed);
      this.#lockOut.check(typed, session);
      if (user === null || !(await verifyPin(pin, user.pinHash))) {
        const attempts = this.#lockOut.wrong(user?.name ?? null, session);
        this.#wrongPin(session.current, 'session', user, attempts);
        throw wrong(attempts);
      }
      this.#lockOut.right(typed, session);
      const by: Actor<Role> = { role: user.role, user: user.name };
      const renewed = await renewedHash(user, pin, newPin, platform);
      // While the PIN was checked the page may have been closed, or the user been removed.
      throwIfAborted(signal);
      const now = database.users.findByName(typed);
      if (now?.pinHash !== user.pinHash || now.role !== user.role) throw wrong();
      const view = this.#sessions.enter(session, by, { role: user.role }, () => {
        if (renewed !== null) this.accounts.storePin(user, renewed, by);
      });
      if (renewed !== null) this.#sessions.end(user.name, 'pin', session);
      return view;
    });
  }

  /**
   * Signs in the owner of a badge. Faults: `bad-input`; `badge-unknown` when no enabled user has it; `pin-locked` after too
   * many unknown codes and wrong PINs at this page.
   */
  signInByBadge(session: Session, text: string, signal: AbortSignal): Promise<SessionView> {
    const code = checkedBadgeCode(text);
    return this.#sequencer.run(async () => {
      throwIfAborted(signal);
      this.#lockOut.check('this page', session);
      const view = await this.#enterByBadge(session, code, signal);
      if (view !== null) return view;
      this.#wrongPin(session.current, 'session', null, this.#lockOut.wrong(null, session));
      throw new Fault('badge-unknown', 'this badge belongs to no user who may sign in', {
        hint: 'Sign in with name and PIN, or let an engineer assign the badge.',
      });
    });
  }

  /**
   * Signs in by a line that was scanned for any purpose; resolves to null when it is no badge of an enabled user. Only lines
   * of the shape of a badge are hashed: most lines are serial numbers. Null when it is not looked for: for another shape,
   * and while this page waits after `countBadgeGuess`.
   */
  trySignInByBadge(session: Session, text: string, signal: AbortSignal): Promise<SessionView | null> | null {
    const code = readBadgeCode(text);
    if (!this.accounts.hasBadgeOf(badgeShape(code)) || this.#badgeGuesses.leftMs('', session) > 0)
      return null;
    return this.#sequencer.run(() => this.#enterByBadge(session, code, signal));
  }

  /**
   * Reports whether a line of the shape of a badge that was none had another meaning. Lines without any are counted in a
   * row: after ten of them badges at the line wait as wrong PINs do. Each of them is in the trail, without its text.
   */
  countBadgeGuess(session: Session, hadMeaning: boolean): void {
    if (hadMeaning) return this.#badgeGuesses.right('', session);
    this.#wrongPin(session.current, 'session', null, this.#badgeGuesses.wrong(null, session));
  }

  /**
   * Adds the first engineer and signs them in. Only at the computer itself, and only while the station has no user.
   * Faults: `not-at-computer`, `already-set-up`, `bad-input`.
   */
  async addFirstEngineer(session: Session, name: string, pin: string): Promise<SessionView> {
    requireAtComputer(session);
    const user = await this.accounts.addFirst(name, pin);
    const by = { role: user.role, user: user.name };
    return this.#sessions.enter(session, by, { role: user.role });
  }

  /** Whether a page may offer `beginPinReset`: it is at the computer, and one engineer alone can sign in. */
  canResetPin({ place }: Session): boolean {
    return place.atComputer && this.#engineers().length === 1;
  }

  /**
   * Begins to replace the forgotten PIN of the only engineer: writes a code into a file, see `PinReset`.
   * Faults: `not-at-computer`, `bad-input`, `reset-code-wait`, and those of writing a file.
   */
  beginPinReset(session: Session, name: string): Omit<PinResetFile, 'isNew'> {
    requireAtComputer(session);
    const only = this.#requireOnlyEngineer(name);
    const { isNew, path, validMs } = this.#pinReset.begin(only.name);
    if (isNew) this.#record(session.current, 'person.pin-reset-begin', only.name, { role: only.role });
    return { path, validMs };
  }

  /** Replaces the PIN by the code of the file, and signs in. Faults: `not-at-computer`, `reset-code-wrong`, `bad-input`. */
  async resetPin(session: Session, code: string, newPin: string): Promise<SessionView> {
    requireAtComputer(session);
    return this.#sequencer.run(async () => {
      const name = this.#pinReset.check(code);
      // The user may have been disabled, or another engineer been added, since the code was written or while the PIN is hashed.
      this.#requireOnlyEngineer(name);
      await this.accounts.resetPin(name, newPin, session.current);
      this.#pinReset.finish(name);
      const user = this.#requireOnlyEngineer(name);
      return this.#sessions.enter(
        session,
        { role: user.role, user: user.name },
        { role: user.role, with: 'pin-reset' },
      );
    });
  }

  /** See `Sessions.adopt`. */
  adopt(session: Session): void {
    this.#sessions.adopt(session);
  }

  /** Signs out: the session gets its first user again. */
  signOut(session: Session): SessionView {
    this.#sessions.leave(session, 'asked');
    return this.view(session);
  }

  /** See `proveApprover`. A wrong PIN is counted and recorded in the trail. */
  readonly approve: Approve = (claim, by, signal) => {
    const { database } = this.#options;
    return proveApprover(
      {
        users: database.users,
        lockOut: this.#lockOut,
        sequencer: this.#sequencer,
        onWrong: (user, attempts) => this.#wrongPin(by, 'approval', user, attempts),
        onRight: ({ name }) => database.transaction(() => database.users.setWrongPins(name, 0)),
      },
      claim,
      by.user,
      signal,
    );
  };

  /** Wait of a name at a new attempt source, ms; more than 0 after a restart. */
  waitMs(name: string): number {
    return this.#lockOut.leftMs(name.trim().normalize('NFC'), {});
  }

  view(session: Session): SessionView {
    return this.#sessions.view(session);
  }

  /** The topic of a session, for all of its connections. */
  topic(session: Session): Topic<SessionView, SessionView> {
    return this.#sessions.topic(session);
  }

  /** Reports a call of the session; disposed of when it was answered. */
  reportCall(session: Session, call: string): Disposable {
    return this.#sessions.reportCall(session, call);
  }

  close(): void {
    this.#pinReset.end();
    this.#sessions.close();
  }

  #record(by: Actor, action: AuditAction, subject: string, details: Record<string, string>): void {
    const { database, audit } = this.#options;
    database.transaction(() => audit.record(by, action, subject, details));
  }

  /** Attempts while a name is locked are not recorded, so that many of them do not fill the disk. */
  #wrongPin(by: Actor, act: 'session' | 'approval', user: UserRow | null, attempts: FailedAttempts): void {
    const { database } = this.#options;
    database.transaction(() => {
      if (user !== null) database.users.setWrongPins(user.name, attempts.inARow);
      // An unknown name is not recorded: it may be a PIN in the wrong field.
      const subject = user?.name ?? 'unknown';
      const details = { role: user?.role ?? 'none' };
      this.#record(by, `${act}.${attempts.locked ? 'lock' : 'refuse'}`, subject, details);
    });
  }

  async #enterByBadge(session: Session, code: string, signal: AbortSignal): Promise<SessionView | null> {
    const { database, platform } = this.#options;
    const { hash } = await hashBadge(code, database, platform);
    throwIfAborted(signal);
    const owner = this.accounts.ownerOf(hash);
    if (owner === null || owner.disabledAtMs !== null) return null;
    // A badge that is read twice changes nothing.
    if (session.current !== session.initial && session.current.user === owner.name) return this.view(session);
    this.#lockOut.right(owner.name, session);
    this.#badgeGuesses.right('', session);
    const by = { role: owner.role, user: owner.name };
    return this.#sessions.enter(session, by, { role: owner.role, with: 'badge' });
  }

  #engineers(): UserView[] {
    return this.users().filter(({ role }) => role === 'engineer');
  }

  /** The engineer of this name, when no other one can sign in. Faults: `bad-input`. */
  #requireOnlyEngineer(name: string): UserView {
    const [only, ...others] = this.#engineers();
    if (only !== undefined && only.name === name.trim().normalize('NFC') && others.length === 0) return only;
    throw new Fault('bad-input', 'only the PIN of the only engineer is replaced in this way', {
      hint: 'Another engineer sets a new PIN on the page of the users.',
    });
  }
}

/** The hash of the PIN that replaces a too short one; null when the PIN is long enough. */
async function renewedHash(
  user: UserRow,
  pin: string,
  newPin: string | undefined,
  platform: HashingPlatform,
): Promise<string | null> {
  if (!isShort(pin, user.role)) return null;
  const minLength = minPinLength(user.role);
  if (newPin === undefined)
    throw new Fault('pin-short', `the PIN of ${user.name} is too short by now`, {
      hint: `Choose a new one of at least ${minLength} characters.`,
      details: { minLength },
    });
  return hashPin(checkedPin(newPin, user.role), platform);
}

/** @param attempts of a PIN that was checked; none when the user changed meanwhile */
function wrong(attempts?: FailedAttempts): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', {
    hint: 'Try again.',
    details: attempts === undefined ? {} : attemptDetails(attempts),
  });
}

/** Faults: `not-at-computer`. */
function requireAtComputer({ place }: Session): void {
  if (place.atComputer) return;
  throw new Fault('not-at-computer', 'this can only be done at the computer of the station', {
    hint: 'Open the page of the station at that computer.',
  });
}
