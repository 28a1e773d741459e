import { z } from 'zod';
import { runOutcome } from './events.ts';

export const MAX_STATION_RUNS = 1000;

/** `GET /v1/station/runs`: those of the asking station, in the order of their ids, after the one that is named. */
export const stationRunsQuery = z.object({ after: z.string().max(200).default('') });

/** A run as the station told it: what it ended with, on which unit, and which identity it left there. */
export const stationRun = z.object({
  runId: z.string(),
  outcome: runOutcome,
  serialNumber: z.string().nullable(),
  chipId: z.string().nullable(),
  productId: z.string().nullable(),
  deviceName: z.string().nullable(),
});
export type StationRun = z.infer<typeof stationRun>;

export const stationRunsReply = z.object({
  runs: z.array(stationRun).max(MAX_STATION_RUNS),
  /** There are others behind the last of these. */
  more: z.boolean(),
});
export type StationRunsReply = z.infer<typeof stationRunsReply>;
