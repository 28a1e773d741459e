import { createHash } from 'node:crypto';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { isDocumentName } from '#shared/domain/firmware.ts';
import type { FirmwareDocumentRow } from '../core/database/index.ts';
import type { ContentStore, Draft } from './content-store.ts';
import { baseName } from './pick-files.ts';
import type { PackageFile } from './source/index.ts';

/** A package has a handful; a folder of somebody's downloads is not a package's documents. */
const MOST_DOCUMENTS = 64;
const MOST_BYTES = 64 * 1024 * 1024;

/** The files beside a firmware: those that are kept with it, and the paths of those that are not. */
export interface OtherFiles {
  readonly documents: readonly PackageFile[];
  readonly passedOver: readonly string[];
}

/** Documents by their ending, in order of their path, as far as there is room; all else is passed over. */
export function pickDocuments(others: readonly PackageFile[]): OtherFiles {
  const documents: PackageFile[] = [];
  const passedOver: string[] = [];
  let bytes = 0;
  for (const file of [...others].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const twice = documents.at(-1)?.path === file.path;
    const fits = documents.length < MOST_DOCUMENTS && bytes + file.sizeBytes <= MOST_BYTES;
    if (!isDocumentName(baseName(file.path)) || !fits || twice) passedOver.push(file.path);
    else {
      documents.push(file);
      bytes += file.sizeBytes;
    }
  }
  return { documents, passedOver };
}

/** A document that was read whole and is not kept yet. */
export interface DraftDocument extends Omit<FirmwareDocumentRow, 'firmwareSha256'> {
  readonly draft: Draft;
}

/** Reads a document to disk. The draft belongs to `stack`. Faults: those of `PackageFile.read` and of `Draft`. */
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
