import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutgoingFile } from '#shared/contract/station-files.ts';

/**
 * The files of calls for engineers that were made for a download. Ids are valid until the station is closed, and then the
 * files of `newPath` are removed.
 */
export class Downloads {
  readonly #files = new Map<string, OutgoingFile>();
  readonly #dir: string;
  readonly #newId: () => string;

  constructor(dataDir: string, newId: () => string) {
    this.#dir = join(dataDir, 'downloads');
    this.#newId = newId;
    // The ids of an earlier start are not valid any more.
    this.clear();
  }

  /** The path for a file that is made for one download, readable by this user only. */
  newPath(name: string): string {
    const folder = join(this.#dir, this.#newId());
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return join(folder, name);
  }

  /** The id by which a page downloads the file. */
  add(file: OutgoingFile): string {
    const id = this.#newId();
    this.#files.set(id, file);
    return id;
  }

  find(fileId: string): OutgoingFile | null {
    return this.#files.get(fileId) ?? null;
  }

  clear(): void {
    this.#files.clear();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
