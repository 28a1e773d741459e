import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type ActionEntry,
  type AttemptJson,
  type ExternalEventEntry,
  type IoReply,
  type IoRequest,
  type Json,
  type Recording,
  type RunIo,
  toFault,
  formatBytes,
} from '../recording/index.ts';
import { PendingRequests } from './pending-requests.ts';
import { type RecordedEvent, RecordingIndex } from './recording-index.ts';
import { createReplayClock } from './replay-clock.ts';
import { ReplayPort } from './replay-port.ts';
import { type Action, ReplayScheduler } from './replay-scheduler.ts';
import { waitedLonger } from './waited-longer.ts';

const OPERATOR = 'operator';

/** An action of the replayed run that differs from the recorded one. */
export interface Difference {
  /** Time of the replayed run, ms since its start. */
  readonly atMs: number;
  readonly phase: string | null;
  readonly step: string | null;
  /** Attempt of the step, from 1. */
  readonly attempt: number;
  readonly text: string;
  /** The recording has no answer to what the run did. */
  readonly unanswered: boolean;
}

export interface ReplayResult {
  readonly attempts: readonly AttemptJson[];
  /** Null when the recording ended before the run. */
  readonly runResult: {
    readonly outcome: AttemptJson['outcome'];
    readonly failure: AttemptJson['failure'];
  } | null;
  readonly differences: readonly Difference[];
}

/** Returns the recorded replies to a replayed run, and collects the differences between the two runs. */
export class ReplayIo implements RunIo {
  readonly clock: Clock;
  readonly isReplay = true;
  readonly mask = new SecretMask();
  readonly scheduler: ReplayScheduler;
  readonly #index: RecordingIndex;
  readonly #encoding: TextEncodingName;
  readonly #ports = new Map<number, ReplayPort>();
  readonly #requests: PendingRequests;
  readonly #stop = new AbortController();
  #phase: string | null = null;
  #step: string | null = null;
  #attempt = 1;
  /** The current attempt waited for something that the recording does not show. */
  #hadUnrecordedTimeout = false;
  /** The current attempt sent something, so that received data is an answer to it. */
  #hasSent = false;
  #attempts: AttemptJson[] = [];
  #runResult: ReplayResult['runResult'] = null;
  #differences: Difference[] = [];

  /** @param clock real time, for work outside the replayed run */
  constructor(recording: Recording, clock: Clock) {
    this.#encoding = recording.header.encoding ?? 'utf-8';
    this.#index = new RecordingIndex(recording);
    this.scheduler = new ReplayScheduler(this.#index, {
      clock,
      cutOff: recording.cutOff || recording.completeUntilMs !== null,
      play: (event) => this.#play(event),
      onDiverge: () => this.#onDiverge(),
      onUnrecordedTimeout: () => (this.#hadUnrecordedTimeout = true),
      onEnd: () => this.#stop.abort(recordingEnded()),
    });
    this.#requests = new PendingRequests(this.#index, this.scheduler, this.mask);
    this.clock = createReplayClock(this.scheduler, recording.header.startedAtMs ?? 0);
  }

