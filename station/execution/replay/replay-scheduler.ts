import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/platform/index.ts';
import type { ActionEntry, ExternalEventEntry } from '../recording/index.ts';
import {
  isAction,
  isExternalEvent,
  isSectionStart,
  type RecordedEvent,
  type RecordingIndex,
} from './recording-index.ts';

/** A wait of the run. */
export interface ReplayTimer {
  /** Its number, as recordings count timers. */
  readonly number: number;
  readonly durationMs: number;
  readonly dueMs: number;
  onElapsed(): void;
}

/** An action of the run, to be matched with the recording. */
export interface Action {
  readonly type: ActionEntry['type'];
  matches(entry: ActionEntry): boolean;
}

export interface ReplaySchedulerOptions {
  /** Real time, for work outside the replayed run. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** The recording is incomplete. */
  readonly cutOff: boolean;
  /** Delivers a recorded event to the run. */
  readonly play: (event: RecordedEvent<ExternalEventEntry>) => void;
  /** The run acts in another order than the recorded one. */
  readonly onDiverge: () => void;
  /** A timer elapsed of which the recording does not show how it ended. */
  readonly onUnrecordedTimeout: () => void;
  /** The recording has ended before the run. */
  readonly onEnd: () => void;
}

/** Actions to which the unit, a person or the registry replied once, and the ends of attempts. */
const USED_ONCE: readonly ActionEntry['type'][] = ['tx', 'request', 'attempt'];

/**
 * While the scheduler waits for the run it looks every 2 ms whether the run has done something. Its limits count these
 * looks and not the time: a busy computer that slows down the run slows them down, too.
 */
const POLL_MS = 2;
/** How long the run may do nothing before it is taken to be waiting. */
const IDLE_POLLS = 60 / POLL_MS;
/** The same while work goes on outside the clock (a script in its process). */
const BUSY_IDLE_POLLS = 5000 / POLL_MS;
/** How long a run that was stopped may take to end: a killed process has to exit, and a step has 5 s to settle. */
const END_POLLS = 30_000 / POLL_MS;
const NO_SIGNAL = new AbortController().signal;
/** A replayed run that is longer, in the time of the run, does not follow the recording any more. */
const MAX_RUN_MS = 24 * 3_600_000;

/**
 * Plays a recording to a run. While the run is in sync (it acts as the recorded one), events occur in the recorded order
 * and timers end as recorded. When the run diverges, the scheduler searches the recording for its action and continues
 * from there; each reply keeps its recorded delay after its request. The run is in sync again when it begins a phase,
 * step or attempt of the recording.
 */
export class ReplayScheduler {
  readonly index: RecordingIndex;
  /** The run's own time, milliseconds since its beginning. */
  nowMs = 0;
  /** The run acts as the recorded one. */
  inSync = true;
  readonly #options: ReplaySchedulerOptions;
  readonly #timers = new Set<ReplayTimer>();
  /** Indexes of the actions that were matched already and are matched once only. */
  readonly #used = new Set<number>();
  #startedTimers = 0;
  #next = 0;
  /** Time of the run minus recorded time. */
  #offsetMs = 0;
  /** Counts what the run does, to see whether it is idle. */
  #activity = 0;
  #busy = 0;
  #busyTimeExpired = false;
  #clockReads = { clock: 0, wallClock: 0 };
  #ended = false;

  constructor(index: RecordingIndex, options: ReplaySchedulerOptions) {
    this.index = index;
    this.#options = options;
  }

  /** Index of the next event. */
  get next(): number {
    return this.#next;
  }

  /** The recording is incomplete and the run is past its end, so that its further actions have no recorded replies. */
  get isPastCut(): boolean {
    return this.#options.cutOff && this.#next >= this.index.events.length;
  }

