import type { NorFlash, StoredIdentity, UnitFlash } from '../../flash/index.ts';
import type { EspChip } from './chip.ts';
import { type EspImage, readEspImage } from './esp-image.ts';
import { readIdentity } from './flash-identity.ts';
import type { WrittenRange } from './flash-writer.ts';
import type { ChipLock } from './loader.ts';
import { applicationPartition, nvsPartitions, readPartitions } from './partitions.ts';
import type { EspRegisters } from './registers.ts';

/** Registers of the ESP32 with the bits of flash encryption and secure boot. Later chips tell them by a command. */
const ESP32_ENCRYPTION = { address: 0x3ff5a000, bit: 1 << 20 } as const;
const ESP32_SECURE_BOOT = { address: 0x3ff5a018, bit: 1 << 5 } as const;

/** What the flash of a unit contains, and the record of the unit, which follows it. */
export class UnitContent {
  readonly #chip: EspChip;
  readonly #flash: NorFlash;
  readonly #unit: UnitFlash;
  /** Ranges that were written since the record was updated. */
  #written: WrittenRange[] = [];
  /** Whether bytes of an NVS partition, or of the partition table, have changed since the record was updated. */
  #changed = false;

  constructor(chip: EspChip, flash: NorFlash, unit: UnitFlash) {
    this.#chip = chip;
    this.#flash = flash;
    this.#unit = unit;
    flash.onChange((offset, length) => {
      this.#changed ||= nvsPartitions(readPartitions(flash)).some(
        (partition) => offset < partition.offset + partition.bytes && offset + length > partition.offset,
      );
    });
  }

  /** The application that the chip boots; `null` when it boots none. */
  application(): EspImage | null {
    if (readEspImage(this.#flash, this.#chip.bootloaderOffset) === null) return null;
    const partition = applicationPartition(readPartitions(this.#flash));
    return partition === null ? null : readEspImage(this.#flash, partition.offset);
  }

  /** The identity in the flash; `null` without one. */
  identity(): StoredIdentity | null {
    return readIdentity(this.#flash, nvsPartitions(readPartitions(this.#flash)));
  }

  /** Updates the record from the flash, which may have changed when the simulator was killed. */
  async follow(): Promise<void> {
    await this.#followFirmware();
    await this.#followIdentity();
  }

  /** Called when a range was written. */
  written(range: WrittenRange): void {
    this.#written.push(range);
  }

  /** Updates the record after a command. The chip executes the next one when this is done. */
  async commandDone(): Promise<void> {
    const ranges = this.#written;
    const changed = this.#changed;
    this.#written = [];
    this.#changed = false;
    for (const range of ranges) await this.#followRange(range);
    if (changed) await this.#followIdentity();
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

  /** Bytes that are no bootable application count as firmware where one would be. */
  async #followRange(range: WrittenRange): Promise<void> {
    const partition = applicationPartition(readPartitions(this.#flash));
    if (this.application() !== null) await this.#followFirmware();
    else if (range.offset === (partition?.offset ?? range.offset))
      await this.#unit.writeFirmware(this.#flash.sha256Hex(range.offset, range.length));
  }

  async #followFirmware(): Promise<void> {
    const image = this.application();
    if (image !== null) await this.#unit.writeFirmware(this.#flash.sha256Hex(image.offset, image.length));
  }

  async #followIdentity(): Promise<void> {
    const inFlash = this.identity();
    const recorded = this.#unit.identity;
    if (inFlash === null) {
      if (recorded !== null) await this.#unit.eraseIdentity();
    } else if (!sameTriple(inFlash, recorded)) await this.#unit.writeIdentity(inFlash);
  }
}

function sameTriple(a: StoredIdentity, b: StoredIdentity | null): boolean {
  return a.productId === b?.productId && a.deviceName === b.deviceName && a.deviceSecret === b.deviceSecret;
}
