import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import type { Clock, DevicePort, DevicePorts } from '../../core/platform/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { type AnswerSpec, encodeMessage, expectAnswer, SerialIo } from '../serial-io/index.ts';
import { errorEntry, isErrorEntry, isIdentification } from './known-answers.ts';
import { INSTRUMENT_MANNER, type InstrumentManner } from './instrument-manner.ts';
import { instrumentError, toInstrumentFault } from './instrument-faults.ts';
import { type BlockSpec, readBlock } from './read-block.ts';

/** Limit of a query that the station makes by itself. */
const OWN_QUERY_MS = 5000;
/** Limit of what is sent when an instrument is given back. */
const RELEASE_MS = 5000;
/** An answer to an earlier question may still come for this time. */
const LATE_ANSWER_MS = 200;
/** The same for a device of lines of text, which has no question that proves it. */
const LATE_LINE_MS = 2000;
/** A device of lines of text has ended its answer when nothing comes for this time. */
const SILENCE_MS = 40;
/** Most entries of an error queue that are read; SCPI queues have 20 to 50. */
const MAX_ERRORS = 50;
const SHOWN_ERRORS = 3;
/** After a line that answers an earlier question, ours is answered within this time. */
const AFTER_OTHER_MS = 1000;
const MAX_OTHERS = 100;
const MAX_ROUNDS = 4;
/** An instrument that sends without end is not awaited longer than this many silences. */
const MAX_SILENCES = 50;

export interface SessionSurroundings {
  readonly ports: DevicePorts;
  readonly clock: Clock;
  readonly mask: SecretMask;
  /** For the replay of an older recording. */
  readonly manner?: InstrumentManner;
}

/** How an exchange with an instrument is ended. */
export interface ExchangeOptions {
  /** False: an answer is still to come, which the question after errors would overtake. */
  readonly checksErrors: boolean;
}

/**
 * An open connection to an instrument that is lent. Answers have no numbers: a late one, or a second line of one, could be taken for
 * the answer to the next question. So each exchange ends with a question of ours whose answer looks like no other, and a session
 * of which an exchange failed is synchronised before the next. Faults: `instrument-unreachable`, `instrument-silent`,
 * `instrument-error`.
 */
export class InstrumentSession implements AsyncDisposable {
  readonly setting: InstrumentSetting;
  readonly serial: SerialIo;
  readonly #port: DevicePort;
  readonly #clock: Clock;
  readonly #manner: InstrumentManner;
  #isLost = false;
  /** Answers to earlier questions may still come. */
  #isDoubtful = false;
  /** An exchange is under way: lines that are still unread when the next command is sent are a fault. */
  #isStrict = false;
  /** A question was sent alone, and its answer was not awaited yet. */
  #isOwed = false;

