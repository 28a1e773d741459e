import { writeFile } from 'node:fs/promises';
import { asFileFault } from '#node-kit/files/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import type { SignedFileView } from '#shared/contract/index.ts';
import { type BatchBalance, type BirthCertificate, fileStem } from '#shared/signed/index.ts';
import { exportName } from '../../results/reports/index.ts';
import type { SignedDocument } from './documents.ts';

/** Where a file for one download is written; see `Downloads`. */
export interface DocumentDownloads {
  newPath(name: string): string;
}

const TYPES = {
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
  pdf: 'application/pdf',
} as const;

/** Signed files that pages download. Ids are valid until the station is closed. */
export class DocumentFiles {
  readonly #downloads: DocumentDownloads;
  readonly #newId: () => string;
  readonly #files = new Map<string, OutgoingFile>();

  constructor(downloads: DocumentDownloads, newId: () => string) {
    this.#downloads = downloads;
    this.#newId = newId;
  }

  find(fileId: string): OutgoingFile | null {
    return this.#files.get(fileId) ?? null;
  }

  /** Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`. */
  async add(
    { document, file, sha256, keyId }: SignedDocument<BatchBalance | BirthCertificate>,
    ending: keyof typeof TYPES,
  ): Promise<SignedFileView> {
    const name = `${documentName(document)}.${ending}`;
    let path = name;
    try {
      path = this.#downloads.newPath(name);
      await writeFile(path, file, { mode: 0o600 });
    } catch (error) {
      throw asFileFault(error, path, 'written');
    }
    const fileId = this.#newId();
    this.#files.set(fileId, { path, name, type: TYPES[ending] });
    return { fileId, name, sha256, keyId };
  }
}

/** `<station>_<batch>-balance_<time>`, `<station>_<serial number>-certificate_<time>`. */
export function documentName(document: BatchBalance | BirthCertificate): string {
  const { station, kind, signedAt } = document;
  const subject =
    kind === 'batch-balance' ? document.batch.name : (document.unit.serialNumber ?? document.unit.id);
  return exportName(station, `${subject}-${fileStem(kind)}`, Date.parse(signedAt));
}
