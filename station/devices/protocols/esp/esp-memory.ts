import { createHash } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import type {
  FlashedApp,
  FlashedImage,
  FlashImage,
  FlashJob,
  FlashMemory,
  FlashProgress,
} from '../flashing/index.ts';
import { DESCRIBED_BYTES, readAppDescription } from './app-description.ts';
import { hexOf, words } from './commands.ts';
import { garbled, md5OfFlash, readFlash } from './read-flash.ts';
import type { StartedLoader } from './start-loader.ts';
import { writeImage } from './write-image.ts';
import { findWrongSector, md5Of, SECTOR_BYTES } from './wrong-sector.ts';

const ERASE_MS_PER_SECTOR = 1000;

/** The flash behind a loader that is ready. The signal is that of its link. */
export class EspMemory implements FlashMemory {
  readonly loader: StartedLoader;
  readonly #verify: FlashJob['verify'];

  constructor(loader: StartedLoader, verify: FlashJob['verify']) {
    this.loader = loader;
    this.#verify = verify;
  }

  get chip(): string {
    return this.loader.chip.title;
  }

  get chipId(): string {
    return this.loader.chipId;
  }

  get flashBytes(): number {
    return this.loader.flashBytes;
  }

  get hasLines(): boolean {
    return this.loader.hasLines;
  }

  /** Checks all images before the first one is written. Faults: `bad-input` for one that does not fit. */
  requireRoom(images: readonly FlashImage[]): void {
    for (const { name, offset, bytes } of images) this.#requireInside(name, offset, bytes.length);
  }

  /**
   * The MD5 that ends a reading is that of the bytes that were read: where the command was changed on the line, they are those of
   * another place, such as an erased one. The MD5 of the place is asked, too. Faults also: `device-garbled`.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#requireInside('the region', offset, length);
    const bytes = await readFlash(this.loader, offset, length);
    if ((await this.md5(offset, length)) !== md5Of(bytes)) throw garbled(offset);
    return bytes;
  }

  async md5(offset: number, length: number): Promise<string> {
    this.#requireInside('the region', offset, length);
    return md5OfFlash(this.loader, offset, length);
  }

  async erase(offset: number, length: number): Promise<void> {
    this.#requireInside('the region', offset, length);
    if (offset % SECTOR_BYTES !== 0 || length % SECTOR_BYTES !== 0)
      throw new Fault('bad-input', `${hexOf(offset)} to ${hexOf(offset + length)} are no whole sectors`, {
        hint: `A sector has ${SECTOR_BYTES} bytes.`,
      });
    if (!this.loader.isStub) {
      await this.write({ name: 'erased', offset, bytes: new Uint8Array(length).fill(0xff) }, () => undefined);
      return;
    }
    const timeoutMs = Math.max(SECTOR_BYTES, (length / SECTOR_BYTES) * ERASE_MS_PER_SECTOR);
    await this.loader.link.command('ERASE_REGION', words(offset, length), { timeoutMs });
  }

  /** Writes an image unless the flash holds it already, and proves it in both cases. Faults also: `flash-mismatch`. */
  async write(image: FlashImage, onProgress: (progress: FlashProgress) => void): Promise<FlashedImage> {
    const { name, offset, bytes } = image;
    const { clock } = this.loader.link;
    this.#requireInside(name, offset, bytes.length);
    const startedMs = clock.monotonicMs();
    const md5 = md5Of(bytes);
    const report = (stage: FlashProgress['stage'], doneBytes: number, kbitPerSecond: number | null): void =>
      onProgress({ stage, image: name, doneBytes, totalBytes: bytes.length, kbitPerSecond });
    report('reading', 0, null);
    const before = await this.#md5Before(image);
    const isThere = before === md5;
    const appBefore = isThere ? null : await this.#appBefore(image);
    let kbitPerSecond: number | null = null;
    if (isThere) this.loader.trace(`${name} is in the flash already`);
    else {
      const beginMs = clock.monotonicMs();
      report('erasing', 0, null);
      await writeImage(this.loader, image, (written) => {
        kbitPerSecond = rate(written, clock.monotonicMs() - beginMs);
        report('writing', written, kbitPerSecond);
      });
      report('verifying', 0, kbitPerSecond);
      if ((await this.md5(offset, bytes.length)) !== md5) throw await this.#mismatchOf(image);
    }
    if (this.#verify === 'read-back') await this.#readBack(image, (read) => report('verifying', read, null));
    report('verifying', bytes.length, kbitPerSecond);
    return {
      name,
      offset,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      skipped: isThere,
      verifiedBy: this.#verify === 'read-back' ? 'read-back' : 'md5',
      md5Before: before,
      appBefore,
      ms: Math.round(clock.monotonicMs() - startedMs),
      kbitPerSecond,
    };
  }

  /**
   * MD5 of the region; `null` when its first sector differs already: the MD5 of a whole image costs up to a tenth of the time
   * of its transfer.
   */
  async #md5Before({ offset, bytes }: FlashImage): Promise<string | null> {
    if (bytes.length > SECTOR_BYTES) {
      const first = bytes.subarray(0, SECTOR_BYTES);
      if ((await this.md5(offset, SECTOR_BYTES)) !== md5Of(first)) return null;
    }
    return this.md5(offset, bytes.length);
  }

