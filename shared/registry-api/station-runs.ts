import { z } from 'zod';
import { runOutcome } from './events.ts';

export const MAX_STATION_RUNS = 1000;

/** `GET /v1/station/runs`: the runs of the requesting station after the given id, in the order of their ids. */
export const stationRunsQuery = z.object({ after: z.string().max(200).default('') });

/** A run as the station reported it: outcome, unit, and the identity of the unit at the end. */
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
  /** True when there are more runs after the last one. */
  more: z.boolean(),
});
export type StationRunsReply = z.infer<typeof stationRunsReply>;
