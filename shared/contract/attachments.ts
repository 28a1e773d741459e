import { z } from 'zod';
import { ATTACHMENT_SOURCES, MEDIA_TYPES } from '../domain/attachment.ts';
import { call } from '../rpc/contract.ts';
import { EVERYONE, timeMs } from './common.ts';

/** A file that belongs to a run. */
export const attachmentView = z.object({
  /** Unique in its run. */
  name: z.string(),
  mediaType: z.enum(MEDIA_TYPES),
  bytes: z.int(),
  sha256: z.string(),
  madeAtMs: timeMs,
  madeBy: z.enum(ATTACHMENT_SOURCES),
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  /** Id for a download; `null` when its file was removed because of its age, or is missing. */
  fileId: z.string().nullable(),
  /** When its file was removed because of its age. */
  removedAtMs: timeMs.nullable(),
});
export type AttachmentView = z.infer<typeof attachmentView>;

const oneAttachment = z.strictObject({ runId: z.string().max(64), name: z.string().max(200) });

export const attachmentCalls = {
  /** The attachments of a run, in the order of its steps. */
  'attachments.list': call(
    EVERYONE,
    z.strictObject({ runId: z.string().max(64) }),
    z.object({ attachments: z.array(attachmentView) }),
    { automatic: true, atOnce: false },
  ),
  /** The beginning of an attachment that is a text. Faults: `not-found`, `bad-input` for another kind of file, `file-missing`. */
  'attachments.text': call(EVERYONE, oneAttachment, z.object({ text: z.string(), isCut: z.boolean() }), {
    automatic: false,
    atOnce: false,
  }),
};