  /** The description of the application that an image replaces; `null` where neither is one. */
  async #appBefore({ offset, bytes }: FlashImage): Promise<FlashedApp | null> {
    if (readAppDescription(bytes) === null) return null;
    return readAppDescription(await readFlash(this.loader, offset, DESCRIBED_BYTES));
  }

  /**
   * Writes the first wrong sector once more. A sector that holds the same wrong bytes again is the fault of the flash; a line
   * does not change the same bits twice.
   */
  async #mismatchOf(image: FlashImage): Promise<Fault> {
    const md5 = (offset: number, length: number): Promise<string> => this.md5(offset, length);
    try {
      const wrong = await findWrongSector(image, md5);
      if (wrong === null) return mismatch(image);
      const { part } = wrong;
      this.loader.trace(`${hexOf(part.offset)} holds wrong bytes: its sector is written again`);
      await writeImage(this.loader, part, () => undefined);
      const isStuck = (await md5(part.offset, part.bytes.length)) === wrong.md5;
      return isStuck ? stuck(part) : mismatch(image);
    } catch (error) {
      const isLine =
        error instanceof Fault && ['device-silent', 'device-rejected', 'device-garbled'].includes(error.code);
      // That the flash is wrong is known before the line failed.
      if (isLine) return mismatch(image);
      throw error;
    }
  }

  async #readBack(image: FlashImage, onRead: (bytes: number) => void): Promise<void> {
    const { offset, bytes } = image;
    const read = await readFlash(this.loader, offset, bytes.length, onRead);
    if (Buffer.compare(read, bytes) !== 0) throw mismatch(image);
  }

  #requireInside(name: string, offset: number, length: number): void {
    if (offset >= 0 && length > 0 && offset + length <= this.flashBytes) return;
    throw new Fault(
      'bad-input',
      `${name} ends at ${hexOf(offset + length)}, the flash has ${this.flashBytes} bytes`,
      {
        hint: 'Correct the offset in the recipe, or take the right unit.',
        details: { flashBytes: this.flashBytes },
      },
    );
  }
}

function rate(bytes: number, ms: number): number | null {
  return ms > 0 ? Math.round((bytes * 8) / ms) : null;
}

function mismatch({ name, offset }: FlashImage): Fault {
  return new Fault(
    'flash-mismatch',
    `the flash at ${hexOf(offset)} does not hold ${name} after it was written`,
    {
      hint: 'Check the supply of the unit and its flash, then test again.',
      details: { file: name },
    },
  );
}

/** Details: `sector`, where it begins. */
function stuck({ name, offset }: FlashImage): Fault {
  const sector = hexOf(offset - (offset % SECTOR_BYTES));
  return new Fault(
    'flash-mismatch',
    `the flash keeps wrong bytes in its sector ${sector}, also when the sector is written again (${name})`,
    {
      hint: 'The flash of this unit is defective: sort the unit out.',
      details: { file: name, sector },
    },
  );
}
