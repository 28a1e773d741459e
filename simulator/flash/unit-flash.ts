import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

import { sha256Hex } from '#node-kit/crypto/index.ts';
import { readFileIfThere, writeFileAtomic } from '#node-kit/files/index.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';

import { flashPath, flashRecord, type FlashRecord } from './flash-record.ts';
import type { SecretVault } from './secret-vault.ts';

/** The cloud identity in a unit's flash: the triple and the region it was burned for. */
export interface StoredIdentity extends Triple {
  readonly region: string;
}

export interface FlashOwner {
  readonly mac: string;
  readonly serialNumber: string;
  /** SHA-256 of the factory firmware, hex. */
  readonly firmwareSha256: string;
  /** Called after each commit, when the file is written. */
  readonly onCommit?: (record: FlashRecord) => void;
}

/** Secrets by their SHA-256. The valid one is that of the flash record. */
const sealedFile = z.strictObject({ v: z.literal(1), secrets: z.record(z.string(), z.string()) });
const sealedSecret = z.strictObject({ deviceSecret: z.string(), region: z.string() });

/**
 * The flash of one unit, in two files: `<mac>.json`, which is public, and `<mac>.sealed` with the encrypted secret. The
 * rename of the first commits a write. The sealed file is written before it and contains the old secret too, so that a
 * kill between the two writes leaves the unit with its old identity.
 */
export class UnitFlash {
  readonly #folder: string;
  readonly #vault: SecretVault;
  #record: FlashRecord;
  #identity: StoredIdentity | null;
  readonly #onCommit: (record: FlashRecord) => void;
  readonly #writes = new Sequencer();

  private constructor(
    folder: string,
    vault: SecretVault,
    owner: FlashOwner,
    record: FlashRecord,
    identity: StoredIdentity | null,
  ) {
    this.#folder = folder;
    this.#onCommit = owner.onCommit ?? (() => undefined);
    this.#vault = vault;
    this.#record = record;
    this.#identity = identity;
  }

  /**
   * Opens the flash of a unit, or creates an empty one. An existing unit keeps its printed serial number. Faults:
   * `bad-input` for a file that is not a flash record, `secret-unreadable`.
   */
  static async open(folder: string, vault: SecretVault, owner: FlashOwner): Promise<UnitFlash> {
    const path = flashPath(folder, owner.mac, 'json');
    const text = readFileIfThere(path)?.toString('utf8') ?? null;
    if (text === null) {
      const record: FlashRecord = {
        mac: owner.mac,
        serialNumber: owner.serialNumber,
        identity: null,
        identityWrites: 0,
        firmwareSha256: owner.firmwareSha256,
      };
      const flash = new UnitFlash(folder, vault, owner, record, null);
      await writeFileAtomic(path, serialize(record), { temporaryFile: draftOf(path) });
      return flash;
    }
    const parsed = flashRecord.safeParse(parseJson(text));
    if (!parsed.success || parsed.data.mac !== owner.mac) {
      throw new Fault('bad-input', `${path} is not the flash of a simulated unit`, {
        hint: 'remove the file to get an empty unit instead',
      });
    }
    const identity = await readIdentity(folder, vault, parsed.data);
    return new UnitFlash(folder, vault, owner, parsed.data, identity);
  }

  get record(): FlashRecord {
    return this.#record;
  }

  /** The identity of the unit; `null` for an empty unit. */
  get identity(): StoredIdentity | null {
    return this.#identity;
  }

  /** Commits an identity. Once the promise resolves, it survives any kill. */
  writeIdentity(identity: StoredIdentity): Promise<void> {
    return this.#writes.run(async () => {
      const secretSha256 = sha256Hex(identity.deviceSecret);
      await this.#seal(identity, secretSha256);
      const { productId, deviceName } = identity;
      await this.#commit({
        ...this.#record,
        identity: { productId, deviceName, secretSha256 },
        identityWrites: this.#record.identityWrites + 1,
      });
      this.#identity = identity;
      this.#onCommit(this.#record);
    });
  }

  /** Erases the identity. An erasure is not counted as a write. */
  eraseIdentity(): Promise<void> {
    return this.#writes.run(async () => {
      await this.#commit({ ...this.#record, identity: null });
      this.#identity = null;
      this.#onCommit(this.#record);
    });
  }

  /** Commits the SHA-256 of the firmware, hex, if it is another one. */
  writeFirmware(firmwareSha256: string): Promise<void> {
    return this.#writes.run(async () => {
      if (this.#record.firmwareSha256 === firmwareSha256) return;
      await this.#commit({ ...this.#record, firmwareSha256 });
      this.#onCommit(this.#record);
    });
  }

  /** Resolves when no write is in progress. */
  async settle(): Promise<void> {
    await this.#writes.whenIdle();
  }

  async #commit(record: FlashRecord): Promise<void> {
    const path = flashPath(this.#folder, record.mac, 'json');
    await writeFileAtomic(path, serialize(record), { temporaryFile: draftOf(path) });
    this.#record = record;
  }

  async #seal(identity: StoredIdentity, secretSha256: string): Promise<void> {
    const path = flashPath(this.#folder, this.#record.mac, 'sealed');
    const secrets: Record<string, string> = {};
    for (const held of [this.#identity, identity]) {
      if (held === null) continue;
      const { deviceSecret, region } = held;
      const key = held === identity ? secretSha256 : sha256Hex(deviceSecret);
      secrets[key] = this.#vault.seal(
        JSON.stringify({ deviceSecret, region }),
        labelOf(this.#record.mac, key),
      );
    }
    const content = JSON.stringify({ v: 1, secrets });
    await writeFileAtomic(path, content, { mode: 0o600, temporaryFile: draftOf(path) });
  }
}

async function readIdentity(
  folder: string,
  vault: SecretVault,
  record: FlashRecord,
): Promise<StoredIdentity | null> {
  if (record.identity === null) return null;
  const { productId, deviceName, secretSha256 } = record.identity;
  const path = flashPath(folder, record.mac, 'sealed');
  const sealed = sealedFile.safeParse(parseJson(readFileIfThere(path)?.toString('utf8') ?? ''));
  const box = sealed.success ? sealed.data.secrets[secretSha256] : undefined;
  if (box === undefined) {
    throw new Fault('secret-unreadable', `${path} does not contain the secret of unit ${record.mac}`, {
      hint: 'keep the files of a state folder together: a unit needs its .json, its .sealed and the key file',
    });
  }
  const secret = sealedSecret.parse(JSON.parse(vault.unseal(box, labelOf(record.mac, secretSha256))));
  return { productId, deviceName, ...secret };
}

function labelOf(mac: string, secretSha256: string): string {
  return `${mac} ${secretSha256}`;
}

/** A fixed draft path, so that the next write replaces a draft that a kill has left. */
function draftOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.draft`);
}

function serialize(record: FlashRecord): string {
  return `${JSON.stringify(record)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
