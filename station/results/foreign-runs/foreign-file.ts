import type { OutgoingFile } from '#shared/contract/station-files.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';

/** The id of a file of an imported run, for a download. Ids of runs of other programs may have any characters. */
export function foreignFileId(runId: string, seq: number): string {
  return `foreign-${Buffer.from(runId).toString('base64url')}-${seq}`;
}

/** The file of an imported run; `null` when there is none of this id. */
export function foreignFile(
  { foreignRuns }: Pick<ReadableDatabase, 'foreignRuns'>,
  files: Pick<AttachmentFiles, 'pathOf'>,
  fileId: string,
): OutgoingFile | null {
  const [, run, seq] = /^foreign-([\w-]+)-(\d{1,9})$/.exec(fileId) ?? [];
  if (run === undefined) return null;
  const runId = Buffer.from(run, 'base64url').toString();
  const row = foreignRuns.listFiles(runId).find((one) => one.seq === Number(seq));
  if (row?.isHere !== 1 || foreignRuns.findById(runId) === null) return null;
  const type = row.mediaType.startsWith('text/') ? `${row.mediaType}; charset=utf-8` : row.mediaType;
  return { path: files.pathOf(row.sha256), name: row.name, type };
}
