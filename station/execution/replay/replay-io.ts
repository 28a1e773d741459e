import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { abortFault, Fault } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';
import {
  type AttemptJson,
  type DidEntry,
  type HappenedEntry,
  type Json,
  maskJson,
  type Question,
  type Recording,
  type Said,
  secretForms,
  type Tape,
  toFault,
  visible,
} from '../recording/index.ts';
import type { Difference } from './difference.ts';
import { createPlayClock } from './replay-clock.ts';
import { PlayLink } from './replay-port.ts';
import { type Deed, Projector } from './replay-scheduler.ts';
import { type Frame, Reel } from './recording-index.ts';

const PHASE = 'phase ';
const OPERATOR = 'operator';

interface Asked {
  readonly line: number;
  readonly signal: AbortSignal | null;
  readonly hear: (said: Said) => boolean;
  resolve(said: Said): void;
  reject(reason: unknown): void;
  open: boolean;
}

export interface Played {
  readonly attempts: readonly AttemptJson[];
  /** Null when the recording ended before the run. */
  readonly verdict: {
    readonly outcome: AttemptJson['outcome'];
    readonly failure: AttemptJson['failure'];
  } | null;
  readonly differences: readonly Difference[];
}

/** The tape that says again what a recording has: the other side of a run that is replayed. */
export class Player implements Tape {
  readonly clock: Clock;
  readonly projector: Projector;
  readonly #reel: Reel;
  readonly #encoding: TextEncodingName;
  readonly #links = new Map<number, PlayLink>();
  readonly #asked = new Map<number, Asked>();
  readonly #stop = new AbortController();
  readonly #given: string[] = [];
  #forms: Uint8Array[] = [];
  #words: string[] = [];
  #phase: string | null = null;
  #step: string | null = null;
  #attempt = 1;
  #waitedInVain = false;
  /** The attempt sent something, so that what came is an answer to it. */
  #sent = false;
  #attempts: AttemptJson[] = [];
  #verdict: Played['verdict'] = null;
  #differences: Difference[] = [];

  constructor(recording: Recording) {
    this.#encoding = recording.header.encoding ?? 'utf-8';
    this.#reel = new Reel(recording);
    this.projector = new Projector(this.#reel, {
      cutOff: recording.cutOff || recording.wholeUntilMs !== null,
      play: (frame) => this.#play(frame),
      onLeave: () => this.#onLeave(),
      onTimeOver: () => (this.#waitedInVain = true),
      onEnd: () => this.#end(),
    });
    this.clock = createPlayClock(this.projector, recording.header.at ?? 0);
  }

