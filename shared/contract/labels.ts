import { z } from 'zod';
import { LABEL_PRINT_REASONS, LABEL_PRINT_STATES } from '../domain/label-print.ts';
import { call } from '../rpc/contract.ts';
import { reasonText } from './approval.ts';
import { faultView, timeMs } from './common.ts';
import { printerSetting } from './printer.ts';

/** One label that was or is to be printed. */
const labelPrintView = z.object({
  printId: z.string(),
  runId: z.string().nullable(),
  serialNumber: z.string().nullable(),
  productId: z.string().nullable(),
  deviceName: z.string().nullable(),
  payload: z.string(),
  /** SHA-256 of the template, or `default`. */
  template: z.string(),
  reason: z.enum(LABEL_PRINT_REASONS),
  /** Why it was printed again; empty for a first label. */
  why: z.string(),
  /** Number of this print among those of the unit with this identity. */
  copy: z.int(),
  state: z.enum(LABEL_PRINT_STATES),
  /** The slot whose next unit waits for it. */
  slot: z.int().nullable(),
  place: z.string().nullable(),
  fault: faultView.nullable(),
  askedBy: z.string(),
  askedAtMs: timeMs,
  sentAtMs: timeMs.nullable(),
  endedAtMs: timeMs.nullable(),
  confirmedBy: z.enum(['printer', 'person', 'scan']).nullable(),
  scannedAtMs: timeMs.nullable(),
  voidAtMs: timeMs.nullable(),
  voidBy: z.string().nullable(),
  /** `identity-retired`, or the words of a person. */
  voidReason: z.string().nullable(),
});
export type LabelPrintView = z.infer<typeof labelPrintView>;

const prints = z.object({ prints: z.array(labelPrintView) });
const one = z.strictObject({ printId: z.string().max(64) });
const SUPPORT = ['support', 'engineer'] as const;
const byHand = { automatic: false, atOnce: false } as const;

export const labelCalls = {
  /**
   * The labels of a run, the oldest first; with `null` all that wait for a person. `ofIdentity`: those of
   * all runs with the identity that the unit held in this run.
   */
  'labels.list': call(
    SUPPORT,
    z.strictObject({ runId: z.string().max(64).nullable(), ofIdentity: z.boolean().optional() }),
    prints,
    { automatic: true, atOnce: false },
  ),
  /**
   * Prints the label of a run once more; the result has what became of each copy. Faults: `not-found`, `bad-input` for a run whose
   * unit did not pass or has no identity, `label-impossible`.
   */
  'labels.reprint': call(
    SUPPORT,
    z.strictObject({ runId: z.string().max(64), reason: reasonText, copies: z.int().min(1).max(20) }),
    prints,
    byHand,
  ),
  /**
   * Prints the label of a run as a command asks for it. Without a `reason` the labels of the run that wait or failed are
   * printed, and one more where there are none. `setting`: another printer than that of the station. `template`: its text, in
   * place of that of the recipe. Faults: those of `labels.reprint`, `bad-input` for a template with mistakes.
   */
  'labels.printRun': call(
    ['engineer'],
    z.strictObject({
      runId: z.string().max(64),
      reason: reasonText.nullable(),
      copies: z.int().min(1).max(20),
      setting: printerSetting.nullable(),
      template: z.string().max(262_144).nullable(),
    }),
    prints,
    byHand,
  ),
  /** Prints a label that waits or that failed. Faults: `not-found`, `bad-input`. */
  'labels.print': call(SUPPORT, one, labelPrintView, byHand),
  /** Somebody looked whether a label came out; when it did not, it waits to be printed. Faults: `not-found`, `bad-input`. */
  'labels.settle': call(SUPPORT, one.extend({ cameOut: z.boolean() }), labelPrintView, byHand),
  /** The label is not printed; its slot goes on. Faults: `not-found`, `bad-input`. */
  'labels.skip': call(SUPPORT, one.extend({ reason: reasonText }), labelPrintView, byHand),
  /** The label counts no more. Faults: `not-found`, `bad-input` when it is void already. */
  'labels.void': call(SUPPORT, one.extend({ reason: reasonText }), labelPrintView, byHand),
};
