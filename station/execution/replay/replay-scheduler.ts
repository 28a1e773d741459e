import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { DidEntry, HappenedEntry } from '../recording/index.ts';
import { type Frame, isDid, isHappened, type Reel } from './recording-index.ts';

/** A wait of the run. */
export interface Wait {
  /** Its number in the recording, if it is there. */
  readonly n: number;
  readonly ms: number;
  readonly dueMs: number;
  over(): void;
}

/** What the run does now, to be found in the recording. */
export interface Deed {
  readonly d: DidEntry['d'];
  fits(entry: DidEntry): boolean;
}

/** What a unit, a person or a registry was asked, and how attempts ended. */
const USED_ONCE: readonly DidEntry['d'][] = ['>', '?', 'r'];

/** Work outside of the clock (a script in its worker) may take so long before the run is thought to wait. */
const PATIENCE_MS = 60;
/** And that work itself so long, before the run's own time limits are to end it. */
const BUSY_PATIENCE_MS = 5000;
/** A run that waits longer than this in its own time has lost its way. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Plays a recording to a run, in the order in which things happened. As long as the run does what it did then, each
 * thing happens again at its place in that order, waits that ended end, and waits that never ended do not: what came
 * first then comes first now. When the run does something else, what it does is looked for in the recording and time
 * goes on from there, each answer as long after its question as it was then, until a step begins that is there.
 */
export class Projector {
  readonly reel: Reel;
  /** Since the run began, by its own time. */
  nowMs = 0;
  /** The run does what it did then. */
  inStep = true;
  /** Waits begun so far, as the recording numbers them. */
  waits = 0;
  readonly #play: (frame: Frame<HappenedEntry>) => void;
  readonly #onLeave: () => void;
  readonly #onEnd: () => void;
  readonly #open = new Set<Wait>();
  readonly #onTimeOver: () => void;
  readonly #cutOff: boolean;
  /** What was asked and answered is not answered again: the unit was asked once. */
  readonly #used = new Set<number>();
  #next = 0;
  #offsetMs = 0;
  #deeds = 0;
  #busy = 0;
  /** What works outside has had its time. */
  #tired = false;
  #reads = { c: 0, wall: 0 };
  #ended = false;

  constructor(
    reel: Reel,
    options: {
      readonly cutOff: boolean;
      /** Makes it happen. */
      readonly play: (frame: Frame<HappenedEntry>) => void;
      /** The run has left the order of the recording. */
      readonly onLeave: () => void;
      /** A wait has ended of which the recording does not say how it ended. */
      readonly onTimeOver: () => void;
      /** The recording is over and the run is not. */
      readonly onEnd: () => void;
    },
  ) {
    this.reel = reel;
    this.#cutOff = options.cutOff;
    this.#play = options.play;
    this.#onLeave = options.onLeave;
    this.#onTimeOver = options.onTimeOver;
    this.#onEnd = options.onEnd;
  }

  /** Place of the next line. */
  get next(): number {
    return this.#next;
  }

  /** The recording was cut off, and the run is past its end: nothing that it does now says anything. */
  get isPastCut(): boolean {
    return this.#cutOff && this.#next >= this.reel.frames.length;
  }

