import { attachmentPaths } from '../../../core/attachments/index.ts';
import type { ReadableDatabase } from '../../../core/database/index.ts';
import { readPictures } from './pictures/index.ts';
import type { FailedFiles, FailedRun } from './report-data.ts';

/** Pictures of a report, and of one run in it. */
const MAX_PICTURES = 24;
const MAX_RUN_PICTURES = 4;
/** Of all pictures of a report together. */
const MAX_BYTES = 24 * 1024 * 1024;

/** The files of the first runs that did not pass and have some. When the pictures are used up, the others are counted. */
export async function readFailedFiles(
  database: ReadableDatabase,
  failures: readonly FailedRun[],
): Promise<FailedFiles> {
  const runs: FailedFiles['runs'][number][] = [];
  let leftOut = 0;
  if (!database.attachments.hasAny()) return { runs, leftOut };
  const files = attachmentPaths(database);
  const space = { pictures: MAX_PICTURES, bytes: MAX_BYTES };
  for (const { runId, serialNumber, unit } of failures) {
    const rows = database.attachments.listOfRun(runId);
    if (rows.length === 0) continue;
    if (space.pictures === 0 || runs.length === MAX_PICTURES) {
      leftOut += rows.length;
      continue;
    }
    const own = { pictures: Math.min(MAX_RUN_PICTURES, space.pictures), bytes: space.bytes };
    const found = await readPictures(files, rows, own);
    space.pictures -= found.pictures.length;
    space.bytes = own.bytes;
    runs.push({ unit: serialNumber ?? unit ?? runId, ...found });
  }
  return { runs, leftOut };
}
