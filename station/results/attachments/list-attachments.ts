import type { AttachmentView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import type { AttachmentRow, ReadableDatabase } from '../../core/database/index.ts';

type Files = Pick<AttachmentFiles, 'has'>;

/** The attachments of a run with their steps, in its order. */
export function listAttachments(
  { attachments, runs }: Pick<ReadableDatabase, 'attachments' | 'runs'>,
  files: Files,
  runId: string,
): AttachmentView[] {
  const rows = attachments.listOfRun(runId);
  if (rows.length === 0) return [];
  const steps = new Map(runs.listSteps(runId).map((step) => [step.seq, step]));
  return rows.map((row) => {
    const { phase = '', step = '', attempt = 1 } = steps.get(row.stepSeq) ?? {};
    const { name, mediaType, bytes, sha256, madeAtMs, madeBy, removedAtMs } = row;
    const fileId = removedAtMs === null && files.has(sha256) ? fileIdOf(row) : null;
    return { name, mediaType, bytes, sha256, madeAtMs, madeBy, phase, step, attempt, fileId, removedAtMs };
  });
}

/** An attachment by its name. Faults: `not-found` when the run has none of this name. */
export function findAttachment(
  { attachments }: Pick<ReadableDatabase, 'attachments'>,
  runId: string,
  name: string,
): AttachmentRow {
  const row = attachments.findByName(runId, name);
  if (row !== null) return row;
  const names = attachments.listOfRun(runId).map((one) => one.name);
  throw new Fault('not-found', `run ${runId} has no attachment ${name}`, {
    hint: names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`,
  });
}

function fileIdOf({ runId, stepSeq, seq }: AttachmentRow): string {
  return `attachment-${runId}-${stepSeq}-${seq}`;
}

/** The place of an attachment that a file id names; `null` for another id. */
export function placeInFileId(fileId: string): Pick<AttachmentRow, 'runId' | 'stepSeq' | 'seq'> | null {
  const [, runId, stepSeq, seq] = /^attachment-([\w-]+)-(\d{1,9})-(\d{1,9})$/.exec(fileId) ?? [];
  return runId === undefined ? null : { runId, stepSeq: Number(stepSeq), seq: Number(seq) };
}
