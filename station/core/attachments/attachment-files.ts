import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asFileFault, hasErrno } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type ContentKind, createContentStore } from '../content-store/index.ts';
import type { ReadableDatabase } from '../database/index.ts';

/** The files of attachments in the data directory. */
const ATTACHMENT_CONTENTS: ContentKind = {
  folder: 'attachments',
  what: 'attachments of runs',
  hintFull: 'Free space on the disk of the station, then test the unit again.',
};
/** So much is written before other work gets its turn. */
const WRITTEN_AT_ONCE = 256 * 1024;
/** Name of a marker: the digest of a content and the run that stores it. */
const MARKER = /^([0-9a-f]{64})\.(.+)\.new$/;

type Rows = Pick<ReadableDatabase, 'attachments'>;

/** The files of a station that has no run under way: what a crash left without a row is removed. */
export function openAttachments(dataDir: string, rows: Rows, newId: () => string): AttachmentFiles {
  const files = new AttachmentFiles(dataDir, rows, newId);
  files.sweep();
  return files;
}

/**
 * The files of attachments by their SHA-256. A file is stored before its row. A marker beside it tells that a run has not ended
 * yet, so that the next start removes what a crash left without a row; a file without a marker is never removed as left over,
 * because an older backup of the database may have been restored.
 */
export class AttachmentFiles {
  readonly #dir: string;
  readonly #contents: ReturnType<typeof createContentStore>;
  readonly #rows: Rows;
  readonly #newId: () => string;
  /** Contents that runs have stored and that may have no row yet, with their runs. */
  readonly #pending = new Map<string, Set<string>>();

  constructor(dataDir: string, rows: Rows, newId: () => string) {
    this.#dir = join(dataDir, ATTACHMENT_CONTENTS.folder);
    this.#contents = createContentStore(dataDir, ATTACHMENT_CONTENTS);
    this.#rows = rows;
    this.#newId = newId;
  }

  pathOf(sha256: string): string {
    return this.#contents.pathOf(sha256);
  }

  has(sha256: string): boolean {
    return existsSync(this.pathOf(sha256));
  }

  /**
   * Stores a content for a run that is under way; it is durable when this resolves. Faults: `disk-full`, `disk-read-only`,
   * `disk-failing`, `file-denied`; then nothing is stored.
   *
   * @param sha256 of the bytes, lower-case hex
   */
  async store(sha256: string, bytes: Uint8Array, runId: string): Promise<void> {
    const runs = this.#pending.get(sha256) ?? new Set();
    this.#pending.set(sha256, runs.add(runId));
    try {
      await using content = await this.#contents.begin(this.#newId(), bytes.length);
      for (let offset = 0; offset < bytes.length; offset += WRITTEN_AT_ONCE)
        await content.write(bytes.subarray(offset, offset + WRITTEN_AT_ONCE));
      // The rename syncs the folder, and so the marker.
      await this.#mark(sha256, runId);
      await content.commit(sha256);
    } catch (error) {
      this.#forget(sha256, runId);
      throw error;
    }
  }

  /** The run has ended: what it has stored without a row is removed. */
  settle(runId: string): void {
    for (const [sha256, runs] of this.#pending) if (runs.has(runId)) this.#forget(sha256, runId);
  }

  /** Removes what an interrupted run left without a row. Called when no run is under way. */
  sweep(): void {
    if (!existsSync(this.#dir)) return;
    for (const name of readdirSync(this.#dir)) {
      if (name.endsWith('.part')) rmSync(join(this.#dir, name), { force: true });
      const [, sha256] = MARKER.exec(name) ?? [];
      if (sha256 === undefined) continue;
      if (!this.#rows.attachments.hasContent(sha256)) rmSync(this.pathOf(sha256), { force: true });
      rmSync(join(this.#dir, name), { force: true });
    }
  }

  /** Removes a content that no row needs any more; one that a run has just stored stays. */
  async remove(sha256: string): Promise<void> {
    if (this.#pending.has(sha256) || this.#rows.attachments.hasContent(sha256)) return;
    await rm(this.pathOf(sha256), { force: true });
  }

  /**
   * The first bytes of a content. Faults: `file-missing`, `file-denied`, `disk-failing`.
   *
   * @param maxBytes how many at most
   */
  async read(sha256: string, maxBytes: number): Promise<Buffer> {
    const path = this.pathOf(sha256);
    try {
      await using file = await open(path);
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      throw asFileFault(error, path, 'read');
    }
  }

  /** How many attachments have no file here, although none was removed: after a restore on another disk. */
  countMissing(): number {
    let missing = 0;
    for (const { sha256 } of this.#rows.attachments.iteratePresent()) if (!this.has(sha256)) missing += 1;
    return missing;
  }

  /** Compares a content with its digest. Faults: `file-missing`, `file-denied`, `disk-failing`; `ledger-violation` when it differs. */
  async requireIntact(sha256: string): Promise<void> {
    const path = this.pathOf(sha256);
    const sum = createHash('sha256');
    try {
      for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
    } catch (error) {
      throw asFileFault(error, path, 'read');
    }
    if (sum.digest('hex') !== sha256)
      throw new Fault('ledger-violation', `${path} is not the file that the run recorded`, {
        hint: 'Keep the data directory and tell support: "audit verify" names every such file.',
      });
  }

  async #mark(sha256: string, runId: string): Promise<void> {
    const path = this.#markerOf(sha256, runId);
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
      await using _file = await open(path, 'wx', 0o600);
    } catch (error) {
      // The same run has stored the same bytes before.
      if (!hasErrno(error, 'EEXIST')) throw asFileFault(error, path, 'written');
    }
  }

  #forget(sha256: string, runId: string): void {
    const runs = this.#pending.get(sha256);
    runs?.delete(runId);
    if (runs?.size === 0) this.#pending.delete(sha256);
    try {
      if (!this.#pending.has(sha256) && !this.#rows.attachments.hasContent(sha256))
        rmSync(this.pathOf(sha256), { force: true });
      rmSync(this.#markerOf(sha256, runId), { force: true });
    } catch {
      // The next start tries again.
    }
  }

  #markerOf(sha256: string, runId: string): string {
    return join(this.#dir, `${sha256}.${runId}.new`);
  }
}
