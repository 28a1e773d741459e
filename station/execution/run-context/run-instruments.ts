import { Fault } from '#shared/domain/fault.ts';
import { z } from 'zod';
import { CODE_SCREEN, type InstrumentSetting, instrumentSettings } from '#shared/domain/instrument.ts';
import {
  instrumentsOf,
  neededInstruments,
  type Phase,
  type Recipe,
  type Step,
} from '#shared/recipe/index.ts';
import type { Clock, DevicePorts } from '../../core/platform/index.ts';
import {
  type InstrumentManner,
  type Instruments,
  InstrumentSession,
  type LentInstruments,
} from '../../devices/instruments/index.ts';
import type { Json, RunIo } from '../recording/index.ts';

export interface RunInstrumentsOptions {
  readonly recipe: Recipe;
  readonly slot: number;
  readonly io: RunIo;
  /** The ports of the run, which pass through its recording. */
  readonly ports: DevicePorts;
  readonly clock: Clock;
  /** `null` in a replay, which has the turns of the recorded run. */
  readonly lender: Instruments | null;
  /** That of the recording in a replay. */
  readonly manner: InstrumentManner;
  /** Called with the names when the run waits for its turn, and with `null` when it has it. */
  readonly onWaiting: (names: string | null) => void;
}

/** What a recording has of a turn. Those of the earlier manners are settings alone. */
const turnReply = z.union([
  z.strictObject({ settings: instrumentSettings, doubtful: z.array(z.string()) }),
  instrumentSettings.transform((settings) => ({ settings, doubtful: [] })),
]);

/** Instruments that were lent together, and are given back together. */
interface Loan {
  readonly sessions: Map<string, InstrumentSession>;
  /** Their turn; `null` in a replay. */
  readonly lent: LentInstruments | null;
}

/** Phase and step as the executor passes them. */
type PhaseOfRun = Pick<Phase, 'hold' | 'kind'>;

/**
 * The instruments that are lent to one run: those that its phase holds, and those of the step. All that comes from them passes
 * through the recording, the turns too.
 */
export class RunInstruments {
  readonly #options: RunInstrumentsOptions;
  readonly #isUsed: boolean;
  #held: Loan | null = null;
  #ofStep: Loan | null = null;
  /** The turn of this run at the screen that units of several slots see. */
  #screen: Disposable | null = null;
  /** Instruments that this run did not get: its teardown has nothing to switch off there. */
  readonly #refused = new Set<string>();
  /** An exchange failed, so that late answers may come. */
  readonly #failed = new Set<string>();
  /** Lent with the answer to a question of an earlier loan still to come. */
  readonly #doubtful = new Set<string>();

  constructor(options: RunInstrumentsOptions) {
    this.#options = options;
    this.#isUsed = neededInstruments(options.recipe).length > 0;
  }