  /** The time that the recorded run read here; null when the recording has none. */
  readClock(kind: 'clock' | 'wallClock'): number | null {
    const reads = this.inSync ? this.index.at(this.#next)?.entry[kind] : undefined;
    const value = reads?.[this.#clockReads[kind]];
    if (value === undefined) return null;
    this.#clockReads[kind] += 1;
    if (kind === 'clock') this.nowMs = Math.max(this.nowMs, value + this.#offsetMs);
    return value;
  }

  startTimer(durationMs: number, onElapsed: () => void): ReplayTimer {
    this.#activity += 1;
    const dueMs = this.nowMs + durationMs;
    const timer: ReplayTimer = { number: this.#startedTimers++, durationMs, dueMs, onElapsed };
    this.#timers.add(timer);
    return timer;
  }

  cancelTimer(timer: ReplayTimer): void {
    this.#activity += 1;
    this.#timers.delete(timer);
  }

  /** Stops the time of the run during work that the recording does not show. */
  busy(): Disposable {
    this.#busy += 1;
    let isDisposed = false;
    return {
      [Symbol.dispose]: () => {
        if (isDisposed) return;
        isDisposed = true;
        this.#busy -= 1;
        this.#activity += 1;
      },
    };
  }

  /** Matches an action of the run with the recording. Returns the recorded event of the same action; null when there is none. */
  act(action: Action): RecordedEvent<ActionEntry> | null {
    this.#activity += 1;
    const matches = (event: RecordedEvent): event is RecordedEvent<ActionEntry> =>
      isAction(event) &&
      event.entry.type === action.type &&
      !this.#used.has(event.index) &&
      action.matches(event.entry);
    const { index, values } = this.#afterInputs(matches);
    const expected = this.index.at(index);
    if (expected !== undefined && matches(expected)) {
      // The recorded run had these when it acted, and this one may need them later.
      for (const value of values) this.#happen(value);
      this.#goTo(expected);
      return expected;
    }
    const isSection = action.type === 'phase' || action.type === 'step';
    const found = this.isPastCut ? null : this.#find(matches, isSection);
    // A missing input does not change what the unit sends.
    if (found === null && action.type === 'input') return null;
    this.diverge();
    if (found === null) return null;
    this.#goTo(found);
    // From the start of a phase, step or attempt the run is expected to act as recorded.
    if (isSection || action.type === 'attempt') this.inSync = true;
    return found;
  }

  diverge(): void {
    if (!this.inSync) return;
    this.inSync = false;
    this.#options.onDiverge();
  }

  /** Plays until the run has ended. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await this.#untilIdle(isOver);
      if (isOver()) return;
      await this.#advance(isOver);
    }
  }

  /** Delivers the next event, ends the next timer, or diverges. */
  async #advance(isOver: () => boolean): Promise<void> {
    const event = this.index.at(this.#next);
    if (event !== undefined && isExternalEvent(event) && this.inSync) {
      // The second of two calls that a script makes at once may still be on its way from its process.
      if (this.#isTimerNotStarted(event) && (await this.#hasActed(isOver))) return;
      return this.#happen(event);
    }
    if (event?.entry.type === 'input') return this.#pass(event);
    if (this.inSync || (this.#busy > 0 && !this.#busyTimeExpired)) {
      if (await this.#hasActed(isOver)) return;
      this.#busyTimeExpired = this.#busy > 0;
      return this.diverge();
    }
    const first = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)[0];
    if (event !== undefined && isExternalEvent(event)) {
      // After a divergence the timers of the run alone decide how long it waits.
      if (event.entry.type === 'timer') return this.#pass(event);
      if (first === undefined || event.entry.atMs + this.#offsetMs <= first.dueMs) return this.#happen(event);
    }
    const isLost = this.nowMs > MAX_RUN_MS || this.isPastCut;
    if (first !== undefined && (!isLost || this.#ended)) {
      this.nowMs = Math.max(this.nowMs, first.dueMs);
      this.#timers.delete(first);
      // A script at work waits for no event.
      if (this.#busy === 0) this.#options.onUnrecordedTimeout();
      first.onElapsed();
    } else if (event !== undefined && !isLost) this.#pass(event);
    else if (!this.#ended) {
      this.#ended = true;
      this.#options.onEnd();
    } else if (!(await this.#hasActed(isOver, END_POLLS)))
      throw new Error('the replayed run neither continues nor ends');
  }

  /** The end of a timer that has not been started. */
  #isTimerNotStarted({ entry }: RecordedEvent<ExternalEventEntry>): boolean {
    return entry.type === 'timer' && this.#timerOf(entry) === undefined;
  }

  #timerOf(entry: Extract<ExternalEventEntry, { type: 'timer' }>): ReplayTimer | undefined {
    return [...this.#timers].findLast(
      ({ number, durationMs }) => number === entry.timer && durationMs === entry.durationMs,
    );
  }

  #happen(event: RecordedEvent<ExternalEventEntry>): void {
    this.#pass(event);
    const { entry } = event;
    this.nowMs = Math.max(this.nowMs, entry.atMs + this.#offsetMs);
    if (entry.type !== 'timer') return this.#options.play(event);
    const timer = this.#timerOf(entry);
    if (timer === undefined) return this.diverge();
    this.#timers.delete(timer);
    timer.onElapsed();
  }

  #goTo(event: RecordedEvent<ActionEntry>): void {
    const { entry } = event;
    if (USED_ONCE.includes(entry.type)) this.#used.add(event.index);
    if (!this.inSync) this.#offsetMs = this.nowMs - entry.atMs;
    this.nowMs = Math.max(this.nowMs, entry.atMs + this.#offsetMs);
    this.#pass(event);
    if ('timers' in entry && entry.timers !== undefined) this.#startedTimers = entry.timers;
  }

  #pass({ index }: RecordedEvent): void {
    this.#next = index + 1;
    this.#clockReads = { clock: 0, wallClock: 0 };
  }

  /**
   * Index of the next event that matches, or is neither an input nor a value that came by itself: another version of Gongwei may have
   * read other inputs, and several values may have come before the recorded run acted on the first.
   */
  #afterInputs(matches: (event: RecordedEvent) => boolean): {
    readonly index: number;
    readonly values: readonly RecordedEvent<ExternalEventEntry>[];
  } {
    let index = this.#next;
    const values: RecordedEvent<ExternalEventEntry>[] = [];
    for (
      let event = this.index.at(index);
      event !== undefined && !matches(event);
      event = this.index.at(index)
    ) {
      if (this.inSync && isExternalEvent(event) && event.entry.type === 'notification') values.push(event);
      else if (event.entry.type !== 'input') break;
      index += 1;
    }
    return { index, values };
  }

  /** Searches the current step first, later events before earlier ones, then all; for a phase or step all at once. */
  #find(
    matches: (event: RecordedEvent) => event is RecordedEvent<ActionEntry>,
    isSection: boolean,
  ): RecordedEvent<ActionEntry> | null {
    const { events } = this.index;
    const startsSection = ({ entry }: RecordedEvent): boolean => isSectionStart(entry);
    const here = this.#next;
    const begin = isSection ? 0 : Math.max(0, events.slice(0, here).findLastIndex(startsSection));
    const rest = events.slice(here).findIndex(startsSection);
    const end = isSection || rest < 0 ? events.length : here + rest;
    const ranges: [number, number, boolean][] = [
      [here, end, true],
      [begin, here, false],
      [end, events.length, true],
      [0, begin, false],
    ];
    for (const [from, to, ahead] of ranges) {
      const part = events.slice(from, to);
      const found = ahead ? part.find(matches) : part.findLast(matches);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Waits until the run does nothing more without an event. */
  async #untilIdle(isOver: () => boolean): Promise<void> {
    for (let idleTurns = 0; idleTurns < 2 && !isOver();) {
      const before = this.#activity;
      await nextTurn();
      idleTurns = before === this.#activity ? idleTurns + 1 : 0;
    }
  }

  /** Waits longer; true when the run acted meanwhile. */
  async #hasActed(isOver: () => boolean, atLeastPolls = IDLE_POLLS): Promise<boolean> {
    const before = this.#activity;
    for (let polls = 1; ; polls += 1) {
      await this.#options.clock.sleep(POLL_MS, NO_SIGNAL);
      if (isOver() || before !== this.#activity) break;
      const isBusy = this.#busy > 0 && !this.#busyTimeExpired;
      if (polls >= Math.max(atLeastPolls, isBusy ? BUSY_IDLE_POLLS : 0)) return false;
    }
    this.#busyTimeExpired = false;
    return true;
  }
}
