import { createHash } from 'node:crypto';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { isDocumentName } from '#shared/domain/firmware.ts';
import type { FirmwareDocumentRow } from '../core/database/index.ts';
import type { ContentStore, Draft } from './content-store.ts';
import { baseName } from './pick-files.ts';
import type { PackageFile } from './source/index.ts';

/** Limits of the documents of a package: a folder of downloads is not stored. */
const MAX_DOCUMENTS = 64;
const MAX_BYTES = 64 * 1024 * 1024;

/** The other files of a package: documents, which are stored with the firmware, and paths of files that are not stored. */
export interface OtherFiles {
  readonly documents: readonly PackageFile[];
  readonly passedOver: readonly string[];
}

/** Picks documents by their extension, in order of their paths, up to the limits. */
export function pickDocuments(others: readonly PackageFile[]): OtherFiles {
  const documents: PackageFile[] = [];
  const passedOver: string[] = [];
  let bytes = 0;
  for (const file of [...others].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const isDuplicate = documents.at(-1)?.path === file.path;
    const fits = documents.length < MAX_DOCUMENTS && bytes + file.sizeBytes <= MAX_BYTES;
    if (!isDocumentName(baseName(file.path)) || !fits || isDuplicate) passedOver.push(file.path);
    else {
      documents.push(file);
      bytes += file.sizeBytes;
    }
  }
  return { documents, passedOver };
}

/** A document that was read and is not stored yet. */
export interface DraftDocument extends Omit<FirmwareDocumentRow, 'firmwareSha256'> {
  readonly draft: Draft;
}

/** Copies a document to a draft, which `stack` disposes of. Faults: those of `PackageFile.read` and of `Draft.write`. */
export async function draftDocument(
  file: PackageFile,
  { contents, newId }: { readonly contents: ContentStore; readonly newId: () => string },
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<DraftDocument> {
  const draft = stack.use(await contents.draft(newId(), file.sizeBytes));
  const hash = createHash('sha256');
  for await (const chunk of file.read(signal)) {
    throwIfAborted(signal);
    hash.update(chunk);
    await draft.write(chunk);
  }
  return { path: file.path, sizeBytes: file.sizeBytes, sha256: hash.digest('hex'), draft };
}
