import { createHash } from 'node:crypto';

/** A message `update_firmware` of the cloud. */
export interface UpdateOrder {
  readonly version: string;
  readonly url: string;
  readonly md5: string;
  readonly sizeBytes: number;
}

/** A firmware in the second slot of the flash, as far as it was downloaded. */
export interface CachedFirmware {
  readonly version: string;
  readonly md5: string;
  readonly sizeBytes: number;
  /** What was received, from the beginning. */
  readonly bytes: Buffer;
}

/** The part of the flash for updates, which a loss of the supply does not touch. */
export class OtaMemory {
  /** The version that the unit was updated to; `null` with the firmware of the factory. */
  installedVersion: string | null = null;
  #cached: CachedFirmware | null = null;

  get cached(): CachedFirmware | null {
    return this.#cached;
  }

  /** What was downloaded of an order before; a different firmware takes the place of what was there. */
  begin({ version, md5, sizeBytes }: UpdateOrder): CachedFirmware {
    const before = this.#cached;
    const isSame = before?.version === version && before.md5 === md5 && before.sizeBytes === sizeBytes;
    this.#cached = isSame ? before : { version, md5, sizeBytes, bytes: Buffer.alloc(0) };
    return this.#cached;
  }

  append(bytes: Uint8Array): void {
    if (this.#cached === null) return;
    this.#cached = { ...this.#cached, bytes: Buffer.concat([this.#cached.bytes, bytes]) };
  }

  /** Whether the whole firmware is there with the MD5 that the cloud gave. */
  get isWhole(): boolean {
    const cached = this.#cached;
    if (cached === null || cached.bytes.length !== cached.sizeBytes) return false;
    return createHash('md5').update(cached.bytes).digest('hex') === cached.md5;
  }

  erase(): void {
    this.#cached = null;
  }
}
