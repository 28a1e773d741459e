import { abortFault, type Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import { type Decision, type HoldChange, type IsKept, SecretMask } from '../../core/secret-mask/index.ts';
import {
  ALWAYS_RECORDED,
  type AttemptJson,
  type Entry,
  FORMAT,
  type Header,
  type Json,
  streamOf,
  toFaultJson,
} from './format.ts';
import { JsonLinesFile } from './json-lines-file.ts';
import { MaskedStream, type Settled } from './masked-stream.ts';
import { RecordedClock } from './recorded-clock.ts';
import {
  baudRateRequest,
  controlLinesRequest,
  type IoReply,
  type IoRequest,
  type RunIo,
  transferRequest,
} from './run-io.ts';

/**
 * A long run with all its firmware takes a few MB. The recording of a unit that sends without end stops at this size;
 * its run goes on, because the ledger has what the result depends on.
 */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** What comes over the unit's own port. */
const UNIT_STREAM = '<';

/** An entry without the times, which `#write` adds. */
type Untimed<E> = E extends Entry ? Omit<E, 'atMs' | 'clock' | 'wallClock'> : never;
type NewEntry = Untimed<Entry>;

/**
 * Records a run in a file of its own. An entry is handed to the operating system before its bytes are sent, so that a
 * killed station leaves everything.
 */
export class Recorder implements RunIo {
  readonly clock: RecordedClock;
  readonly isReplay = false;
  readonly mask = new SecretMask();
  readonly #file: JsonLinesFile;
  readonly #maxCharacters: number;
  readonly #realClock: Clock;
  readonly #streams = new Map<string, MaskedStream>();
  readonly #unwatch: (() => void)[] = [];
  #isTruncated = false;
  #isHeld = false;

  /** Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`; the same from `write` and `request`. */
  constructor(
    file: string,
    header: Omit<Header, 'gongwei'> & Readonly<Record<string, unknown>>,
    clock: Clock,
  ) {
    this.#file = new JsonLinesFile(file);
    this.#realClock = clock;
    this.clock = new RecordedClock(clock, header.startedAtMs ?? clock.nowMs(), (timer, durationMs) =>
      this.#record({ type: 'timer', timer, durationMs }),
    );
    this.#file.write({ gongwei: FORMAT, ...header });
    // The recipe in the header may be of any size.
    this.#maxCharacters = this.#file.characters + MAX_CHARACTERS;
    this.mask.onProtect(() => {
      this.#settleAll();
      for (const stream of this.#streams.values()) stream.setForms(this.mask.forms, this.mask.concealed);
    });
    this.mask.onHold((change, isKept) => this.#changeHold(change, isKept));
    this.mask.onDecision((decision) => this.#writeDecision(decision));
  }

  /** The unit's own port, recorded as port 0. */
  wrapUnitPort(real: DevicePort): DevicePort {
    return this.wrapPort(0, real.path, real);
  }

  wrapPort(port: number, path: string, real: DevicePort | null): DevicePort {
    if (real === null) throw new Error('a recorder needs a real port');
    const portField = port === 0 ? {} : { port };
    const lostListeners: ((fault: Fault) => void)[] = [];
    let lost: Fault | null = null;
    let received: ((chunk: Uint8Array) => void) | null = null;
    const baudRateOf = real.setBaudRate?.bind(real);
    real.onLost((fault) => {
      lost = fault;
      this.#record({ type: 'port-lost', ...portField, fault: toFaultJson(fault) });
      for (const listener of lostListeners) listener(fault);
    });
    return {
      path,
      write: (chunk, signal) => this.#send(real, { type: 'tx', ...portField }, chunk, signal),
      onData: (listener) => {
        const record = (chunk: Uint8Array): void => {
          this.#recordBytes({ type: 'rx', ...portField }, chunk);
          listener?.(chunk);
        };
        received = listener === null ? null : record;
        real.onData(received);
      },
      onLost: (listener) => {
        if (lost !== null) listener(lost);
        else lostListeners.push(listener);
      },
      ...(real.setControlLines === undefined
        ? {}
        : {
            setControlLines: async (lines) => {
              await this.request(controlLinesRequest(port, lines), async () => {
                await real.setControlLines?.(lines);
                return {};
              });
            },
          }),
      ...(baudRateOf === undefined
        ? {}
        : {
            setBaudRate: async (baudRate) => {
              await this.request(baudRateRequest(port, baudRate), async () => {
                await baudRateOf(baudRate);
                return {};
              });
            },
          }),
      transfer: async (name, work, onProgress, signal) => {
        const { value = null } = await this.request(
          transferRequest(port, name, signal),
          async (notify) => {
            const progress = (step: Json): void => notify({ value: step });
            const trace = (line: string): void => this.comment(line);
            try {
              return { value: await work(real, { clock: this.#realClock, progress, trace }) };
            } finally {
              real.onData(received);
            }
          },
          ({ value: step = null }) => {
            onProgress(step);
            return false;
          },
        );
        return value;
      },
      [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
    };
  }

  async request(
    { kind, key, parameters, bytes, stream = kind }: IoRequest,
    perform: (notify: (reply: IoReply) => void) => Promise<IoReply>,
    onNotification: (reply: IoReply) => boolean = () => false,
  ): Promise<IoReply> {
    const entry = {
      type: 'request' as const,
      kind,
      key,
      ...(parameters === undefined ? {} : { parameters }),
    };
    const request =
      bytes === undefined
        ? this.#record(entry)
        : this.#recordBytes({ ...entry, stream: `>${stream}` }, bytes);
    this.#requireFlushed();
    const received = `<${stream}`;
    try {
      const reply = await perform((notification) => {
        this.#recordReply({ type: 'notification', request }, received, notification);
        onNotification(notification);
      });
      this.#recordReply({ type: 'reply', request }, received, reply);
      return reply;
    } catch (error) {
      this.#record({ type: 'reply', request, fault: toFaultJson(error) });
      throw error;
    }
  }

  input<T extends Json>(kind: string, key: string, read: () => T): T {
    try {
      const value = read();
      this.#record({ type: 'input', kind, key, value });
      return value;
    } catch (error) {
      this.#record({ type: 'input', kind, key, fault: toFaultJson(error) });
      throw error;
    }
  }

  watchStop(signal: AbortSignal): AbortSignal {
    const onAbort = (): void => {
      this.#record({ type: 'stop', fault: toFaultJson(abortFault(signal)) });
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    this.#unwatch.push(() => signal.removeEventListener('abort', onAbort));
    return signal;
  }

  beginPhase(name: string): void {
    this.#record({ type: 'phase', name, timers: this.clock.timers });
  }

  beginStep(name: string): void {
    this.#record({ type: 'step', name, timers: this.clock.timers });
  }

  comment(text: string): void {
    this.#record({ type: 'comment', text });
  }

  busy(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  recordAttempt(attempt: AttemptJson): void {
    this.#record({ type: 'attempt', attempt, timers: this.clock.timers });
  }

  recordOutcome({ outcome, failure }: Parameters<RunIo['recordOutcome']>[0]): void {
    this.#record({ type: 'outcome', outcome, failure });
  }

  requireWritten(): void {
    this.#settleAll();
    this.#requireFlushed();
  }

  [Symbol.dispose](): void {
    for (const unwatch of this.#unwatch) unwatch();
    this.mask.guard?.finish();
    this.#changeHold('discard', () => false);
    this.#settleAll();
    this.#file[Symbol.dispose]();
  }

  async #send(
    real: DevicePort,
    entry: NewEntry & { readonly type: 'tx' },
    chunk: Uint8Array,
    signal: AbortSignal,
  ): Promise<void> {
    const tx = this.#recordBytes(entry, chunk);
    // Bytes that could not be recorded are not sent.
    this.#requireFlushed();
    const before = this.#file.lines;
    try {
      await real.write(chunk, signal);
    } catch (error) {
      this.#record({ type: 'tx-done', tx, fault: toFaultJson(error) });
      throw error;
    }
    if (this.#file.lines !== before) this.#record({ type: 'tx-done', tx });
  }

  #recordReply(
    entry: NewEntry & { readonly type: 'reply' | 'notification' },
    stream: string,
    { value, bytes }: IoReply,
  ): void {
    const whole = value === undefined ? entry : { ...entry, value };
    if (bytes === undefined) this.#record(whole);
    else this.#recordBytes({ ...whole, stream }, bytes);
  }

  /** Writes an entry without bytes; returns its line number. */
  #record(entry: NewEntry): number {
    // An entry that is not written needs no masking.
    if (!this.#keeps(entry.type)) return this.#file.lines;
    return this.#write(this.mask.maskJson(entry));
  }

  /** Writes an entry with bytes of its stream; returns its line number. */
  #recordBytes(entry: NewEntry, chunk: Uint8Array): number {
    const name = streamOf(entry);
    const { guard } = this.mask;
    if (guard !== null && isValue(name)) guard.receiveValue(chunk);
    // The guard sees everything: what it finds is masked also where nothing is recorded any more.
    const decision = guard !== null && name === UNIT_STREAM ? guard.receive(chunk) : null;
    if (!this.#keeps(entry.type)) return this.#file.lines;
    const stream = this.#stream(name);
    if (decision !== null) stream.hold();
    const { own, heldBack, ...settled } = stream.push(this.#file.lines, chunk);
    const line = this.#write({
      ...this.mask.maskJson(entry),
      bytes: latin1(own),
      ...(heldBack === 0 ? {} : { heldBack }),
    } as NewEntry);
    this.#writeSettled(name, settled);
    if (decision !== null) this.#writeDecision(decision);
    return line;
  }

  /** What the guard of the unit's port decided about bytes that are kept. */
  #writeDecision(decision: Decision): void {
    if (this.#isTruncated) return;
    this.#writeSettled(UNIT_STREAM, this.#stream(UNIT_STREAM).decide(decision));
    const bytes = decision.withheld.reduce((sum, { from, to }) => sum + to - from, 0);
    if (bytes > 0)
      this.comment(`${counted(bytes, 'received byte is', 'received bytes are')} withheld: ${decision.why}`);
  }

  #write(entry: NewEntry): number {
    if (!this.#keeps(entry.type)) return this.#file.lines;
    return this.#file.write({ atMs: this.clock.elapsedMs(), ...entry, ...this.clock.takeReads() });
  }

  /** False for an entry beyond the limit; the first such call writes the `truncated` entry. */
  #keeps(type: Entry['type']): boolean {
    if (!this.#isTruncated && this.#file.characters > this.#maxCharacters) {
      this.#isTruncated = true;
      this.#settleAll();
      this.#file.write({ atMs: this.clock.elapsedMs(), type: 'truncated', characters: MAX_CHARACTERS });
    }
    if (!this.#isTruncated || ALWAYS_RECORDED.includes(type)) return true;
    // The reads of the clock are written with the next entry, and must not pile up until there is one.
    this.clock.takeReads();
    return false;
  }

  #writeSettled(stream: string, { late, masked }: Settled): void {
    const atMs = this.clock.elapsedMs();
    for (const { entry, bytes } of late)
      this.#file.write({ atMs, type: 'late-bytes', entry, bytes: latin1(bytes) });
    for (const range of masked) this.#file.write({ atMs, type: 'masked', stream, ...range });
  }

  #settleAll(): void {
    for (const [name, stream] of this.#streams) this.#writeSettled(name, stream.settle());
  }

  /** Only received values are held: what is sent is protected before. */
  #changeHold(change: HoldChange, isKept: IsKept): void {
    if (change === 'hold') {
      this.#isHeld = true;
      for (const [name, stream] of this.#streams) if (isValue(name)) stream.hold();
      return;
    }
    this.#isHeld = false;
    for (const [name, stream] of this.#streams)
      if (isValue(name))
        this.#writeSettled(name, change === 'release' ? stream.release(isKept) : stream.discard());
  }

  #stream(name: string): MaskedStream {
    const existing = this.#streams.get(name);
    if (existing !== undefined) return existing;
    const stream = new MaskedStream(this.mask.forms, this.mask.concealed);
    if (this.#isHeld && isValue(name)) stream.hold();
    this.#streams.set(name, stream);
    return stream;
  }

  #requireFlushed(): void {
    this.#file.flush();
    if (this.#file.error !== null) throw this.#file.error;
  }
}

/** True for the values of a Bluetooth characteristic. See `streamOf`. */
function isValue(stream: string): boolean {
  return stream.startsWith('<') && stream.includes('/');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