  /** False for a step of teardown whose instrument the run could not get. */
  canRun(phase: PhaseOfRun, step: Step): boolean {
    return phase.kind !== 'teardown' || !instrumentsOf(step).some((name) => this.#refused.has(name));
  }

  /**
   * Gets what the phase holds and what the step uses, before its limit of time begins; gives back what the phase does not
   * hold. A step that shows a code also waits for the screen, where the slot shares one. `null` when nothing is used. Faults: `instrument-missing`, `instrument-busy`,
   * `instrument-unreachable`, `instrument-silent`, `instrument-error`, the signal's reason.
   */
  prepare(phase: PhaseOfRun, step: Step, signal: AbortSignal): Promise<void> | null {
    const isShown = step.verb === 'wifi-code';
    if (!isShown) return this.#isUsed ? this.#prepare(phase, step, signal) : null;
    // Last, and for this step alone: a run that has the screen waits for nothing else.
    return this.#prepare(phase, step, signal).then(() => this.#takeScreen(signal));
  }

  /** Gives back what the step used alone. Faults: those of `InstrumentSession.release`. */
  endStep(step: Step, hasFailed: boolean): Promise<void> | null {
    this.#giveBackScreen();
    if (!this.#isUsed) return null;
    if (hasFailed) for (const name of instrumentsOf(step)) this.#failed.add(name);
    const loan = this.#ofStep;
    this.#ofStep = null;
    return loan === null ? null : this.#giveBack(loan);
  }

  /** An instrument that is lent to the step. Faults: `recipe-invalid` for another one. */
  use(name: string): InstrumentSession {
    const session = this.#ofStep?.sessions.get(name) ?? this.#held?.sessions.get(name);
    if (session !== undefined) return session;
    throw new Fault('recipe-invalid', `instrument ${name} is not lent to this step`, {
      hint: 'Name it in the step: instrument, or instruments of a script.',
    });
  }

  /** Gives everything back. Faults: that of the first instrument that could not be switched to its state for others. */
  async end(): Promise<void> {
    this.#giveBackScreen();
    const loans = [this.#ofStep, this.#held].filter((loan) => loan !== null);
    this.#ofStep = null;
    this.#held = null;
    let fault: unknown = null;
    for (const loan of loans) await this.#giveBack(loan).catch((error: unknown) => (fault ??= error));
    if (fault !== null) throw fault;
  }

  async #prepare({ hold = [] }: PhaseOfRun, step: Step, signal: AbortSignal): Promise<void> {
    await this.#hold(hold, signal);
    const own = instrumentsOf(step).filter((name) => this.#held?.sessions.has(name) !== true);
    if (own.length > 0) this.#ofStep = await this.#take([...new Set(own)], signal);
    for (const name of instrumentsOf(step)) await this.#reconnect(name, signal);
  }

  /** Holds these instruments and no others. */
  async #hold(names: readonly string[], signal: AbortSignal): Promise<void> {
    const held = [...(this.#held?.sessions.keys() ?? [])];
    const isKept = names.length > 0 && names.every((name) => held.includes(name));
    const surplus = held.filter((name) => !names.includes(name));
    if (isKept && surplus.length === 0) return;
    const before = this.#held;
    if (isKept && before !== null) {
      for (const name of surplus) {
        const session = before.sessions.get(name);
        before.sessions.delete(name);
        await this.#close(session, before.lent).finally(() => before.lent?.giveBack(name));
      }
      return;
    }
    this.#held = null;
    if (before !== null) await this.#giveBack(before);
    if (names.length > 0) this.#held = await this.#take(names, signal);
  }

  async #take(names: readonly string[], signal: AbortSignal): Promise<Loan> {
    const { io } = this.#options;
    let lent: LentInstruments | null = null;
    try {
      const { settings, doubtful } = await this.#takeTurn(names, signal, (turn) => (lent = turn));
      for (const one of doubtful) this.#doubtful.add(one);
      io.comment(`took ${names.join(', ')}`);
      const loan: Loan = { sessions: new Map(), lent };
      try {
        for (const [index, name] of names.entries()) {
          const setting = settings[index];
          if (setting !== undefined) loan.sessions.set(name, await this.#open(name, setting, signal));
        }
        for (const name of names) this.#refused.delete(name);
        return loan;
      } catch (error) {
        for (const session of loan.sessions.values()) await session[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      const begun = lent as LentInstruments | null;
      // What was asked when it was opened may still be answered.
      for (const name of names) {
        begun?.setProven(name, false);
        this.#refused.add(name);
      }
      begun?.[Symbol.dispose]();
      throw error;
    }
  }

  async #takeTurn(
    names: readonly string[],
    signal: AbortSignal,
    onLent: (lent: LentInstruments) => void,
  ): Promise<Pick<LentInstruments, 'settings' | 'doubtful'>> {
    const { io, lender, slot, onWaiting } = this.#options;
    const key = `take ${names.join(' ')}`;
    const { value } = await io.request({ kind: 'instrument', key, signal }, async () => {
      let hasWaited = false;
      const onWait = (): void => {
        hasWaited = true;
        onWaiting(names.join(', '));
      };
      try {
        const lent = await lender?.take(names, slot, onWait, signal);
        if (lent === undefined) throw new Fault('not-configured', 'a replay has no instruments');
        onLent(lent);
        const { settings, doubtful } = lent;
        return { value: { settings, doubtful } as unknown as Json };
      } finally {
        if (hasWaited) onWaiting(null);
      }
    });
    return turnReply.parse(value);
  }

  /** Waits for the turn at the screen; nothing where the slot shares none. Faults: `instrument-busy`, the signal's reason. */
  async #takeScreen(signal: AbortSignal): Promise<void> {
    const { io, lender, slot, onWaiting } = this.#options;
    await io.request({ kind: 'instrument', key: `turn at ${CODE_SCREEN}`, signal }, async () => {
      const isShared = lender !== null && lender.missing([CODE_SCREEN], slot).length === 0;
      if (!isShared) return { value: null };
      let hasWaited = false;
      const onWait = (): void => {
        hasWaited = true;
        onWaiting(CODE_SCREEN);
      };
      try {
        this.#screen = await lender.take([CODE_SCREEN], slot, onWait, signal);
        return { value: CODE_SCREEN };
      } finally {
        if (hasWaited) onWaiting(null);
      }
    });
  }

  #giveBackScreen(): void {
    this.#screen?.[Symbol.dispose]();
    this.#screen = null;
  }

  #open(name: string, setting: InstrumentSetting, signal: AbortSignal): Promise<InstrumentSession> {
    const { ports, clock, io, manner } = this.#options;
    // Both are asked, so that neither stays for the next connection.
    const [hasFailed, isDoubtful] = [this.#failed.delete(name), this.#doubtful.delete(name)];
    const surroundings = { ports, clock, mask: io.mask, manner };
    return InstrumentSession.open(setting, surroundings, hasFailed || isDoubtful, signal);
  }

  /** A new connection after one that broke, and after an exchange that failed. */
  async #reconnect(name: string, signal: AbortSignal): Promise<void> {
    const loan = this.#ofStep?.sessions.has(name) === true ? this.#ofStep : this.#held;
    const session = loan?.sessions.get(name);
    if (session === undefined || !(session.isLost || this.#failed.has(name))) return;
    await session[Symbol.asyncDispose]();
    loan?.sessions.set(name, await this.#open(name, session.setting, signal));
  }

  /** Also for a connection that broke: what is set for giving back is sent over a new one. */
  async #giveBack({ sessions, lent }: Loan): Promise<void> {
    const { io } = this.#options;
    let fault: unknown = null;
    for (const session of sessions.values())
      await this.#close(session, lent).catch((error: unknown) => (fault ??= error));
    lent?.[Symbol.dispose]();
    io.comment(`gave back ${[...sessions.keys()].join(', ')}`);
    if (fault !== null) throw fault;
  }

  /** A connection that broke, perhaps unnoticed so far, is replaced, so that what is set for giving back arrives. */
  async #close(session: InstrumentSession | undefined, lent: LentInstruments | null): Promise<void> {
    if (session === undefined) return;
    const { name, onRelease } = session.setting;
    const hasFailed = session.isLost || this.#failed.has(name);
    lent?.setProven(name, session.isProven);
    try {
      await using own = session;
      if (onRelease === null || !hasFailed) return await own.release();
    } catch (error) {
      if (!session.isLost) throw error;
    }
    await using again = await this.#open(name, session.setting, new AbortController().signal);
    await again.release();
    lent?.setProven(name, again.isProven);
  }
}
