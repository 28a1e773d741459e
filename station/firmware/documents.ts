import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { isDocumentName } from '#shared/domain/firmware.ts';
import type { FirmwareDocumentRow } from '../core/database/index.ts';
import type { ContentStore, TemporaryContent } from '../core/content-store/index.ts';
import type { PackageFile } from './source/index.ts';

/** Limits of the documents of a package: a folder of downloads is not stored. */
const MAX_DOCUMENTS = 64;
const MAX_BYTES = 64 * 1024 * 1024;

/** The other files of a package: documents, which are stored with the firmware, and paths of files that are not stored. */
export interface OtherFiles {
  readonly documents: readonly PackageFile[];
  readonly skippedFiles: readonly string[];
}

/** Picks documents by their extension, in order of their paths, up to the limits. */
export function pickDocuments(others: readonly PackageFile[]): OtherFiles {
  const documents: PackageFile[] = [];
  const skippedFiles: string[] = [];
  let bytes = 0;
  for (const file of [...others].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const isDuplicate = documents.at(-1)?.path === file.path;
    const fits = documents.length < MAX_DOCUMENTS && bytes + file.sizeBytes <= MAX_BYTES;
    if (!isDocumentName(posix.basename(file.path)) || !fits || isDuplicate) skippedFiles.push(file.path);
    else {
      documents.push(file);
      bytes += file.sizeBytes;
    }
  }
  return { documents, skippedFiles };
}

/** A document in a temporary file. */
export interface CopiedDocument extends Omit<FirmwareDocumentRow, 'firmwareSha256'> {
  readonly content: TemporaryContent;
}

/** Copies a document to a temporary file, which `stack` disposes of. Faults: those of `PackageFile.read` and of `TemporaryContent.write`. */
export async function copyDocument(
  file: PackageFile,
  { contents, newId }: { readonly contents: ContentStore; readonly newId: () => string },
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<CopiedDocument> {
  const content = stack.use(await contents.begin(newId(), file.sizeBytes));
  const hash = createHash('sha256');
  for await (const chunk of file.read(signal)) {
    throwIfAborted(signal);
    hash.update(chunk);
    await content.write(chunk);
  }
  return { path: file.path, sizeBytes: file.sizeBytes, sha256: hash.digest('hex'), content };
}
