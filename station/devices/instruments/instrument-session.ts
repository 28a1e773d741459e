import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import type { Clock, DevicePort, DevicePorts } from '../../core/platform/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import { encodeMessage, expectAnswer, SerialIo } from '../serial-io/index.ts';
import { instrumentError, toInstrumentFault } from './instrument-faults.ts';
import { type BlockSpec, readBlock } from './read-block.ts';

/** Limit of a query that the station makes by itself. */
const OWN_QUERY_MS = 5000;
/** Limit of what is sent when an instrument is given back. */
const RELEASE_MS = 5000;
/** After an exchange that failed, an answer may still come for this time. */
const LATE_ANSWER_MS = 200;
/** Most entries of an error queue that are read; SCPI queues have 20 to 50. */
const MAX_ERRORS = 50;
const SHOWN_ERRORS = 3;
const ERROR_ENTRY = /^([+-]?\d+)\s*(?:,\s*"?(.*?)"?)?$/;

export interface SessionSurroundings {
  readonly ports: DevicePorts;
  readonly clock: Clock;
  readonly mask: SecretMask;
}

/** How an exchange with an instrument is ended. */
export interface ExchangeOptions {
  /** False: an answer is still to come, which the question after errors would overtake. */
  readonly checksErrors: boolean;
}

/** An open connection to an instrument that is lent. Faults: `instrument-unreachable`, `instrument-silent`, `instrument-error`. */
export class InstrumentSession implements AsyncDisposable {
  readonly setting: InstrumentSetting;
  readonly serial: SerialIo;
  readonly #port: DevicePort;
  readonly #clock: Clock;
  #isLost = false;

  private constructor(setting: InstrumentSetting, port: DevicePort, { clock, mask }: SessionSurroundings) {
    this.setting = setting;
    this.#port = port;
    this.#clock = clock;
    this.serial = new SerialIo(port, { clock, mask, framing: null, encoding: setting.encoding });
    port.onLost(() => (this.#isLost = true));
  }

  /**
   * Connects to an instrument, and forgets its earlier errors. Faults: `instrument-unreachable`, the signal's reason.
   *
   * @param afterFailure an exchange of the connection before failed: late answers are waited for and dropped
   */
  static async open(
    setting: InstrumentSetting,
    surroundings: SessionSurroundings,
    afterFailure: boolean,
    signal: AbortSignal,
  ): Promise<InstrumentSession> {
    const { ports, clock } = surroundings;
    try {
      const { address, baudRate } = setting;
      const port = await ports.open(address, { baudRate }, signal);
      const session = new InstrumentSession(setting, port, surroundings);
      try {
        if (afterFailure) await clock.sleep(LATE_ANSWER_MS, signal);
        if (session.#hasErrorQueue) await session.send('*CLS', signal);
        return session;
      } catch (error) {
        await session[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      throw toInstrumentFault(error, setting);
    }
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
    const on = this.setting.end === 'none' ? 'text' : 'lines';
    const spec = { pattern: '^.*\\S.*$', on, timeoutMs, every: false, what: text } as const;
    const { matches } = await expectAnswer(this.serial, spec, signal);
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
      const result = await work(this.serial);
      if (checksErrors && this.#hasErrorQueue) await this.#requireNoErrors(signal);
      return result;
    } catch (error) {
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
    const late = (): Fault =>
      new Fault('device-silent', `"${onRelease}" was not done in ${RELEASE_MS} ms`, {
        details: { instrument: name },
      });
    using deadline = new Deadline(RELEASE_MS, late, { timer: this.#clock });
    try {
      await this.send(onRelease, deadline.signal);
      if (kind === 'scpi') await this.query('*OPC?', RELEASE_MS, deadline.signal);
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
      await this.#requireNoErrors(signal);
    } catch (error) {
      if (error instanceof Fault && error.code === 'instrument-error') throw error;
    }
  }

  /** Empties the error queue. Faults: `instrument-error` with its first entries. */
  async #requireNoErrors(signal: AbortSignal): Promise<void> {
    const errors: string[] = [];
    for (let count = 0; count < MAX_ERRORS; count++) {
      const entry = await this.query('SYST:ERR?', OWN_QUERY_MS, signal);
      const [, code, text = ''] = ERROR_ENTRY.exec(entry) ?? [];
      if (code === undefined)
        throw instrumentError(this.setting, `answers "${entry.slice(0, 100)}" to SYST:ERR?`);
      if (Number(code) === 0) break;
      errors.push(`${code} ${text}`.trim());
    }
    if (errors.length === 0) return;
    const more = errors.length > SHOWN_ERRORS ? `, and ${errors.length - SHOWN_ERRORS} more` : '';
    throw instrumentError(this.setting, `reports ${errors.slice(0, SHOWN_ERRORS).join('; ')}${more}`);
  }
}
