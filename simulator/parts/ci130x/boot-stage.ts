import { delay } from '../../platform/index.ts';
import type { BootStage } from '../boot/index.ts';
import { BOOT, bootFrame, type BootFrame } from './boot-frame.ts';
import { BrownOut, type ChipFlash } from './chip-flash.ts';
import { FrameInbox } from './frame-inbox.ts';
import { UpdateSession, type UpdateContext } from './update-session.ts';

/**
 * Time for which the bootloader waits for a handshake before it starts the firmware. It is not shortened by `timeScale`,
 * because the station has to be fast enough for it.
 */
const LISTENING_MS = 200;
/** The watchdog restarts the chip when an update is not continued for this time. */
const UPDATE_ABANDONED_MS = 10_000;
/** The longest wait that a timer has. */
const UNLIMITED_MS = 2 ** 31 - 1;
/** The bootloader and the firmware speak at this speed. */
const BAUD_RATE = 115_200;
/** Sent to the running firmware by the vendor's update tool. */
const RESET = Buffer.from('a5a55a5a000001050000000078563412', 'hex');

export interface Ci130xOptions extends UpdateContext {
  readonly flash: ChipFlash;
  readonly setBaudRate: (baudRate: number) => void;
  /** Called when the chip starts its firmware: its name, and the number of bytes of the flash that belong to it. */
  readonly onFirmware: (software: string, bytes: number) => Promise<void>;
}

/** The bootloader of a CI130x, and the vendor's updater, which it loads into its RAM. */
export class Ci130xBootStage implements BootStage {
  readonly #options: Ci130xOptions;
  readonly #inbox: FrameInbox;
  #recent: Buffer = Buffer.alloc(0);

  constructor(options: Ci130xOptions) {
    this.#options = options;
    this.#inbox = new FrameInbox(options.realWait ?? delay);
  }

  receive(bytes: Uint8Array): void {
    this.#inbox.push(bytes);
  }

  resetBy(bytes: Uint8Array): boolean {
    const seen = Buffer.concat([this.#recent, bytes]);
    const isReset = seen.includes(RESET);
    this.#recent = isReset ? Buffer.alloc(0) : seen.subarray(-(RESET.length - 1));
    if (isReset) this.#options.send(bootFrame(BOOT.resetAcknowledge, BOOT.handshake));
    return isReset;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { flash, setBaudRate, onFirmware } = this.#options;
    for (;;) {
      setBaudRate(BAUD_RATE);
      this.#inbox.clear();
      const isCalled = await this.#listen(signal);
      if (isCalled) await this.#update(signal);
      else {
        const firmware = flash.tables.bootable();
        if (firmware === null) continue;
        return await onFirmware(firmware.software, firmware.bytes);
      }
    }
  }

  /** Whether a handshake came in time. */
  async #listen(signal: AbortSignal): Promise<boolean> {
    const { wait, realWait = delay } = this.#options;
    const closed = new AbortController();
    const until = AbortSignal.any([signal, closed.signal]);
    // At least the time of a real chip; longer when `timeScale` slows the devices down.
    const over = Promise.all([realWait(LISTENING_MS, until), wait(LISTENING_MS, until)]).then(() => null);
    over.catch(() => undefined);
    try {
      for (;;) {
        const frame = await Promise.race([over, this.#inbox.next(UNLIMITED_MS, until)]);
        if (frame === null) return false;
        if (!isHandshake(frame)) continue;
        this.#options.send(bootFrame(BOOT.acknowledge, BOOT.handshake));
        return true;
      }
    } finally {
      closed.abort();
    }
  }

  async #update(signal: AbortSignal): Promise<void> {
    const session = new UpdateSession(this.#options, this.#inbox);
    const { wait, realWait = delay, commandStarted } = this.#options;
    try {
      for (;;) {
        const waited = new AbortController();
        const until = AbortSignal.any([signal, waited.signal]);
        const abandoned = Promise.all([wait(UPDATE_ABANDONED_MS, until), realWait(LISTENING_MS, until)]);
        abandoned.catch(() => undefined);
        const frame = await Promise.race([
          this.#inbox.next(UNLIMITED_MS, until),
          abandoned.then(() => null),
        ]).finally(() => waited.abort());
        if (frame === null) return;
        if (frame.type !== BOOT.command) continue;
        commandStarted();
        if ((await session.execute(frame, signal)) === 'reset') return;
      }
    } catch (error) {
      if (!(error instanceof BrownOut)) throw error;
    }
  }
}

function isHandshake({ type, command }: BootFrame): boolean {
  return type === BOOT.command && command === BOOT.handshake;
}
