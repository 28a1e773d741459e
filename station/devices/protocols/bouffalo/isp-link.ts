import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { PortReader } from '../flashing/index.ts';
import { errorWords, isDisturbance, isLock } from './error-codes.ts';

const OK = 0x4f4b;
const FAIL = 0x464c;
const PENDING = 0x5044;
/** Between `OK` of the handshake and the first command, so that no byte of the handshake is taken for one. */
const HANDSHAKE_PAUSE_MS = 20;
const HANDSHAKE_ANSWER_MS = 200;
/** After so many, the chip may take the bytes for a command; a pause lets it give that up. */
const HANDSHAKES_BEFORE_PAUSE = 5;
/** Duration of the bytes 55 by which the chip finds the speed. */
const HANDSHAKE_MS = 5;
const BITS_PER_BYTE = 10;
/** A chip that waits for the rest of a command gives it up after 2 s. */
export const CHIP_TIMEOUT_MS = 2_100;

/** A chip that says `PD` does not work longer than this, unless the command says how long. */
const WORKING_LIMIT_MS = 60_000;

export interface IspLinkOptions {
  readonly port: DevicePort;
  readonly reader: PortReader;
  readonly clock: Clock;
  readonly trace: (line: string) => void;
}

export interface IspCommand {
  readonly id: number;
  readonly name: string;
  readonly data?: Uint8Array;
  /** The loader in the RAM checks the sum of a command; the boot ROM does not. */
  readonly summed: boolean;
  /** For the answer, and for each one after a `PD`. */
  readonly timeoutMs: number;
  /** For all answers together; 60 s when left out. */
  readonly workingMs?: number;
  /** Whether data follows an `OK`. */
  readonly answers: boolean;
}

/** The line was disturbed: no answer, or one that is none. The transfer is to be synchronised and repeated. */
export class Disturbed extends Error {}

/**
 * Commands to the boot ROM of a BL602, or to the flash loader in its RAM: id, sum, length (2, little-endian), data; answers
 * `OK`, `OK` with length and data, `PD` while it works, `FL` with a code. Source: the vendor's description of the ISP.
 */
export class IspLink {
  readonly #options: IspLinkOptions;

  constructor(options: IspLinkOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.port.path;
  }

  trace(line: string): void {
    this.#options.trace(line);
  }

  /** Lets the chip find the speed; false when it does not answer in time. Faults: `port-lost`, the signal's reason. */
  async handshake(baudRate: number, limitMs: number, signal: AbortSignal): Promise<boolean> {
    const { port, reader, clock } = this.#options;
    const bytes = new Uint8Array(Math.ceil((baudRate / BITS_PER_BYTE / 1000) * HANDSHAKE_MS)).fill(0x55);
    const startedAtMs = clock.monotonicMs();
    for (let tries = 1; clock.monotonicMs() - startedAtMs < limitMs; tries++) {
      if (tries % HANDSHAKES_BEFORE_PAUSE === 0) await clock.sleep(CHIP_TIMEOUT_MS, signal);
      reader.discard();
      await port.write(bytes, signal);
      const isThere = (): true | undefined => (Buffer.from(reader.bytes).includes('OK') ? true : undefined);
      if ((await reader.waitFor(isThere, HANDSHAKE_ANSWER_MS, signal)) === null) continue;
      await clock.sleep(HANDSHAKE_PAUSE_MS, signal);
      reader.discard();
      return true;
    }
    return false;
  }

  /**
   * Sends a command once and returns the data of its answer. Throws `Disturbed`. Faults: `device-rejected`,
   * `device-locked`, `port-lost`, the signal's reason.
   */
  async command(command: IspCommand, signal: AbortSignal): Promise<Uint8Array> {
    const { port, reader, clock } = this.#options;
    const { id, data = new Uint8Array(), summed, timeoutMs, answers, name } = command;
    const endsAtMs = clock.monotonicMs() + (command.workingMs ?? WORKING_LIMIT_MS);
    const sent = new Uint8Array(4 + data.length);
    sent[0] = id;
    new DataView(sent.buffer).setUint16(2, data.length, true);
    sent.set(data, 4);
    if (summed) sent[1] = sent.subarray(2).reduce((sum, byte) => (sum + byte) & 0xff, 0);
    reader.discard();
    await port.write(sent, signal);
    for (;;) {
      const status = numberOf(await reader.read(2, timeoutMs, signal), name);
      if (status.getUint16(0) === PENDING) {
        if (clock.monotonicMs() < endsAtMs) continue;
        throw new Disturbed(`${name}: the chip works on it without end`);
      }
      if (status.getUint16(0) === FAIL) {
        const code = numberOf(await reader.read(2, CHIP_TIMEOUT_MS, signal), name).getUint16(0, true);
        throw this.#refusal(name, code);
      }
      if (status.getUint16(0) !== OK) throw new Disturbed(`${name}: an answer that is none`);
      if (!answers) return new Uint8Array();
      const length = numberOf(await reader.read(2, CHIP_TIMEOUT_MS, signal), name).getUint16(0, true);
      const answer = await reader.read(length, CHIP_TIMEOUT_MS, signal);
      if (answer === null) throw new Disturbed(`${name}: an answer without its end`);
      return answer;
    }
  }

  /** Lets the chip give up a command whose rest it waits for. Faults: `port-lost`, the signal's reason. */
  async settle(signal: AbortSignal): Promise<void> {
    await this.#options.reader.untilQuiet(CHIP_TIMEOUT_MS, 4 * CHIP_TIMEOUT_MS, signal);
  }

  #refusal(name: string, code: number): Error {
    const hex = code.toString(16).padStart(4, '0').toUpperCase();
    if (isDisturbance(code)) return new Disturbed(`${name}: refused with ${hex}`);
    const words = errorWords(code);
    const details = { port: this.path, code: hex };
    return isLock(code)
      ? new Fault(
          'device-locked',
          `${this.path}: the chip takes signed or encrypted programs only (${words})`,
          {
            hint: 'The chip is locked for the firmware of its maker; use a unit that is not.',
            details,
          },
        )
      : new Fault('device-rejected', `${this.path}: the unit refused ${name}: ${words} (code ${hex})`, {
          hint: 'Check that the files are meant for this unit, and start again.',
          details,
        });
  }
}

function numberOf(bytes: Uint8Array | null, name: string): DataView {
  if (bytes === null) throw new Disturbed(`${name}: no answer`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