  get played(): Played {
    return { attempts: this.#attempts, verdict: this.#verdict, differences: this.#differences };
  }

  link(port: number, path: string): ByteLink {
    const link = new PlayLink({
      path,
      send: (chunk) => this.#send(port, chunk),
      ask: async (question) => void (await this.ask(question)),
      port,
    });
    this.#links.set(port, link);
    return link;
  }

  async ask(
    question: Question,
    _really?: unknown,
    hear: (said: Said) => boolean = () => false,
  ): Promise<Said> {
    const { kind, key, how, bytes, signal = null, withinMs } = question;
    const same = (entry: DidEntry): boolean => entry.d === '?' && entry.k === kind && entry.key === key;
    const frame = this.#did({
      d: '?',
      fits: (entry) =>
        same(entry) && !isOtherQuestion(entry, how) && (bytes === undefined || this.#sameBytes(entry, bytes)),
    });
    if (frame?.entry.d !== '?') {
      if (this.projector.isPastCut) throw ended();
      const instead = kind === OPERATOR ? 'another question' : 'the same with other bytes';
      const there = this.#ahead((entry) => same(entry), instead);
      this.#differ(
        `the recipe asks ${kind} for ${key}${this.#quoted(bytes)} where the recording has ${there}`,
        true,
      );
      throw new Fault('not-found', `the recording has no answer to ${kind}: ${key}`, {
        hint: 'The run that was recorded did not ask this.',
      });
    }
    // Older versions did not say how a person was asked.
    if (frame.entry.how !== how && kind !== OPERATOR)
      this.#differ(
        `the recipe asks ${kind} for ${key} ${how ?? ''} where the recording has it ${frame.entry.how ?? ''}`,
        false,
      );
    const { line } = frame;
    const result = Promise.withResolvers<Said>();
    const asked: Asked = { line, signal, hear, open: true, resolve: result.resolve, reject: result.reject };
    this.#asked.set(line, asked);
    const onAbort = (): void => this.#giveUp(asked);
    signal?.addEventListener('abort', onAbort, { once: true });
    // Another time limit than then: its end is not in the recording.
    const other = withinMs !== undefined && frame.entry.how !== how;
    const limit = other ? this.projector.wait(withinMs, () => asked.resolve({ v: false })) : null;
    if (other) this.projector.leave();
    onAbort();
    try {
      return await result.promise;
    } finally {
      asked.open = false;
      if (limit !== null) this.projector.forget(limit);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  input<T extends Json>(kind: string, key: string, take: () => T): T {
    const frame = this.#did({ d: 'i', fits: (e) => e.d === 'i' && e.k === kind && e.key === key });
    if (frame?.entry.d !== 'i') return take();
    if (frame.entry.fault !== undefined) throw toFault(frame.entry.fault);
    return frame.entry.v as T;
  }

  watch(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#stop.signal]);
  }

  protect(secrets: readonly string[]): void {
    this.#given.push(...secrets.filter((secret) => secret !== '' && !this.#given.includes(secret)));
    this.#forms = this.#given.flatMap(secretForms);
    this.#words = [...new Set(this.#forms.map((form) => Buffer.from(form).toString('latin1')))];
  }

  mark(text: string): void {
    if (text.startsWith(PHASE)) {
      this.#phase = text.slice(PHASE.length);
      this.#step = null;
    } else this.#step = text;
    this.#attempt = 1;
    this.#begin();
    this.#did({ d: '#', fits: (entry) => entry.d === '#' && entry.b === text });
  }

  note(): void {
    // For people.
  }

  busy(): Disposable {
    return this.projector.busy();
  }

  attempt(attempt: AttemptJson): void {
    // What comes behind the end of a cut-off recording says nothing about the unit.
    if (this.projector.isPastCut) return;
    this.#attempts.push(maskJson(attempt, this.#words));
    const then = this.#did({
      d: 'r',
      fits: ({ ...entry }) =>
        entry.d === 'r' &&
        entry.r.phase === attempt.phase &&
        entry.r.step === attempt.step &&
        entry.r.attempt === attempt.attempt,
    });
    const recorded = then?.entry.d === 'r' ? then.entry.r : null;
    if (attempt.outcome !== 'PASS' && this.#waitedInVain && waitedLonger(attempt, recorded, this.#sent))
      this.#differ('the run that was recorded did not wait so long here', true);
    this.#attempt = attempt.attempt + 1;
    this.#begin();
  }

  /** An attempt begins. */
  #begin(): void {
    this.#waitedInVain = false;
    this.#sent = false;
  }

  verdict(verdict: NonNullable<Played['verdict']>): void {
    if (this.projector.isPastCut) return;
    this.#verdict = maskJson(verdict, this.#words);
    this.#did({ d: 'v', fits: ({ d }) => d === 'v' });
  }

  check(): void {
    // Nothing is written.
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Fault('cancelled', 'the replay is over'));
  }

  #did(deed: Deed): Frame<DidEntry> | null {
    const before = this.projector.next;
    const frame = this.projector.did(deed);
    if (frame !== null && (deed.d === '#' || deed.d === 'r')) this.#noteUnsent(before, frame);
    // What the run went past by doing something else is over for it.
    for (const asked of this.#asked.values()) {
      const at = this.#reel.answerOf(asked.line);
      const answer = at === null || at >= this.projector.next ? undefined : this.#reel.at(at);
      if (asked.open && answer?.entry.d === '=') this.#answer(answer as Frame<HappenedEntry>);
    }
    return frame;
  }

  /** What was sent then in this step, and not now. */
  #noteUnsent(from: number, to: Frame): void {
    const unsent = this.#reel.nextIn(from, ({ d }) => d === '>' || d === 'r' || d === 'v');
    if (unsent?.entry.d !== '>' || unsent.at >= to.at) return;
    const bytes = this.#quoted(this.#reel.bytesOf(unsent, []));
    this.#differ(`the recording has${bytes} here, which the recipe did not send`, false);
  }

  async #send(port: number, chunk: Uint8Array): Promise<void> {
    const fits = (entry: DidEntry): boolean => entry.d === '>' && (entry.p ?? 0) === port;
    const frame = this.#did({ d: '>', fits: (entry) => fits(entry) && this.#sameBytes(entry, chunk) });
    if (frame === null) {
      const there = this.#ahead(fits);
      this.#differ(`the recipe sent${this.#quoted(chunk)} where the recording has ${there}`, true);
      return;
    }
    this.#sent = true;
    const at = this.#reel.sentOf(frame.line);
    if (at === null || !this.projector.inStep) return;
    await (this.#links.get(port)?.sent(frame.line) ?? Promise.resolve());
  }

  #sameBytes(entry: DidEntry, bytes: Uint8Array): boolean {
    const frame = this.#reel.frameOf(entry);
    return frame !== null && Buffer.compare(this.#reel.bytesOf(frame, this.#forms), bytes) === 0;
  }

  /** What the recording has next instead, in words. */
  #ahead(fits: (entry: DidEntry) => boolean, instead?: string): string {
    const frame = this.#reel.nextIn(this.projector.next, fits);
    if (frame === null) return 'nothing more in this step';
    return instead ?? this.#quoted(this.#reel.bytesOf(frame, [])).trim();
  }

  #differ(text: string, unanswered: boolean): void {
    if (this.projector.isPastCut) return;
    const masked = maskJson(text, this.#words);
    this.#differences.push({
      ms: this.projector.nowMs,
      phase: this.#phase,
      step: this.#step,
      attempt: this.#attempt,
      text: masked,
      unanswered,
    });
  }

  #play(frame: Frame<HappenedEntry>): void {
    const { entry } = frame;
    switch (entry.d) {
      case '<':
        return this.#links.get(entry.p ?? 0)?.receive(this.#reel.bytesOf(frame, this.#forms));
      case 'x':
        return this.#links.get(entry.p ?? 0)?.lose(toFault(entry.fault));
      case 'w':
        for (const link of this.#links.values()) link.left(entry.of, entry.fault);
        return;
      case '=':
        return this.#answer(frame);
      case '~':
        return this.#heard(frame);
      case '!':
        return this.#stop.abort(toFault(entry.fault));
      case 't':
        return;
    }
  }

  #heard(frame: Frame<HappenedEntry>): void {
    if (frame.entry.d !== '~') return;
    const asked = this.#asked.get(frame.entry.of);
    const enough = asked?.hear(this.#said(frame)) ?? false;
    if (!enough || asked?.open !== true) return;
    // The run that was recorded wanted more of it.
    const { of } = frame.entry;
    const more = this.#reel.frames
      .slice(frame.at + 1)
      .some(({ entry }) => entry.d === '~' && entry.of === of);
    if (!more) return;
    this.projector.leave();
    asked.resolve({ v: true });
  }

  #answer(frame: Frame<HappenedEntry>): void {
    if (frame.entry.d !== '=') return;
    const asked = this.#asked.get(frame.entry.of);
    if (asked?.open !== true) return;
    asked.open = false;
    if (frame.entry.fault === undefined) asked.resolve(this.#said(frame));
    else asked.reject(toFault(frame.entry.fault));
  }

  #said(frame: Frame<HappenedEntry>): Said {
    const { entry } = frame;
    const v = 'v' in entry ? entry.v : undefined;
    return {
      ...(v === undefined ? {} : { v }),
      ...('b' in entry && entry.b !== undefined ? { bytes: this.#reel.bytesOf(frame, this.#forms) } : {}),
    };
  }

  /** The one who asked no longer waits: where the recording has how that ended, it ends so. */
  #giveUp(asked: Asked): void {
    if (asked.signal?.aborted !== true || !asked.open) return;
    const at = this.#reel.answerOf(asked.line);
    if (this.projector.inStep && at !== null && at >= this.projector.next) return;
    asked.open = false;
    asked.reject(abortFault(asked.signal));
  }

  #onLeave(): void {
    for (const link of this.#links.values()) link.allLeft();
    for (const asked of this.#asked.values()) this.#giveUp(asked);
  }

  #quoted(bytes: Uint8Array | undefined): string {
    return bytes === undefined ? '' : ` "${visible(bytes, this.#encoding)}"`;
  }

  #end(): void {
    this.#stop.abort(ended());
  }
}

