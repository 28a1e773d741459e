import type { OutgoingFile } from '#shared/contract/station-files.ts';

/** The files of calls for engineers that were made for a download. Ids are valid until the station is closed. */
export class Downloads {
  readonly #files = new Map<string, OutgoingFile>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
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
}
