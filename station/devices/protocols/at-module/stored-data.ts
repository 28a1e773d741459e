import { withDeadline } from '#node-kit/async/index.ts';
import { AT_COMMANDS, AT_LINE_END } from '#shared/domain/at-module.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { atErrorText } from '#shared/words/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { silentFault } from '../../serial-io/index.ts';
import { repeatWhileBusy } from './exchange-when-ready.ts';

const TIMEOUT_MS = 10_000;
/** An answer is announced in the first bytes that come after its command. */
const MAX_BEFORE_BYTES = 8192;
const INFO = /\+TCFWINFO:\s*"([^"]*)",(\d+),"([0-9a-fA-F]{32})"[^\n]*\n/;
const DATA = /\+TCREADFWDATA:\s*(\d+),/;
const ERROR = /(?:\+CME ERR(?:OR)?:\s*(\d+)|(?:^|\n)(?:ERROR|(busy p)\.\.\.))\r?\n/;
/** Code of a busy module, which says it with a code or as `busy p...`. */
const BUSY = 200;
const LINE_ENDS: readonly number[] = [0x0a, 0x0d];
const NONE = new Uint8Array();

/** What a module says of the firmware that it has stored for its host. */
export interface StoredInfo {
  readonly version: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly md5: string;
}

/**
 * The answers of an AT module about the firmware that it has stored for its host. They are no lines: published firmware says `OK` first,
 * and then `+TCREADFWDATA:<length>,` with the bytes as they are, which may contain line ends (`at_read_fw_data_setup` in
 * `qcloud_at_cmd.c` of qcloud-iot-sdk-for-at-llsync-example; the host drivers of TobudOS and of the IoT Hub C SDK read them so). The
 * command set V3.2.1 prints them as hexadecimal digits; these are read too. A busy module is asked again. Faults of every method:
 * `device-rejected` with the code of the module, `device-silent`, `port-lost`, the signal's reason.
 */
export class StoredData implements Disposable {
  readonly #port: DevicePort;
  readonly #clock: Clock;
  #received: Buffer = Buffer.alloc(0);
  #changed: () => void = () => undefined;
  #lost: Fault | null = null;

  constructor(port: DevicePort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    port.onData((bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#changed();
    });
    port.onLost((fault) => {
      this.#lost = fault;
      this.#changed();
    });
  }

  [Symbol.dispose](): void {
    this.#port.onData(null);
  }

  /** Version, size and MD5. The module begins to give the content from the start again. */
  info(signal: AbortSignal): Promise<StoredInfo> {
    return this.#ask(`${AT_COMMANDS.firmwareInfo}?`, () => readInfo(this.#text()), signal);
  }

  /** The next `wanted` bytes, fewer at the end; none when the module sends something else than such a block. */
  block(wanted: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#ask(`${AT_COMMANDS.readFirmware}=${wanted}`, () => this.#readBlock(wanted), signal);
  }

  #ask<T>(command: string, read: () => T | null, signal: AbortSignal): Promise<T> {
    const limits = { clock: this.#clock, timeoutMs: TIMEOUT_MS };
    return repeatWhileBusy(() => this.#askOnce(command, read, signal), limits, signal);
  }

  async #askOnce<T>(command: string, read: () => T | null, signal: AbortSignal): Promise<T> {
    throwIfAborted(signal);
    this.#received = Buffer.alloc(0);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#changed = () => {
      try {
        if (this.#lost !== null) throw this.#lost;
        const found = read();
        if (found !== null) resolve(found);
        else this.#requireNoError(command);
      } catch (error) {
        reject(error as Fault);
      }
    };
    // The port may be lost before the command is written.
    promise.catch(() => undefined);
    try {
      await this.#port.write(Buffer.from(command + AT_LINE_END), signal);
      return await withDeadline(promise, {
        timeoutMs: TIMEOUT_MS,
        signal,
        timer: this.#clock,
        onTimeout: () => {
          throw silentFault(this.#port, command, TIMEOUT_MS);
        },
      });
    } finally {
      this.#changed = () => undefined;
    }
  }

  #readBlock(wanted: number): Uint8Array | null {
    const header = DATA.exec(this.#text());
    if (header === null) return null;
    const count = Number(header[1]);
    const content = this.#received.subarray(header.index + header[0].length);
    if (count === 0 || count > wanted) return NONE;
    const next = content[count];
    if (next === undefined) return null;
    if (LINE_ENDS.includes(next)) return Uint8Array.from(content.subarray(0, count));
    // Only digits go on where the bytes would have ended.
    const digits = content.subarray(0, 2 * count).toString('latin1');
    if (!/^[0-9a-fA-F]*$/.test(digits)) return NONE;
    const end = content[2 * count];
    if (end === undefined) return null;
    return LINE_ENDS.includes(end) ? Buffer.from(digits, 'hex') : NONE;
  }

  #requireNoError(command: string): void {
    if (DATA.test(this.#text())) return;
    const found = ERROR.exec(this.#text());
    if (found === null) return;
    const code = found[2] !== undefined ? BUSY : found[1] === undefined ? null : Number(found[1]);
    const meaning = code === null ? null : atErrorText(code);
    const { path } = this.#port;
    const error = code === null ? 'ERROR' : `error ${code}`;
    throw new Fault(
      'device-rejected',
      `the unit refused ${command} on ${path}: ${error}${meaning === null ? '' : ` (${meaning.en})`}`,
      { hint: 'Try once more; when it fails again, the unit is faulty.', details: { command, code } },
    );
  }

  /** The beginning of what was received, one character for each byte: an answer is announced there. */
  #text(): string {
    return this.#received.subarray(0, MAX_BEFORE_BYTES).toString('latin1');
  }
}

function readInfo(text: string): StoredInfo | null {
  const found = INFO.exec(text);
  if (found === null) return null;
  const [, version = '', bytes = '', md5 = ''] = found;
  return { version, bytes: Number(bytes), md5: md5.toLowerCase() };
}