  /** What the clock answered at this place then. */
  read(kind: 'c' | 'wall'): number | null {
    const value = this.inStep ? this.reel.at(this.#next)?.entry[kind]?.[this.#reads[kind]] : undefined;
    if (value === undefined) return null;
    this.#reads[kind] += 1;
    if (kind === 'c') this.nowMs = Math.max(this.nowMs, value + this.#offsetMs);
    return value;
  }

  wait(ms: number, over: () => void): Wait {
    this.#deeds += 1;
    const wait: Wait = { n: this.waits++, ms, dueMs: this.nowMs + ms, over };
    this.#open.add(wait);
    return wait;
  }

  forget(wait: Wait): void {
    this.#deeds += 1;
    this.#open.delete(wait);
  }

  /** Something real is under way that the recording does not have: the time of the run stands still. */
  busy(): Disposable {
    this.#busy += 1;
    let over = false;
    return {
      [Symbol.dispose]: () => {
        if (over) return;
        over = true;
        this.#busy -= 1;
        this.#deeds += 1;
      },
    };
  }

  /** The run does something. Returns the line where it did it then; `null` when it did not. */
  did(deed: Deed): Frame<DidEntry> | null {
    this.#deeds += 1;
    const fits = (frame: Frame): frame is Frame<DidEntry> =>
      isDid(frame) && frame.entry.d === deed.d && !this.#used.has(frame.at) && deed.fits(frame.entry);
    const frame = this.reel.at(this.#afterRemarks(fits));
    if (frame !== undefined && fits(frame)) {
      this.#goTo(frame);
      return frame;
    }
    const found = this.isPastCut ? null : this.#find(fits, deed.d === '#');
    // A remark that is not there changes nothing of what the unit says.
    if (found === null && deed.d === 'i') return null;
    this.leave();
    if (found === null) return null;
    this.#goTo(found);
    // From the beginning of a step or attempt on, everything should be as it was then.
    if (deed.d === '#' || deed.d === 'r') this.inStep = true;
    return found;
  }

  leave(): void {
    if (!this.inStep) return;
    this.inStep = false;
    this.#onLeave();
  }

  /** Plays until the run is over. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await this.#quiet(isOver);
      if (isOver()) return;
      await this.#go(isOver);
    }
  }

  /** The next thing that happens to the run. */
  async #go(isOver: () => boolean): Promise<void> {
    const frame = this.reel.at(this.#next);
    if (frame !== undefined && isHappened(frame) && this.inStep) {
      // The second of two calls that a script makes at once may be on its way from its process.
      if (this.#endsNothing(frame) && (await this.#patience(isOver))) return;
      return this.#happen(frame);
    }
    if (frame?.entry.d === 'i') return this.#pass(frame);
    if (this.inStep || (this.#busy > 0 && !this.#tired)) {
      if (await this.#patience(isOver)) return;
      this.#tired = this.#busy > 0;
      return this.leave();
    }
    const first = [...this.#open].sort((a, b) => a.dueMs - b.dueMs)[0];
    if (frame !== undefined && isHappened(frame)) {
      // How long a wait lasts is the run's own business now.
      if (frame.entry.d === 't') return this.#pass(frame);
      if (first === undefined || frame.entry.ms + this.#offsetMs <= first.dueMs) return this.#happen(frame);
    }
    const lost = this.nowMs > LONGEST_MS || this.isPastCut;
    if (first !== undefined && (!lost || this.#ended)) {
      this.nowMs = Math.max(this.nowMs, first.dueMs);
      this.#open.delete(first);
      // A script that is at work by itself waits for nothing.
      if (this.#busy === 0) this.#onTimeOver();
      first.over();
    } else if (frame !== undefined && !lost) this.#pass(frame);
    else if (!this.#ended) {
      this.#ended = true;
      this.#onEnd();
    } else throw new Error('the replayed run neither goes on nor ends');
  }

  /** The end of a wait that has not begun. */
  #endsNothing({ entry }: Frame<HappenedEntry>): boolean {
    return entry.d === 't' && this.#waitOf(entry) === undefined;
  }

  #waitOf(entry: Extract<HappenedEntry, { d: 't' }>): Wait | undefined {
    return [...this.#open].findLast(({ n, ms }) => n === entry.n && ms === entry.for);
  }

  #happen(frame: Frame<HappenedEntry>): void {
    this.#pass(frame);
    this.nowMs = Math.max(this.nowMs, frame.entry.ms + this.#offsetMs);
    const { entry } = frame;
    if (entry.d !== 't') return this.#play(frame);
    const wait = this.#waitOf(entry);
    if (wait === undefined) return this.leave();
    this.#open.delete(wait);
    wait.over();
  }

  #goTo(frame: Frame<DidEntry>): void {
    const { entry } = frame;
    if (USED_ONCE.includes(entry.d)) this.#used.add(frame.at);
    if (!this.inStep) this.#offsetMs = this.nowMs - entry.ms;
    this.nowMs = Math.max(this.nowMs, entry.ms + this.#offsetMs);
    this.#pass(frame);
    if ((entry.d === '#' || entry.d === 'r') && entry.n !== undefined) this.waits = entry.n;
  }

  #pass({ at }: Frame): void {
    this.#next = at + 1;
    this.#reads = { c: 0, wall: 0 };
  }

  /** The place of the next line, past inputs that another version of Gongwei took. */
  #afterRemarks(fits: (frame: Frame) => boolean): number {
    let at = this.#next;
    for (let frame = this.reel.at(at); frame?.entry.d === 'i' && !fits(frame); frame = this.reel.at(at))
      at += 1;
    return at;
  }

  /** In the same step first, ahead before behind, then anywhere; a step itself is looked for ahead, then behind. */
  #find(fits: (frame: Frame) => frame is Frame<DidEntry>, isMark: boolean): Frame<DidEntry> | null {
    const { frames } = this.reel;
    const isHead = ({ entry }: Frame): boolean => entry.d === '#';
    const here = this.#next;
    const begin = isMark ? 0 : Math.max(0, frames.slice(0, here).findLastIndex(isHead));
    const rest = frames.slice(here).findIndex(isHead);
    const end = isMark || rest < 0 ? frames.length : here + rest;
    const places: [number, number, boolean][] = [
      [here, end, true],
      [begin, here, false],
      [end, frames.length, true],
      [0, begin, false],
    ];
    for (const [from, to, ahead] of places) {
      const part = frames.slice(from, to);
      const found = ahead ? part.find(fits) : part.findLast(fits);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Waits until the run does nothing more by itself. */
  async #quiet(isOver: () => boolean): Promise<void> {
    for (let calm = 0; calm < 2 && !isOver();) {
      const before = this.#deeds;
      await turn();
      calm = before === this.#deeds ? calm + 1 : 0;
    }
  }

  /** True when the run has done something after all. */
  async #patience(isOver: () => boolean): Promise<boolean> {
    const before = this.#deeds;
    const began = performance.now();
    for (;;) {
      await pause(2);
      if (isOver() || before !== this.#deeds) break;
      const limitMs = this.#busy > 0 && !this.#tired ? BUSY_PATIENCE_MS : PATIENCE_MS;
      if (performance.now() - began > limitMs) return false;
    }
    this.#tired = false;
    return true;
  }
}
