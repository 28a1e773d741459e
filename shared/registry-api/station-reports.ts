import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/** A report of a large batch has hundreds of megabytes. */
export const MAX_REPORT_BYTES = 4_000_000_000;

/**
 * `POST /v1/station/reports`: announces a file, or asks how much of it is there. `key` is the station's own name for what the
 * file is of, and stays the same when the call is repeated. A key whose file is complete keeps it: another content is refused
 * with `conflict`. The file follows in chunks, each a `PUT /v1/station/reports/:reportId` as of firmware.
 */
export const stationReportRequest = z.strictObject({
  key: z.string().min(1).max(300),
  /** Name of the file, without a folder. */
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^/\\\p{Cc}]+$/u),
  sizeBytes: z.int().min(0).max(MAX_REPORT_BYTES),
  sha256: sha256Hex,
});
export type StationReportRequest = z.infer<typeof stationReportRequest>;

export const stationReportReply = z.object({
  reportId: sha256Hex,
  receivedBytes: z.int(),
  isComplete: z.boolean(),
});
export type StationReportReply = z.infer<typeof stationReportReply>;
