import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import type { PortReader } from '../flashing/index.ts';
import { COMMAND, decodeFrame, encodeFrame, type Frame, LONGEST_FRAME_BYTES, TYPE } from './frame.ts';

const MAX_ATTEMPTS = 5;
/** Time for a second answer to a command that was sent twice, so that it is not taken for that to a later one. */
const STRAY_ANSWER_MS = 200;
const STRAY_LIMIT_MS = 2_000;
const LEAVE_TIMEOUT_MS = 2_000;
const LEAVE_ANSWER_MS = 200;
const LEAVE_ATTEMPTS = 3;
const NO_DATA = new Uint8Array();
/** Completes a frame that a stopped job did not send to its end; the chip drops it, and reads what comes after it. */
const REST_OF_FRAME = new Uint8Array(LONGEST_FRAME_BYTES).fill(0xff);

export interface UpdaterLinkOptions {
  readonly port: DevicePort;
  readonly reader: PortReader;
  readonly trace: (line: string) => void;
}

/** Frames to and from the boot loader of a CI130x, or the updater that runs in its RAM. */
export class UpdaterLink {
  readonly #options: UpdaterLinkOptions;

  constructor(options: UpdaterLinkOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.port.path;
  }

  trace(line: string): void {
    this.#options.trace(line);
  }

  async send(type: number, command: number, data: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.sendRaw(encodeFrame({ type, command, sequence: 0, data }), signal);
  }

  async sendRaw(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#options.port.write(bytes, signal);
  }

  /**
   * Resets the chip at the end of a job that failed. It waits for the answer, because the speed of the port is changed next,
   * and bytes that wait in an adapter would be sent at the other speed. Never fails.
   */
  async leave(): Promise<void> {
    const soon = AbortSignal.timeout(LEAVE_TIMEOUT_MS);
    const once = { timeoutMs: LEAVE_ANSWER_MS, attempts: 1 };
    try {
      for (let attempt = 1; attempt <= LEAVE_ATTEMPTS; attempt++) {
        if (attempt > 1) await this.sendRaw(REST_OF_FRAME, soon);
        if ((await this.tryCommand('reset', null, once, soon)) !== null) return;
      }
    } catch {
      // The job has its own fault.
    }
  }

  /** Resets an updater of an earlier job, which a station left in the middle of a frame. It may not be there. */
  async resetForgotten(signal: AbortSignal): Promise<void> {
    await this.sendRaw(REST_OF_FRAME, signal);
    await this.tryCommand('reset', null, { timeoutMs: LEAVE_ANSWER_MS, attempts: 1 }, signal);
  }

  /** The next frame that fits; others are passed over. Null after the limit. Faults: `port-lost`, the signal's reason. */
  next(fits: (frame: Frame) => boolean, timeoutMs: number, signal: AbortSignal): Promise<Frame | null> {
    const { reader } = this.#options;
    const find = (): Frame | undefined => {
      for (;;) {
        const { frame, length } = decodeFrame(reader.bytes);
        if (length === 0) return undefined;
        reader.take(length);
        if (frame !== null && fits(frame)) return frame;
      }
    };
    return reader.waitFor(find, timeoutMs, signal);
  }

  /**
   * Sends a command, again when its acknowledgement does not come, and returns the data of the acknowledgement. Faults:
   * `device-silent`, `port-lost`, the signal's reason.
   */
  async command(
    name: keyof typeof COMMAND,
    data: Uint8Array | null,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const answered = await this.tryCommand(name, data, { timeoutMs, attempts: MAX_ATTEMPTS }, signal);
    if (answered !== null) return answered;
    throw new Fault(
      'device-silent',
      `${this.path}: the unit did not answer the command ${name} of its updater`,
      {
        hint: 'Check cable and power, or use a lower baudRate, and start again.',
        details: { port: this.path },
      },
    );
  }

  /** As `command`; null when no acknowledgement comes. */
  async tryCommand(
    name: keyof typeof COMMAND,
    data: Uint8Array | null,
    { timeoutMs, attempts }: { readonly timeoutMs: number; readonly attempts: number },
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    const command = COMMAND[name];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (attempt > 1) this.trace(`${name} again (${attempt})`);
      this.#options.reader.discard();
      await this.send(TYPE.command, command, data ?? NO_DATA, signal);
      const isAnswer = (frame: Frame): boolean =>
        frame.type === TYPE.acknowledge && frame.command === command;
      const answer = await this.next(isAnswer, timeoutMs, signal);
      if (answer === null) continue;
      if (attempt > 1) await this.#options.reader.untilQuiet(STRAY_ANSWER_MS, STRAY_LIMIT_MS, signal);
      return answer.data;
    }
    return null;
  }
}
