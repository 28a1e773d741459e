import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

import type { ActiveFaults } from '../faults/index.ts';

export const SECTOR_BYTES = 4_096;
export const BLOCK_BYTES = 65_536;
export const PAGE_BYTES = 256;
const ERASED = 0xff;
const CHUNK_BYTES = 65_536;

/** Durations of a flash chip, in milliseconds. */
export interface FlashTimes {
  readonly sectorEraseMs: number;
  readonly blockEraseMs: number;
  readonly pageProgramMs: number;
}

/** Typical values of serial flash chips with 4 MiB, as data sheets print them. */
export const TYPICAL_FLASH_TIMES: FlashTimes = { sectorEraseMs: 45, blockEraseMs: 150, pageProgramMs: 0.4 };

/** What an erase or a write did: its duration, and whether the supply failed during it (fault `flash-brown-out`). */
export interface FlashWork {
  readonly ms: number;
  readonly brownOut: boolean;
}

/**
 * The serial flash chip of a unit: an erase sets bits in whole sectors, a write only clears bits. The content is a file
 * that is written at each operation, so that a killed simulator leaves what a chip without power would hold.
 */
export class NorFlash {
  readonly path: string;
  readonly #builtBytes: number;
  readonly #times: FlashTimes;
  #faults: ActiveFaults | null = null;
  #fd: number | null = null;
  #onChange: (offset: number, length: number) => void = () => undefined;

  /** The file is created at the first use: `bytes` erased bytes. */
  constructor(path: string, bytes: number, times: FlashTimes = TYPICAL_FLASH_TIMES) {
    this.path = path;
    this.#builtBytes = bytes;
    this.#times = times;
  }

  /** Sets the faults of the unit that has this chip. */
  useFaults(faults: ActiveFaults): void {
    this.#faults = faults;
  }

  /** Sets the listener for each erase and write. */
  onChange(listener: (offset: number, length: number) => void): void {
    this.#onChange = listener;
  }

  /** Size in bytes, which is smaller with the fault `flash-small`. */
  get bytes(): number {
    return Math.min(this.#builtBytes, this.#faults?.get('flash-small')?.bytes ?? this.#builtBytes);
  }

  /** Bytes beyond the end read as erased. */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length, ERASED);
    const there = this.#inside(offset, length);
    if (there > 0) readSync(this.#file(), bytes, 0, there, offset);
    return bytes;
  }

  /** MD5 of a range, 16 bytes. */
  md5(offset: number, length: number): Buffer {
    return this.#digest('md5', offset, length);
  }

  /** SHA-256 of a range, in hex. */
  sha256Hex(offset: number, length: number): string {
    return this.#digest('sha256', offset, length).toString('hex');
  }

  /** Clears bits. Bytes beyond the end are lost. A brown-out leaves the bytes before its offset written. */
  program(offset: number, bytes: Uint8Array): FlashWork {
    const length = this.#inside(offset, bytes.length);
    const cut = this.#brownOutIn('write', offset, length);
    const written = cut ?? length;
    const content = this.read(offset, written);
    for (let at = 0; at < written; at++) content[at] = (content[at] ?? 0) & (bytes[at] ?? 0);
    this.#stickBit(offset, content);
    if (written > 0) writeSync(this.#file(), content, 0, written, offset);
    this.#onChange(offset, written);
    const pages = Math.ceil((offset + length) / PAGE_BYTES) - Math.floor(offset / PAGE_BYTES);
    return { ms: pages * this.#times.pageProgramMs, brownOut: cut !== null };
  }

  /** Erases the sectors that a range touches, whole blocks where possible. */
  erase(offset: number, length: number): FlashWork {
    const end = Math.min(this.bytes, Math.ceil((offset + length) / SECTOR_BYTES) * SECTOR_BYTES);
    let at = Math.floor(offset / SECTOR_BYTES) * SECTOR_BYTES;
    let ms = 0;
    while (at < end) {
      const block = at % BLOCK_BYTES === 0 && end - at >= BLOCK_BYTES;
      const size = block ? BLOCK_BYTES : SECTOR_BYTES;
      const cut = this.#brownOutIn('erase', at, size);
      if (cut !== null) return { ms, brownOut: true };
      this.#eraseRange(at, size);
      ms += block ? this.#times.blockEraseMs : this.#times.sectorEraseMs;
      at += size;
    }
    return { ms, brownOut: false };
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #eraseRange(offset: number, length: number): void {
    const erased = Buffer.alloc(length, ERASED);
    const stuck = this.#faults?.get('flash-sector-stuck');
    if (stuck != null) {
      const sector = Math.floor(stuck.offset / SECTOR_BYTES) * SECTOR_BYTES;
      if (sector >= offset && sector < offset + length)
        this.read(sector, SECTOR_BYTES).copy(erased, sector - offset);
    }
    this.#stickBit(offset, erased);
    writeSync(this.#file(), erased, 0, length, offset);
    this.#onChange(offset, length);
  }

  /** A bit that does not program stays set, also through an erase. */
  #stickBit(offset: number, content: Buffer): void {
    const stuck = this.#faults?.get('flash-bit-stuck');
    const at = stuck == null ? -1 : stuck.offset - offset;
    if (stuck != null && at >= 0 && at < content.length) content[at] = (content[at] ?? 0) | (1 << stuck.bit);
  }

  /** Number of bytes of the range that are done before the supply fails; `null` when it does not fail. */
  #brownOutIn(work: 'erase' | 'write', offset: number, length: number): number | null {
    const fault = this.#faults?.get('flash-brown-out');
    if (fault == null || (fault.during ?? work) !== work) return null;
    if (fault.offset < offset || fault.offset >= offset + length) return null;
    this.#faults?.take('flash-brown-out');
    return fault.offset - offset;
  }

  #inside(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.bytes - offset));
  }

  #digest(algorithm: 'md5' | 'sha256', offset: number, length: number): Buffer {
    const hash = createHash(algorithm);
    for (let at = 0; at < length; at += CHUNK_BYTES)
      hash.update(this.read(offset + at, Math.min(CHUNK_BYTES, length - at)));
    return hash.digest();
  }

  #file(): number {
    if (this.#fd !== null) return this.#fd;
    const fd = openSync(this.path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#fd = fd;
    const size = fstatSync(fd).size;
    if (size > this.#builtBytes) ftruncateSync(fd, this.#builtBytes);
    const erased = Buffer.alloc(CHUNK_BYTES, ERASED);
    for (let at = size; at < this.#builtBytes; at += CHUNK_BYTES)
      writeSync(fd, erased, 0, Math.min(CHUNK_BYTES, this.#builtBytes - at), at);
    return fd;
  }
}
