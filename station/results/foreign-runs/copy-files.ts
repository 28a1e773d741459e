import { lstat } from 'node:fs/promises';
import {
  ATTACHMENT_SOURCES,
  attachmentName,
  MAX_ATTACHMENT_BYTES,
  MAX_ATTACHMENTS,
  MAX_RUN_ATTACHMENT_BYTES,
  MEDIA_TYPES,
  uniqueAttachmentName,
} from '#shared/domain/attachment.ts';
import { type AttachmentFiles, readAttachment } from '../../core/attachments/index.ts';
import type { ForeignAttachmentRow } from '../../core/database/index.ts';
import type { ForeignFile } from './candidate.ts';

/**
 * Copies the files of a run of another station, and returns their rows. The records come from outside: names are cleaned, and the
 * bounds are those of runs of this station. A file that is missing, has other bytes than its digest says, or is too large is named and not
 * copied. Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied` of this station.
 */
export async function copyFiles(
  runId: string,
  files: readonly ForeignFile[],
  store: Pick<AttachmentFiles, 'store'>,
): Promise<ForeignAttachmentRow[]> {
  const taken = new Set<string>();
  const rows: ForeignAttachmentRow[] = [];
  let total = 0;
  for (const { path, ...file } of files.slice(0, MAX_ATTACHMENTS)) {
    if (!isPlausible(file)) continue;
    const name = uniqueAttachmentName(attachmentName(file.name), taken);
    taken.add(name.toLowerCase());
    const isWanted = path !== null && total + file.bytes <= MAX_RUN_ATTACHMENT_BYTES;
    const content = isWanted ? await contentOf(path, file) : null;
    if (content !== null) {
      await store.store(file.sha256, content, runId);
      total += content.length;
    }
    rows.push({ ...file, name, isHere: content === null ? 0 : 1 });
  }
  return rows;
}

function isPlausible({ sha256, bytes, mediaType, madeBy, madeAtMs }: Omit<ForeignFile, 'path'>): boolean {
  return (
    /^[0-9a-f]{64}$/.test(sha256) &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0 &&
    Number.isSafeInteger(madeAtMs) &&
    MEDIA_TYPES.includes(mediaType) &&
    ATTACHMENT_SOURCES.includes(madeBy)
  );
}

/** The bytes of a regular file when they are those that the run recorded. */
async function contentOf(
  path: string,
  file: Pick<ForeignFile, 'bytes' | 'sha256'>,
): Promise<Uint8Array | null> {
  try {
    // A pipe would never end.
    if (!(await lstat(path)).isFile()) return null;
  } catch {
    return null;
  }
  const content = await readAttachment(
    { pathOf: () => path },
    { ...file, removedAtMs: null },
    MAX_ATTACHMENT_BYTES,
  );
  return typeof content === 'string' ? null : content;
}
