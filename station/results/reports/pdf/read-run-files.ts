import { attachmentPaths } from '../../../core/attachments/index.ts';
import type { ReadableDatabase } from '../../../core/database/index.ts';
import { readPictures, type RunFiles } from './pictures/index.ts';

/** Pictures of a certificate: one row. */
const MAX_PICTURES = 4;
const MAX_BYTES = 16 * 1024 * 1024;

/** What a certificate shows and names of the files of its run; `null` without any. */
export async function readRunFiles(database: ReadableDatabase, runId: string): Promise<RunFiles | null> {
  const rows = database.attachments.listOfRun(runId);
  if (rows.length === 0) return null;
  return readPictures(attachmentPaths(database), rows, { pictures: MAX_PICTURES, bytes: MAX_BYTES });
}
