import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { hasErrno } from '#node-kit/files/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import type { AttachmentRow, ReadableDatabase } from '../database/index.ts';

/** An attachment whose file is not the one that its run recorded. */
export interface DamagedAttachment {
  readonly runId: string;
  readonly name: string;
  /** `exchanged`: its bytes are those of another attachment. `unreadable`: the disk or the system refuses them. */
  readonly what: 'missing' | 'changed' | 'exchanged' | 'unreadable';
}

export interface AttachmentsReport {
  /** Files that were read; several attachments may have the same. */
  readonly files: number;
  /** At most 1000. */
  readonly damaged: readonly DamagedAttachment[];
  readonly damagedCount: number;
}

const MAX_NAMED = 1000;

/**
 * Reads the file of every attachment that was not removed and compares it with its record. Faults: the signal's reason.
 */
export async function verifyAttachments(
  dataDir: string,
  database: Pick<ReadableDatabase, 'attachments'>,
  signal: AbortSignal,
): Promise<AttachmentsReport> {
  const damaged: DamagedAttachment[] = [];
  let damagedCount = 0;
  let files = 0;
  let sha256 = '';
  let what: DamagedAttachment['what'] | null = null;
  for (const row of database.attachments.iteratePresent()) {
    // Attachments with the same file follow one another.
    if (sha256 !== row.sha256) {
      throwIfAborted(signal);
      files += 1;
      ({ sha256 } = row);
      what = await verifyFile(dataDir, row, database);
    }
    if (what === null) continue;
    damagedCount += 1;
    if (damaged.length < MAX_NAMED) damaged.push({ runId: row.runId, name: row.name, what });
  }
  return { files, damaged, damagedCount };
}

async function verifyFile(
  dataDir: string,
  { sha256 }: AttachmentRow,
  database: Pick<ReadableDatabase, 'attachments'>,
): Promise<DamagedAttachment['what'] | null> {
  const sum = createHash('sha256');
  try {
    for await (const chunk of createReadStream(join(dataDir, 'attachments', sha256)))
      sum.update(chunk as Buffer);
  } catch (error) {
    return hasErrno(error, 'ENOENT') ? 'missing' : 'unreadable';
  }
  const actual = sum.digest('hex');
  if (actual === sha256) return null;
  return database.attachments.hasContent(actual) ? 'exchanged' : 'changed';
}