/** A good of a person is no answer to a question for a number. Recordings of older versions do not say what was asked. */
function isOtherQuestion(entry: DidEntry, how: string | undefined): boolean {
  return entry.d === '?' && entry.k === OPERATOR && entry.how !== undefined && entry.how !== how;
}

/** Nothing came, or nothing that can be read: what nobody has waited for nobody has heard. */
const NOTHING_CAME: readonly string[] = [
  'device-silent',
  'device-unreadable',
  'echo-missing',
  'timeout',
  'ble-unseen',
];

/** Another answer is one all the same; what a unit says by itself is none, and neither is a part of one. */
function waitedLonger({ ms, failure }: AttemptJson, recorded: AttemptJson | null, sent: boolean): boolean {
  if (recorded === null) return true;
  if (failure === null || ms <= recorded.ms + 1) return false;
  const { code, details } = failure;
  // A frame that stops in the middle says how many bytes came; so do bytes that are too few.
  const isPart =
    (code === 'device-garbled' && details?.['bytes'] !== undefined) ||
    (code === 'limit-exceeded' && details?.['command'] === 'read');
  return NOTHING_CAME.includes(code) || isPart || !sent;
}

function ended(): Fault {
  return new Fault('interrupted', 'the recording ends here', { hint: 'It was cut off, or the run was.' });
}
