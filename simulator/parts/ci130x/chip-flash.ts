import type { FlashWork, NorFlash } from '../../flash/index.ts';
import { crc16 } from './crc16.ts';
import {
  type ChipModel,
  FlashTables,
  partitionTable,
  TABLE_ADDRESSES,
  TABLE_BYTES,
} from './partition-table.ts';

/** The supply failed during a write: the chip restarts, and what it was doing is lost. */
export class BrownOut extends Error {}

/** The flash of a CI130x, with the time that it takes. */
export class ChipFlash {
  readonly #memory: NorFlash;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly tables: FlashTables;

  /** A chip with an erased flash gets the tables of the factory's firmware. */
  constructor(memory: NorFlash, model: ChipModel, wait: (ms: number, signal: AbortSignal) => Promise<void>) {
    this.#memory = memory;
    this.#wait = wait;
    this.tables = new FlashTables(memory);
    if (!this.tables.isErased) return;
    for (const address of TABLE_ADDRESSES) memory.program(address, partitionTable(model));
  }

  /** The table as it is, damaged or not. */
  get table(): Buffer {
    return this.tables.whole() ?? this.#memory.read(TABLE_ADDRESSES[0], TABLE_BYTES);
  }

  /** SHA-256 of the first bytes, in hex. */
  sha256Hex(bytes: number): string {
    return this.#memory.sha256Hex(0, bytes);
  }

  crc(address: number, size: number): number {
    return crc16(this.#memory.read(address, size));
  }

  fits(address: number, size: number): boolean {
    return address + size <= this.#memory.bytes;
  }

  /** Throws `BrownOut`. */
  async erase(address: number, size: number, signal: AbortSignal): Promise<void> {
    await this.#spend(this.#memory.erase(address, size), signal);
  }

  /** Throws `BrownOut`. */
  async program(address: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#spend(this.#memory.program(address, bytes), signal);
  }

  async #spend({ ms, brownOut }: FlashWork, signal: AbortSignal): Promise<void> {
    if (brownOut) throw new BrownOut();
    await this.#wait(ms, signal);
  }
}
