import { z } from 'zod';
import { call, topic } from '../rpc/contract.ts';
import { empty, faultView, timeMs } from './common.ts';

/** What a source offers. */
const updateOffer = z.object({
  version: z.string(),
  /** Compared with the program that runs. An older one is never installed, because it cannot read the data. */
  verdict: z.enum(['newer', 'same', 'older']),
  releasedAtMs: timeMs.nullable(),
  /** What is new, as the publisher wrote it. */
  notes: z.string().nullable(),
  fileName: z.string(),
  /** Null where the source does not say. */
  sizeBytes: z.number().nullable(),
});

/** The program that runs, and what there is to replace it. */
export const updateState = z.object({
  /** An https address or a folder that has `latest.yml` and its installers; null for none. */
  source: z.string().nullable(),
  running: z.object({
    version: z.string(),
    /** The number of the newest change of the structure of the database that this program makes. */
    data: z.int(),
  }),
  checkedAtMs: timeMs.nullable(),
  /** What the source offered when it was asked last; null before, and when it offers nothing for this computer. */
  offer: updateOffer.nullable(),
  /** A download that is under way. */
  download: z
    .object({ version: z.string(), bytes: z.number(), totalBytes: z.number().nullable() })
    .nullable(),
  /** Why the last download ended without a file; null when it was cancelled. */
  fault: faultView.nullable(),
  /** A verified installer in the data folder. */
  ready: z.object({ version: z.string(), path: z.string(), sizeBytes: z.number() }).nullable(),
  /** This program can open an installer; elsewhere a person does. */
  canOpenInstaller: z.boolean(),
});
export type UpdateState = z.infer<typeof updateState>;

const ENGINEER = ['engineer'] as const;
const manual = { automatic: false, atOnce: false } as const;

export const updateCalls = {
  /** Faults: `bad-input` for neither an https address nor the whole path of a folder. */
  'updates.setSource': call(
    ENGINEER,
    z.strictObject({ source: z.string().trim().min(1).max(500).nullable() }),
    updateState,
    manual,
  ),
  /** Asks the source. Faults: `not-configured`, `update-unreachable`, `update-invalid`. */
  'updates.check': call(ENGINEER, empty, updateState, manual),
  /**
   * Begins to download what was offered; the topic has its progress. Faults: `not-configured`, `update-unreachable`,
   * `update-invalid`, `update-older`, `disk-full`.
   */
  'updates.download': call(ENGINEER, empty, updateState, manual),
  'updates.cancel': call(ENGINEER, empty, updateState, manual),
  /**
   * Verifies the installer again, backs the database up, and opens the installer where the program can. Faults: `not-found`
   * without an installer, `update-invalid` when it was changed, `update-older`, `slot-busy` while units are tested.
   */
  'updates.install': call(
    ENGINEER,
    empty,
    z.object({
      /** False: a person closes the program and runs the installer at `path`. */
      isOpened: z.boolean(),
      path: z.string(),
      /** File name of the backup. */
      backup: z.string(),
    }),
    manual,
  ),
};

export const updateTopics = {
  updates: topic(ENGINEER, { snapshot: updateState, delta: updateState, apply: (_, next) => next }),
};
