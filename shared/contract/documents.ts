import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import {
  BALANCE_LISTS,
  balanceChange,
  balanceCounts,
  balanceEntry,
  FILE_PROBLEMS,
  SIGNED_KINDS,
} from '../signed/index.ts';
import { faultView, timeMs } from './common.ts';
import { pdfForm } from './reports.ts';

/** Entries of one list of a balance that a page gets; the file has all. */
export const MAX_SHOWN_ENTRIES = 500;

/** The balance of a batch as it is now, not signed. */
export const balanceView = z.object({
  counts: balanceCounts,
  /** False with an open identity, or a run that has not ended: then the batch cannot be closed. */
  addsUp: z.boolean(),
  /** Runs that have not ended. */
  running: z.int(),
  /** Units with an identity that another batch has issued. */
  fromElsewhere: z.int(),
  /** When each identity was compared with the registry; null when it was not. */
  comparedAtMs: timeMs.nullable(),
  closed: z.object({ atMs: timeMs, by: z.string() }).nullable(),
  lists: z.record(z.enum(BALANCE_LISTS), z.array(balanceEntry).max(MAX_SHOWN_ENTRIES)),
  /** The last signed balance, and what is in another list since. */
  signed: z
    .object({ atMs: timeMs, by: z.string(), sha256: z.string(), changes: z.array(balanceChange) })
    .nullable(),
});
export type BalanceView = z.infer<typeof balanceView>;

/** A signed file for a download. */
export const signedFileView = z.object({
  fileId: z.string(),
  name: z.string(),
  /** SHA-256 of the file, in hex. */
  sha256: z.string(),
  /** Fingerprint of the key. */
  keyId: z.string(),
});
export type SignedFileView = z.infer<typeof signedFileView>;

/** The signed balance of a batch that was closed. */
export const closedBatchView = signedFileView.extend({
  counts: balanceCounts,
  /** When each identity was compared with the registry; null when it was not. */
  comparedAtMs: timeMs.nullable(),
  /** Why the registry could not be asked; null also for a station without one. */
  notCompared: faultView.nullable(),
});
export type ClosedBatchView = z.infer<typeof closedBatchView>;

/** Whether a file is whole, and whose it is. */
export const verifiedView = z.object({
  whole: z.boolean(),
  problem: z.enum([...FILE_PROBLEMS, 'other-key', 'unknown-key']).nullable(),
  kind: z.enum(SIGNED_KINDS).nullable(),
  station: z.string().nullable(),
  keyId: z.string().nullable(),
  key: z.enum(['trusted', 'other', 'unknown', 'not-compared']).nullable(),
  /** By what the key was compared; null when it was not. */
  comparedWith: z.enum(['own', 'registry']).nullable(),
  revoked: z.boolean(),
  signedAtMs: timeMs.nullable(),
  /** Name of the batch or serial number of the unit. */
  subject: z.string().nullable(),
});
export type VerifiedView = z.infer<typeof verifiedView>;

const ofBatch = z.strictObject({ batchId: z.string().max(64) });

export const documentCalls = {
  /** Changes nothing. `compare`: each identity is compared with the registry, if it answers. Faults: `batch-missing`. */
  'documents.balance': call(
    ['engineer'],
    ofBatch.extend({ compare: z.boolean().default(false) }),
    balanceView,
    { automatic: true, atOnce: false },
  ),
  /** Signs the balance, or gives the last one when nothing has changed. Faults: `batch-missing`, `secret-unreadable`, `disk-full`. */
  'documents.exportBalance': call(
    ['engineer'],
    ofBatch.extend({ format: z.enum(['json', 'txt']) }),
    signedFileView,
    { automatic: false, atOnce: false },
  ),
  /** The batch takes no runs from then on. Faults: `batch-missing`, `batch-closed`, `batch-unbalanced`, those of the export. */
  'documents.closeBatch': call(['engineer'], ofBatch, closedBatchView, { automatic: false, atOnce: true }),
  /** The birth certificate of the unit of a run; a PDF has the signed JSON attached. Faults: `not-found`, `certificate-refused`, `ledger-violation`, those of the export. */
  'documents.certificate': call(
    ['support', 'engineer'],
    z.strictObject({
      runId: z.string().max(64),
      format: z.enum(['json', 'pdf']).default('json'),
      pdf: pdfForm.optional(),
    }),
    signedFileView,
    { automatic: false, atOnce: false },
  ),
  /** Verifies an uploaded file, and compares its key with those of this station and of the registry. Faults: `not-found`, `bad-input` for a file over 256 MiB. */
  'documents.verify': call(
    ['support', 'engineer'],
    z.strictObject({ uploadId: z.string().max(64) }),
    verifiedView,
    { automatic: false, atOnce: false },
  ),
};
