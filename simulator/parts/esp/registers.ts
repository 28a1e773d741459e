import type { NorFlash } from '../../flash/index.ts';
import { type EspChip, MAGIC_REGISTER } from './chip.ts';

/** Starts a command of the SPI controller that the registers describe. */
const SPI_USER = 1 << 18;
const READ_JEDEC_ID = 0x9f;
const READ_STATUS = 0x05;
/** JEDEC: manufacturer (GigaDevice) and type. The third byte is the size as a power of two. */
const MANUFACTURER = 0xc8;
const TYPE = 0x40;
const FLASH_COMMAND_MASK = 0xff;

/** The registers of a chip that a loader reads and writes: magic word, eFuses, and the SPI controller of the flash. */
export class EspRegisters {
  readonly #chip: EspChip;
  readonly #flash: NorFlash;
  readonly #values = new Map<number, number>();

  constructor(chip: EspChip, mac: string, flash: NorFlash) {
    this.#chip = chip;
    this.#flash = flash;
    const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
    for (const [address, value] of Object.entries(chip.registers)) this.#values.set(Number(address), value);
    this.#values.set(MAGIC_REGISTER, chip.magic);
    this.#values.set(chip.macRegister, bytes.readUInt32BE(2));
    this.#values.set(chip.macRegister + 4, bytes.readUInt16BE(0));
  }

  read(address: number): number {
    return this.#values.get(address) ?? 0;
  }

  /** Sets an eFuse or another register, as the factory does. */
  burn(address: number, value: number): void {
    this.#values.set(address, value >>> 0);
  }

  write(address: number, value: number, mask: number): void {
    this.#values.set(address, ((this.read(address) & ~mask) | (value & mask)) >>> 0);
    if (address === this.#chip.spi.command && (value & SPI_USER) !== 0) this.#runSpi();
  }

  /** The controller is done at once: the bit in the command register is clear again when it is read. */
  #runSpi(): void {
    const { command, user2, word0 } = this.#chip.spi;
    this.#values.set(command, 0);
    switch (this.read(user2) & FLASH_COMMAND_MASK) {
      case READ_JEDEC_ID:
        this.#values.set(word0, MANUFACTURER | (TYPE << 8) | (Math.log2(this.#flash.bytes) << 16));
        break;
      case READ_STATUS:
        this.#values.set(word0, 0);
        break;
      default:
        this.#values.set(word0, 0xff_ff_ff);
    }
  }
}
