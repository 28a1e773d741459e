import { z } from 'zod';
import { call, ROLES, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs } from './common.ts';
import { pageDefaults } from './settings.ts';

/** The station and its health. */
export const stationInfo = z.object({
  station: z.string(),
  appVersion: z.string(),
  dataDir: z.string(),
  registryUrl: z.string().nullable(),
  slots: z.int(),
  /** The parts of a terminal command for this station: `program`, the command, `data`. */
  terminal: z.object({ program: z.string(), data: z.string() }),
  session: z.object({ role: z.enum(ROLES), user: z.string() }),
  /** What a page uses until its browser has a choice of its own. */
  pages: pageDefaults,
});
export type StationInfo = z.infer<typeof stationInfo>;

export const stationCalls = {
  'station.info': call(EVERYONE, empty, stationInfo, { automatic: true, atOnce: false }),
  /**
   * Closes the station and opens it again in the same program, for settings that hold from then on. The reply comes
   * before; then the pages lose their connection for a moment. Faults: `slot-busy` while units are tested,
   * `not-configured` for a program that cannot do so, `data-busy`.
   */
  'station.reopen': call(['engineer'], empty, empty, { automatic: false, atOnce: false }),
};

/** Conditions that stop production, reported in advance. */
export const stationHealth = z.object({
  disk: z.object({
    /** Null when it is unknown. */
    freeBytes: z.number().min(0).nullable(),
    /** True when little space is left, or when it will be used up within the hour. */
    low: z.boolean(),
    /** True while no unit is started for lack of space. */
    full: z.boolean(),
    /** Why the station cannot reserve space for records, if not for lack of space. No unit is started. */
    fault: faultView.nullable(),
    hoursLeft: z.number().min(0).nullable(),
  }),
  /** Automatic backups; `copyAtMs`: that of the newest copy in the second folder. */
  backup: z.object({
    lastAtMs: timeMs.nullable(),
    copyAtMs: timeMs.nullable().default(null),
    fault: faultView.nullable(),
  }),
  /** True when the registry has seen entries of the audit trail that are missing now. */
  trailRewritten: z.boolean(),
  /** Number of log lines that could not be written since the start. */
  lostLogLines: z.int(),
});
export type StationHealth = z.infer<typeof stationHealth>;

export const stationTopics = {
  station: topic(EVERYONE, { snapshot: stationHealth, delta: stationHealth, apply: (_, next) => next }),
};
