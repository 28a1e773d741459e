import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';
import { type FlashImage, kbitPerSecond, type PortSpeed, type TransferMeter } from '../flashing/index.ts';
import { Disturbed, type IspCommand, type IspLink } from './isp-link.ts';

const SECTOR_BYTES = 4096;
const PART_BYTES = 4000;
const MAX_ATTEMPTS = 4;
const ANSWER_TIMEOUT_MS = 2_500;
/** A chip that answers at the end of an erasure. */
const ERASE_TIMEOUT_MS = 30_000;
/** The slowest flashes, by their data sheets. */
const ERASE_MS_PER_SECTOR = 400;
const DIGEST_TIMEOUT_MS = 10_000;
const AGAIN_LIMIT_MS = 5_000;
const RESET_TIMEOUT_MS = 1_000;

export interface ImageWriterOptions {
  readonly link: IspLink;
  readonly speed: PortSpeed;
  readonly clock: Clock;
  readonly meter: TransferMeter;
}

export interface WrittenImage {
  readonly skipped: boolean;
  readonly kbitPerSecond: number | null;
}

/** Writes images by the flash loader of a BL602; each is proven by the SHA-256 that the chip computes over its flash. */
export class ImageWriter {
  readonly #options: ImageWriterOptions;

  constructor(options: ImageWriterOptions) {
    this.#options = options;
  }

  /**
   * Faults: `flash-mismatch`, `device-silent`, `device-garbled`, `device-rejected`, `port-lost`, the signal's reason.
   */
  async write(image: FlashImage, signal: AbortSignal): Promise<WrittenImage> {
    const { link, meter } = this.#options;
    const sha256 = sha256Hex(image.bytes);
    let disturbance: Disturbed | null = null;
    let speed: number | null = null;
    let isWritten = false;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        if (disturbance !== null) await this.#synchronise(signal);
        disturbance = null;
        meter.report(isWritten ? 'verifying' : 'reading', image.name, isWritten ? image.bytes.length : 0);
        if ((await this.#digest(image, signal)) === sha256) {
          meter.finish(image.bytes.length);
          return { skipped: !isWritten, kbitPerSecond: speed };
        }
        link.trace(
          `${image.name}: write ${image.bytes.length} bytes at 0x${image.offset.toString(16)} (${attempt})`,
        );
        isWritten = true;
        speed = await this.#program(image, signal);
        meter.report('verifying', image.name, image.bytes.length);
        if ((await this.#digest(image, signal)) !== sha256) continue;
        meter.finish(image.bytes.length);
        return { skipped: false, kbitPerSecond: speed };
      } catch (error) {
        if (!(error instanceof Disturbed)) throw error;
        link.trace(`${error.message} (${attempt})`);
        disturbance = error;
      }
    }
    throw this.#failure(image, disturbance);
  }

  /** Starts the firmware. Its acknowledgement may be lost, and the flash is proven already. */
  async reset(signal: AbortSignal): Promise<void> {
    try {
      await this.#command(
        { id: 0x21, name: 'the reset', timeoutMs: RESET_TIMEOUT_MS, answers: false },
        signal,
      );
    } catch (error) {
      if (!(error instanceof Disturbed)) throw error;
    }
  }

  /** Returns the speed, kbit/s. */
  async #program({ name, offset, bytes }: FlashImage, signal: AbortSignal): Promise<number | null> {
    const { meter, clock } = this.#options;
    meter.report('erasing', name);
    // Whether the end is part of the range is not described; the last byte of a sector erases the same in both cases.
    const sectors = Math.ceil(bytes.length / SECTOR_BYTES);
    const end = offset + sectors * SECTOR_BYTES - 1;
    await this.#command(
      {
        id: 0x30,
        name: 'an erasure',
        data: words(offset, end),
        timeoutMs: ERASE_TIMEOUT_MS,
        workingMs: ERASE_TIMEOUT_MS + sectors * ERASE_MS_PER_SECTOR,
        answers: false,
      },
      signal,
    );
    const startedAtMs = clock.monotonicMs();
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      const partAtMs = clock.monotonicMs();
      const part = bytes.subarray(at, at + PART_BYTES);
      const data = Buffer.concat([words(offset + at), part]);
      await this.#command(
        { id: 0x31, name: 'a write', data, timeoutMs: ANSWER_TIMEOUT_MS, answers: false },
        signal,
      );
      meter.count(part.length, clock.monotonicMs() - partAtMs);
      meter.report('writing', name, at + part.length);
    }
    await this.#command(
      { id: 0x3a, name: 'the end of the writes', timeoutMs: ANSWER_TIMEOUT_MS, answers: false },
      signal,
    );
    return kbitPerSecond(bytes.length, clock.monotonicMs() - startedAtMs);
  }

  async #digest({ offset, bytes }: FlashImage, signal: AbortSignal): Promise<string> {
    const data = words(offset, bytes.length);
    const command = { id: 0x3d, name: 'a SHA-256', data, timeoutMs: DIGEST_TIMEOUT_MS, answers: true };
    return Buffer.from(await this.#command(command, signal)).toString('hex');
  }

  async #command(command: Omit<IspCommand, 'summed'>, signal: AbortSignal): Promise<Uint8Array> {
    return this.#options.link.command({ ...command, summed: true }, signal);
  }

  /** Throws `Disturbed`. */
  async #synchronise(signal: AbortSignal): Promise<void> {
    const { link, speed } = this.#options;
    await link.settle(signal);
    if (!(await link.handshake(speed.baudRate, AGAIN_LIMIT_MS, signal))) throw new Disturbed('no handshake');
  }

  #failure({ name }: FlashImage, disturbance: Disturbed | null): Fault {
    const { path } = this.#options.link;
    const details = { port: path, image: name };
    if (disturbance === null) {
      return new Fault('flash-mismatch', `${path}: the flash of the unit does not hold ${name}`, {
        hint: 'Start again; if it stays so, the flash of the unit is worn out or protected.',
        details,
      });
    }
    return new Fault('device-silent', `${path}: the unit stopped answering while ${name} was written`, {
      hint: 'Check power, cable and ground, or use a lower baudRate.',
      details,
      cause: disturbance,
    });
  }
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return bytes;
}
