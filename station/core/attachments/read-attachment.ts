import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno } from '#node-kit/files/index.ts';
import type { AttachmentRow, ReadableDatabase } from '../database/index.ts';
import { AttachmentFiles } from './attachment-files.ts';

/** Where the files of a station are, beside its database; nothing is stored. */
export function attachmentPaths(database: ReadableDatabase): Pick<AttachmentFiles, 'pathOf'> {
  return new AttachmentFiles(dirname(database.file), database, () => '');
}

/** Why the bytes of an attachment are not there. */
export type NoContent = 'removed' | 'missing' | 'damaged' | 'unreadable' | 'too-large';

/**
 * The bytes of an attachment when they are those that its run recorded. Reads in turns of the event loop, and never more than
 * the record says.
 */
export async function readAttachment(
  files: Pick<AttachmentFiles, 'pathOf'>,
  { sha256, bytes, removedAtMs }: Pick<AttachmentRow, 'bytes' | 'removedAtMs' | 'sha256'>,
  maxBytes: number,
): Promise<Buffer | NoContent> {
  if (removedAtMs !== null) return 'removed';
  if (bytes > maxBytes) return 'too-large';
  const sum = createHash('sha256');
  const pieces: Buffer[] = [];
  try {
    // One byte more tells that the file has grown. `end` is the last byte that is read.
    for await (const piece of createReadStream(files.pathOf(sha256), {
      end: bytes,
    }) as AsyncIterable<Buffer>) {
      sum.update(piece);
      pieces.push(piece);
    }
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return 'missing';
    if (error instanceof Error && 'errno' in error) return 'unreadable';
    throw error;
  }
  return sum.digest('hex') === sha256 ? Buffer.concat(pieces) : 'damaged';
}