  private constructor(
    setting: InstrumentSetting,
    port: DevicePort,
    { clock, mask, manner = INSTRUMENT_MANNER }: SessionSurroundings,
  ) {
    this.setting = setting;
    this.#manner = manner;
    this.#port = port;
    this.#clock = clock;
    this.serial = new SerialIo(port, { clock, mask, framing: null, encoding: setting.encoding });
    this.serial.guard = {
      sent: () => this.#requireNothingLeft(),
      hears: () => undefined,
      awaits: () => undefined,
      mayReveal: () => false,
    };
    port.onLost(() => (this.#isLost = true));
  }

  /**
   * Connects to an instrument, and forgets its earlier errors. Faults: `recipe-invalid` for a place, `instrument-unreachable`,
   * `instrument-silent`, `instrument-error`, the signal's reason.
   *
   * @param isDoubtful an answer to an earlier question may still come, also over a new connection: that of a serial port never ends,
   * and a server of serial ports has one for all
   */
  static async open(
    setting: InstrumentSetting,
    surroundings: SessionSurroundings,
    isDoubtful: boolean,
    signal: AbortSignal,
  ): Promise<InstrumentSession> {
    const { ports } = surroundings;
    if (setting.kind === 'place')
      throw new Fault('recipe-invalid', `instrument ${setting.name} is a place: nothing can be sent to it`, {
        hint: 'Give it another kind, or take it out of the recipe.',
        details: { instrument: setting.name },
      });
    try {
      const { address, baudRate } = setting;
      const port = await ports.open(address, { baudRate }, signal);
      const session = new InstrumentSession(setting, port, surroundings);
      try {
        await session.#begin(isDoubtful, signal);
        return session;
      } catch (error) {
        await session[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      throw toInstrumentFault(error, setting);
    }
  }

  async #begin(isDoubtful: boolean, signal: AbortSignal): Promise<void> {
    const { kind, address } = this.setting;
    const isSerial = !address.startsWith('tcp://');
    const isText = kind === 'text';
    if (this.#manner === 1) {
      if (isDoubtful) await this.#clock.sleep(LATE_ANSWER_MS, signal);
    } else {
      const waits = isDoubtful || (isSerial && isText);
      const isLong = isDoubtful && isText && this.#manner >= 3;
      if (waits) await this.#drop(isLong ? LATE_LINE_MS : LATE_ANSWER_MS, signal);
      this.serial.forget();
    }
    if (this.#hasErrorQueue) await this.send('*CLS', signal);
    if (this.#manner === 1 || isText) return;
    this.#isDoubtful = isDoubtful;
    if (isSerial || isDoubtful) await this.#synchronise(signal);
  }

  /** No answer to an earlier question is to come. */
  get isProven(): boolean {
    return !this.#isDoubtful && !this.#isOwed && !this.#isLost;
  }

  /** True when the connection broke. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Sends a text with the line end of the instrument. Faults: `recipe-invalid` for a text that its encoding cannot write. */
  async send(text: string, signal: AbortSignal): Promise<void> {
    await this.serial.send(encodeMessage({ text, end: this.setting.end }, this.serial), signal);
  }

  /** Asks a question; resolves with the first line of the answer. */
  async query(text: string, timeoutMs: number, signal: AbortSignal): Promise<string> {
    await this.send(text, signal);
    const { matches } = await expectAnswer(this.serial, this.#anyLine(text, timeoutMs), signal);
    return (matches[0]?.[0] ?? '').trim();
  }

  /** The bytes of a definite-length block (IEEE 488.2) that was asked for. */
  readBlock(spec: BlockSpec, signal: AbortSignal): Promise<Uint8Array> {
    return readBlock(this.serial, this.setting, spec, signal);
  }

  /**
   * Does work with the instrument, then reads its error queue when its setting says so. A fault of the port or of a unit
   * becomes one of the instrument; an instrument that does not answer is asked why.
   */
  async exchange<T>(
    work: (serial: SerialIo) => Promise<T>,
    { checksErrors }: ExchangeOptions,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      if (this.#isDoubtful) await this.#synchronise(signal);
      this.#isDoubtful = this.#manner > 1;
      this.#isStrict = this.#manner > 1;
      const result = await work(this.serial);
      this.#isOwed = !checksErrors;
      if (checksErrors) await this.#requireEnd(signal);
      this.#isDoubtful = false;
      this.#isStrict = false;
      return result;
    } catch (error) {
      this.#isOwed = false;
      this.#isStrict = false;
      const fault = toInstrumentFault(error, this.setting);
      const isSilent = fault instanceof Fault && fault.code === 'instrument-silent';
      // A command that the instrument does not know has no answer: its error queue says so.
      if (isSilent && this.#hasErrorQueue && !signal.aborted) await this.#explainSilence(signal);
      throw fault;
    }
  }

  /** Sends what is set for giving the instrument back, and waits until it is done. Faults: those of the instrument. */
  async release(): Promise<void> {
    const { onRelease, kind, name } = this.setting;
    if (onRelease === null) return;
    // The output is switched off even when an answer is still unread.
    this.#isOwed = false;
    this.serial.forget();
    const late = (): Fault =>
      new Fault('device-silent', `"${onRelease}" was not done in ${RELEASE_MS} ms`, {
        details: { instrument: name },
      });
    using deadline = new Deadline(RELEASE_MS, late, { timer: this.#clock });
    try {
      await this.send(onRelease, deadline.signal);
      if (kind === 'scpi') await this.#ask('*OPC?', (line) => line === '1', deadline.signal);
    } catch (error) {
      throw toInstrumentFault(error, this.setting);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port[Symbol.asyncDispose]();
  }

  get #hasErrorQueue(): boolean {
    return this.setting.kind === 'scpi' && this.setting.checksErrors;
  }

  async #explainSilence(signal: AbortSignal): Promise<void> {
    try {
      const { errors } = await this.#readErrors(signal);
      this.#requireNone(errors);
    } catch (error) {
      if (error instanceof Fault && error.code === 'instrument-error') throw error;
    }
  }

  /** The answer of an exchange has ended, and the instrument reports no errors. Faults: `instrument-error`. */
  async #requireEnd(signal: AbortSignal): Promise<void> {
    const { kind } = this.setting;
    if (kind === 'text')
      return this.#manner === 1 ? undefined : await this.#drop(SILENCE_MS, signal, { isKept: true });
    const { errors, others, isProof } = await this.#readErrors(signal);
    if (!isProof && this.#manner > 1)
      others.push(...(await this.#ask('*IDN?', isIdentification, signal)).others);
    if (others.length > 0) throw moreAnswers(this.setting, others);
    this.#isDoubtful = false;
    this.#requireNone(errors);
  }

  /**
   * Empties the error queue. `others`: lines that came before its answers. `isProof`: the answers look like no other, so that
   * none to an earlier question is still to come.
   */
  async #readErrors(signal: AbortSignal): Promise<ErrorQueue> {
    const errors: string[] = [];
    const others: string[] = [];
    if (!this.#hasErrorQueue) return { errors, others, isProof: false };
    let isProof = true;
    for (let count = 0; count < MAX_ERRORS; count++) {
      const { line, others: before } = await this.#ask('SYST:ERR?', isErrorEntry, signal);
      others.push(...before);
      const { code, text, isWhole } = errorEntry(line);
      isProof &&= isWhole;
      if (code === 0) break;
      errors.push(`${code} ${text}`.trim());
    }
    return { errors, others, isProof };
  }

  /** Faults: `instrument-error` with the first entries of the error queue. */
  #requireNone(errors: readonly string[]): void {
    if (errors.length === 0) return;
    const more = errors.length > SHOWN_ERRORS ? `, and ${errors.length - SHOWN_ERRORS} more` : '';
    throw instrumentError(this.setting, `reports ${errors.slice(0, SHOWN_ERRORS).join('; ')}${more}`);
  }

  /**
   * Asks until each question of ours is answered by a line of its own kind and by nothing else: no answer to an earlier question is
   * to come then from an instrument that answers in order. One that answers some questions later than others, as a gateway to
   * several, answers `*OPC?` when nothing is pending any more. Faults: `instrument-error` when the instrument cannot be brought to that, `device-silent`.
   */
  async #synchronise(signal: AbortSignal): Promise<void> {
    if (this.setting.kind === 'text') {
      if (!this.#isDoubtful) return;
      // A device of lines has no question that the station knows.
      throw instrumentError(
        this.setting,
        'may still answer an earlier question, so that it is asked nothing more',
      );
    }
    await this.#drop(0, signal);
    const asksPending = !this.#hasErrorQueue || (this.#isDoubtful && this.#manner >= 3);
    let last: readonly string[] = [];
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const answers = [await this.#ask('*IDN?', isIdentification, signal)];
      if (asksPending) answers.push(await this.#ask('*OPC?', (line) => line === '1', signal));
      if (this.#hasErrorQueue) answers.push(await this.#ask('SYST:ERR?', isErrorEntry, signal));
      last = answers.flatMap(({ others }) => others);
      if (last.length > 0) continue;
      this.#isDoubtful = false;
      return;
    }
    throw moreAnswers(this.setting, last);
  }

  /** Asks a question of ours. `others`: lines before its answer, which are answers to earlier questions. */
  async #ask(
    text: string,
    isAnswer: (line: string) => boolean,
    signal: AbortSignal,
  ): Promise<{ readonly line: string; readonly others: string[] }> {
    const others: string[] = [];
    let line = await this.query(text, OWN_QUERY_MS, signal);
    while (!isAnswer(line)) {
      others.push(line);
      const next = others.length < MAX_OTHERS ? await this.#nextLine(text, AFTER_OTHER_MS, signal) : null;
      if (next === null) throw instrumentError(this.setting, `answers "${line.slice(0, 100)}" to ${text}`);
      line = next;
    }
    return { line, others };
  }

  /** The next line that comes; `null` when none does. */
  async #nextLine(what: string, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
    try {
      const { matches } = await expectAnswer(this.serial, this.#anyLine(what, timeoutMs), signal);
      return (matches[0]?.[0] ?? '').trim();
    } catch (error) {
      if (error instanceof Fault && error.code === 'device-silent') return null;
      throw error;
    }
  }

  #anyLine(what: string, timeoutMs: number): AnswerSpec {
    const on = this.setting.end === 'none' ? 'text' : 'lines';
    return { pattern: '^.*\\S.*$', on, timeoutMs, every: false, what };
  }

  /** Waits until nothing comes for a time, and drops what came unless it is kept for the check before the next question. */
  async #drop(silenceMs: number, signal: AbortSignal, { isKept = false } = {}): Promise<void> {
    const { serial } = this;
    for (let before = -1, turns = 0; before !== serial.receivedBytes && turns < MAX_SILENCES; turns++) {
      before = serial.receivedBytes;
      await serial.waitFor(() => null, silenceMs, signal);
    }
    if (!isKept) serial.forget();
  }

  /** Before anything is sent. Faults: `instrument-error` for an answer that is still unread. */
  #requireNothingLeft(): void {
    if (!this.#isStrict) return;
    if (this.#isOwed) {
      this.#isOwed = false;
      throw instrumentError(this.setting, 'has a question to answer whose answer was not awaited');
    }
    const left = this.serial.unreadLines;
    if (left.length > 0) {
      this.serial.forget();
      throw moreAnswers(this.setting, left);
    }
  }
}

interface ErrorQueue {
  readonly errors: readonly string[];
  readonly others: string[];
  readonly isProof: boolean;
}

function moreAnswers(setting: InstrumentSetting, lines: readonly string[]): Fault {
  const [first = ''] = lines;
  return instrumentError(
    setting,
    `sent "${first.slice(0, 100)}" besides the answer to a question, or too late; the reading is not used`,
  );
}
