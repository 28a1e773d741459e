import { crc } from '#shared/codec/crc.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';
import type { FlashImage, TransferMeter } from '../flashing/index.ts';
import type { Partition } from './partition-table.ts';
import { serveRegion } from './serve-region.ts';
import { regionInfo } from './start-updater.ts';
import type { UpdaterLink } from './updater-link.ts';

const MAX_ATTEMPTS = 3;
const ANSWER_TIMEOUT_MS = 1_000;
const ERASE_TIMEOUT_MS = 15_000;
/** The chip computes the CRC of a partition of megabytes. */
const VERIFY_TIMEOUT_MS = 10_000;
const ERASE_BLOCK_BYTES = 4096;
const CODE_VALID = 0xf0;

export interface RegionWriterOptions {
  readonly link: UpdaterLink;
  readonly clock: Clock;
  readonly meter: TransferMeter;
  readonly image: FlashImage;
}

/** Writes regions of the flash of a CI130x and proves each of them by the CRC that the chip computes. */
export class RegionWriter {
  readonly #options: RegionWriterOptions;

  constructor(options: RegionWriterOptions) {
    this.#options = options;
  }

  bytesOf({ address, size }: Partition): Uint8Array {
    return this.#options.image.bytes.subarray(address, address + size);
  }

  /** Whether the unit has a partition already: by its table, and by the CRC of its flash. */
  async isThere(wanted: Partition, present: Partition | undefined, signal: AbortSignal): Promise<boolean> {
    if (present === undefined) return false;
    const { version, address, size, crc: sum } = present;
    const isSame =
      version === wanted.version && address === wanted.address && size === wanted.size && sum === wanted.crc;
    const isCode = wanted.name === 'code 1' || wanted.name === 'code 2';
    if (!isSame || present.status !== (isCode ? CODE_VALID : 0)) return false;
    this.#options.meter.report('reading', this.#options.image.name);
    const isThere = await this.#verify(wanted.address, this.bytesOf(wanted), signal);
    if (isThere) this.#options.meter.finish(wanted.size);
    return isThere;
  }

  /** Proves again what was proven before other regions were written. Faults: `flash-mismatch`, those of `write`. */
  async requireHeld(partition: Partition, signal: AbortSignal): Promise<void> {
    const { link, image, meter } = this.#options;
    meter.report('verifying', image.name);
    if (await this.#verify(partition.address, this.bytesOf(partition), signal)) return;
    throw new Fault(
      'flash-mismatch',
      `${link.path}: the flash of the unit loses ${partition.name} of ${image.name} when the others are written`,
      {
        hint: 'The flash may be smaller than the firmware: check that the file is meant for this unit, or sort it out.',
        details: { port: link.path, image: image.name },
      },
    );
  }

  /** Faults: `flash-mismatch`, `device-silent`, `port-lost`, the signal's reason. */
  async write(name: string, address: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { link, clock, meter, image } = this.#options;
    const erase = new Uint8Array(12);
    const view = new DataView(erase.buffer);
    view.setUint32(0, address, true);
    view.setUint32(4, bytes.length, true);
    view.setUint32(8, ERASE_BLOCK_BYTES, true);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      link.trace(`${name}: write ${bytes.length} bytes at 0x${address.toString(16)} (${attempt})`);
      await link.command('verifyInfo', regionInfo(address, bytes.length, 0), ANSWER_TIMEOUT_MS, signal);
      meter.report('erasing', image.name);
      await link.command('erase', erase, ERASE_TIMEOUT_MS, signal);
      let sent = 0;
      const onSent = (count: number, ms: number): void => {
        if (ms > 0) meter.count(count, ms);
        meter.report('writing', image.name, (sent += count));
      };
      const end = await serveRegion(link, { bytes, fill: false, onSent }, clock, signal);
      meter.report('verifying', image.name, sent);
      if (end === 'served' && (await this.#verify(address, bytes, signal))) {
        if (name !== 'table') meter.finish(bytes.length);
        return;
      }
    }
    throw new Fault(
      'flash-mismatch',
      `${link.path}: the flash of the unit does not hold ${name} of ${image.name}`,
      {
        hint: 'Check power and cable, or use a lower baudRate; if it stays so, the flash of the unit is worn out.',
        details: { port: link.path, image: image.name },
      },
    );
  }

  async #verify(address: number, bytes: Uint8Array, signal: AbortSignal): Promise<boolean> {
    const info = regionInfo(address, bytes.length, crc('crc16-xmodem', bytes));
    const answer = await this.#options.link.command('verify', info, VERIFY_TIMEOUT_MS, signal);
    return answer[0] === 1;
  }
}
