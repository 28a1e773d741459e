import type { NorFlash, UnitFlash } from '../../flash/index.ts';
import type { EspChip } from './chip.ts';
import { type EspImage, readEspImage } from './esp-image.ts';
import type { WrittenRange } from './flash-writer.ts';
import type { ChipLock } from './loader.ts';
import { applicationPartition, readPartitions } from './partitions.ts';
import type { EspRegisters } from './registers.ts';

/** Registers of the ESP32 with the bits of flash encryption and secure boot. Later chips tell them by a command. */
const ESP32_ENCRYPTION = { address: 0x3ff5a000, bit: 1 << 20 } as const;
const ESP32_SECURE_BOOT = { address: 0x3ff5a018, bit: 1 << 5 } as const;

/** What the flash of a unit contains, and the record of the unit, which follows it. */
export class UnitContent {
  readonly #chip: EspChip;
  readonly #flash: NorFlash;
  readonly #unit: UnitFlash;

  constructor(chip: EspChip, flash: NorFlash, unit: UnitFlash) {
    this.#chip = chip;
    this.#flash = flash;
    this.#unit = unit;
  }

  /** The application that the chip boots; `null` when it boots none. */
  application(): EspImage | null {
    if (readEspImage(this.#flash, this.#chip.bootloaderOffset) === null) return null;
    const partition = applicationPartition(readPartitions(this.#flash));
    return partition === null ? null : readEspImage(this.#flash, partition.offset);
  }

  /** Updates the record from the flash: after a restart of the simulator, and after each write. */
  async follow(): Promise<void> {
    const image = this.application();
    if (image !== null) await this.#unit.writeFirmware(this.#flash.sha256Hex(image.offset, image.length));
  }

  /** Called when a range was written. Bytes that are no bootable application count as firmware where one would be. */
  async written(range: WrittenRange): Promise<void> {
    const partition = applicationPartition(readPartitions(this.#flash));
    if (this.application() === null && range.offset === (partition?.offset ?? range.offset))
      await this.#unit.writeFirmware(this.#flash.sha256Hex(range.offset, range.length));
    await this.follow();
  }

  settle(): Promise<void> {
    return this.#unit.settle();
  }

  /** Sets the eFuses of a locked chip whose lock is read from registers. */
  applyLock(registers: EspRegisters, lock: ChipLock | null): void {
    if (this.#chip.tellsSecurity) return;
    const fuse =
      lock === 'flash-encryption' ? ESP32_ENCRYPTION : lock === 'secure-boot' ? ESP32_SECURE_BOOT : null;
    if (fuse !== null) registers.burn(fuse.address, fuse.bit);
  }
}
