import { z } from 'zod';
import { call, ROLES, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs } from './common.ts';

/** Who am I talking to, and as whom. */
export const stationInfo = z.object({
  station: z.string(),
  appVersion: z.string(),
  dataDir: z.string(),
  registryUrl: z.string().nullable(),
  slots: z.int(),
  /** How a command for this station is typed at a terminal of its computer: `program`, the command, `data`. */
  terminal: z.object({ program: z.string(), data: z.string() }),
  session: z.object({ role: z.enum(ROLES), user: z.string() }),
});
export type StationInfo = z.infer<typeof stationInfo>;

export const stationCalls = {
  'station.info': call(EVERYONE, empty, stationInfo),
};

/** Whether the station can go on: what would stop the line, said before it does. */
export const stationHealth = z.object({
  disk: z.object({
    /** Null when the disk does not say. */
    freeBytes: z.number().min(0).nullable(),
    /** Little is left, or it will be used up within the hour. */
    low: z.boolean(),
    /** No unit is started until there is space again. */
    full: z.boolean(),
    hoursLeft: z.number().min(0).nullable(),
  }),
  backup: z.object({ lastAtMs: timeMs.nullable(), fault: faultView.nullable() }),
  /** The registry has seen entries of the audit trail that are not in it any more. */
  trailRewritten: z.boolean(),
  /** Lines of the log that could not be written since the start. */
  lostLogLines: z.int(),
});
export type StationHealth = z.infer<typeof stationHealth>;

export const stationTopics = {
  station: topic(EVERYONE, { snapshot: stationHealth, delta: stationHealth, apply: (_, next) => next }),
};