  get result(): ReplayResult {
    return { attempts: this.#attempts, runResult: this.#runResult, differences: this.#differences };
  }

  wrapPort(port: number, path: string): DevicePort {
    const replayed = new ReplayPort({
      path,
      port,
      send: (chunk) => this.#send(port, chunk),
      request: (request, onNotification) => this.request(request, undefined, onNotification),
    });
    this.#ports.set(port, replayed);
    return replayed;
  }

  async request(
    request: IoRequest,
    _perform?: unknown,
    onNotification: (reply: IoReply) => boolean = () => false,
  ): Promise<IoReply> {
    const { parameters, signal = null, timeoutMs } = request;
    const { line, entry } = this.#findRequest(request);
    const otherLimitMs = timeoutMs !== undefined && entry.parameters !== parameters ? timeoutMs : null;
    return this.#requests.waitForReply(line, { signal, onNotification, otherLimitMs });
  }

  input<T extends Json>(kind: string, key: string, read: () => T): T {
    const event = this.#act({
      type: 'input',
      matches: (entry) => entry.type === 'input' && entry.kind === kind && entry.key === key,
    });
    if (event?.entry.type !== 'input') return read();
    if (event.entry.fault !== undefined) throw toFault(event.entry.fault);
    return event.entry.value as T;
  }

  watchStop(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#stop.signal]);
  }

  beginPhase(name: string): void {
    this.#phase = name;
    this.#step = null;
    this.#beginSection('phase', name);
  }

  beginStep(name: string): void {
    this.#step = name;
    this.#beginSection('step', name);
  }

  comment(): void {
    // Not replayed.
  }

  busy(): Disposable {
    return this.scheduler.busy();
  }

  recordAttempt(attempt: AttemptJson): void {
    // After the end of a recording that was cut off an attempt has no recorded replies.
    if (this.scheduler.isPastCut) return;
    this.#attempts.push(this.mask.maskJson(attempt));
    const event = this.#act({
      type: 'attempt',
      matches: (entry) =>
        entry.type === 'attempt' &&
        entry.attempt.phase === attempt.phase &&
        entry.attempt.step === attempt.step &&
        entry.attempt.attempt === attempt.attempt,
    });
    const recorded = event?.entry.type === 'attempt' ? event.entry.attempt : null;
    const isUncertain = this.#hadUnrecordedTimeout && waitedLonger(attempt, recorded, this.#hasSent);
    if (attempt.outcome !== 'PASS' && isUncertain)
      this.#addDifference('the recorded run did not wait so long here', true);
    this.#attempt = attempt.attempt + 1;
    this.#beginAttempt();
  }

  recordOutcome(result: NonNullable<ReplayResult['runResult']>): void {
    if (this.scheduler.isPastCut) return;
    this.#runResult = this.mask.maskJson(result);
    this.#act({ type: 'outcome', matches: () => true });
  }

  requireWritten(): void {
    // A replay writes no recording.
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Fault('cancelled', 'the replay has ended'));
  }

  #beginSection(type: 'phase' | 'step', name: string): void {
    this.#attempt = 1;
    this.#beginAttempt();
    this.#act({ type, matches: (entry) => entry.type === type && entry.name === name });
  }

  #beginAttempt(): void {
    this.#hadUnrecordedTimeout = false;
    this.#hasSent = false;
  }

  /** The recorded request. Faults: `not-found` when there is none, `interrupted` after the end of a recording that was cut off. */
  #findRequest(request: IoRequest): RecordedEvent<Extract<ActionEntry, { type: 'request' }>> {
    const { kind, key, parameters, bytes } = request;
    const isSame = (entry: ActionEntry): boolean =>
      entry.type === 'request' && entry.kind === kind && entry.key === key;
    const event = this.#act({
      type: 'request',
      matches: (entry) =>
        isSame(entry) &&
        !isOtherPrompt(entry, parameters) &&
        (bytes === undefined || this.#hasSameBytes(entry, bytes)),
    });
    if (event?.entry.type !== 'request') {
      if (this.scheduler.isPastCut) throw recordingEnded();
      const other = kind === OPERATOR ? 'another question' : 'the same with other bytes';
      const there = this.#describeNext(isSame, other);
      const requested = `${kind} "${key}"${bytes === undefined ? '' : ` with ${this.#quote(bytes)}`}`;
      this.#addDifference(`the run requested ${requested} where the recording has ${there}`, true);
      throw new Fault('not-found', `the recording has no answer to ${kind} "${key}"`, {
        hint: 'The recorded run did not request this.',
      });
    }
    const { entry } = event;
    // Recordings of earlier versions have no parameters of a prompt.
    if (entry.parameters !== parameters && kind !== OPERATOR)
      this.#addDifference(
        `parameters of ${kind} "${key}": ${parameters ?? 'none'}, recorded: ${entry.parameters ?? 'none'}`,
        false,
      );
    return { ...event, entry };
  }

  #act(action: Action): RecordedEvent<ActionEntry> | null {
    const before = this.scheduler.next;
    const event = this.scheduler.act(action);
    const endsPart = action.type === 'phase' || action.type === 'step' || action.type === 'attempt';
    if (event !== null && endsPart) this.#addUnsent(before, event);
    this.#requests.settleSkipped();
    return event;
  }

  /** Adds a difference when the recorded run sent something in this step that this run did not. */
  #addUnsent(from: number, to: RecordedEvent): void {
    const unsent = this.#index.nextInStep(from, ({ type }) => ['tx', 'attempt', 'outcome'].includes(type));
    if (unsent?.entry.type !== 'tx' || unsent.index >= to.index) return;
    const bytes = this.#quote(this.#index.bytesOf(unsent, []));
    this.#addDifference(`the recorded run sent ${bytes} here, this run did not`, false);
  }

  async #send(port: number, chunk: Uint8Array): Promise<void> {
    const isSamePort = (entry: ActionEntry): boolean => entry.type === 'tx' && (entry.port ?? 0) === port;
    const event = this.#act({
      type: 'tx',
      matches: (entry) => isSamePort(entry) && this.#hasSameBytes(entry, chunk),
    });
    if (event === null) {
      const there = this.#describeNext(isSamePort);
      this.#addDifference(`the run sent ${this.#quote(chunk)} where the recording has ${there}`, true);
      return;
    }
    this.#hasSent = true;
    if (this.#index.sentOf(event.line) === null || !this.scheduler.inSync) return;
    await this.#ports.get(port)?.waitUntilSent(event.line);
  }

  #hasSameBytes(entry: ActionEntry, bytes: Uint8Array): boolean {
    const event = this.#index.eventOf(entry);
    return event !== null && Buffer.compare(this.#index.bytesOf(event, this.mask.forms), bytes) === 0;
  }

  /** Text about the next matching action of the recording. */
  #describeNext(matches: (entry: ActionEntry) => boolean, instead?: string): string {
    const event = this.#index.nextInStep(this.scheduler.next, matches);
    if (event === null) return 'nothing more in this step';
    return instead ?? this.#quote(this.#index.bytesOf(event, []));
  }

  #addDifference(text: string, unanswered: boolean): void {
    if (this.scheduler.isPastCut) return;
    this.#differences.push({
      atMs: this.scheduler.nowMs,
      phase: this.#phase,
      step: this.#step,
      attempt: this.#attempt,
      text: this.mask.maskText(text),
      unanswered,
    });
  }

  #play(event: RecordedEvent<ExternalEventEntry>): void {
    const { entry } = event;
    switch (entry.type) {
      case 'rx':
        return this.#ports.get(entry.port ?? 0)?.receive(this.#index.bytesOf(event, this.mask.forms));
      case 'port-lost':
        return this.#ports.get(entry.port ?? 0)?.lose(toFault(entry.fault));
      case 'tx-done':
        for (const port of this.#ports.values()) port.finishSend(entry.tx, entry.fault);
        return;
      case 'reply':
        return this.#requests.reply(event);
      case 'notification':
        return this.#requests.notify(event);
      case 'stop':
        return this.#stop.abort(toFault(entry.fault));
      case 'timer':
        return;
    }
  }

  #onDiverge(): void {
    for (const port of this.#ports.values()) port.finishAllSends();
    this.#requests.endAborted();
  }

  #quote(bytes: Uint8Array): string {
    return `"${formatBytes(bytes, this.#encoding)}"`;
  }
}

/** A prompt of another kind or with other choices; recordings of earlier versions do not have them. */
function isOtherPrompt(entry: ActionEntry, parameters: string | undefined): boolean {
  return (
    entry.type === 'request' &&
    entry.kind === OPERATOR &&
    entry.parameters !== undefined &&
    entry.parameters !== parameters
  );
}

function recordingEnded(): Fault {
  return new Fault('interrupted', 'the recording ends here', {
    hint: 'The recording was cut off, or the run was interrupted.',
  });
}
