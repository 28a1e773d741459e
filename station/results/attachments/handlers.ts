import type { SectionHandlers } from '#shared/contract/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { isTextual } from '#shared/domain/attachment.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import { type ReadableDatabase, requireRun } from '../../core/database/index.ts';
import { findAttachment, listAttachments, placeInFileId } from './list-attachments.ts';

/** Of a text that a page shows. */
const SHOWN_BYTES = 256 * 1024;

interface AttachmentServices {
  readonly database: ReadableDatabase;
  readonly attachments: Pick<AttachmentFiles, 'has' | 'pathOf' | 'read'>;
}

export function attachmentHandlers({
  database,
  attachments,
}: AttachmentServices): SectionHandlers<'attachments'> {
  return {
    'attachments.list': ({ runId }) => {
      requireRun(database, runId);
      return { attachments: listAttachments(database, attachments, runId) };
    },
    'attachments.text': async ({ runId, name }) => {
      const { mediaType, sha256, bytes } = findAttachment(database, runId, name);
      if (!isTextual(mediaType)) throw new Fault('bad-input', `${name} is no text`, { hint: 'Download it.' });
      const text = new TextDecoder().decode(await attachments.read(sha256, SHOWN_BYTES));
      return { text, isCut: bytes > SHOWN_BYTES };
    },
  };
}

/** The file of an attachment for a download; `null` when there is none of this id. */
export function attachmentFile(
  { database, attachments }: AttachmentServices,
  fileId: string,
): OutgoingFile | null {
  const place = placeInFileId(fileId);
  const row = place === null ? null : database.attachments.find(place.runId, place.stepSeq, place.seq);
  if (row === null || row.removedAtMs !== null) return null;
  const type = row.mediaType.startsWith('text/') ? `${row.mediaType}; charset=utf-8` : row.mediaType;
  return { path: attachments.pathOf(row.sha256), name: row.name, type };
}
