import { z } from 'zod';
import { FLASH_STAGES } from '#shared/domain/flash.ts';
import type { Entry, Json } from './format.ts';

const progress = z.object({
  stage: z.enum(FLASH_STAGES),
  image: z.string().nullable(),
  doneBytes: z.number(),
  totalBytes: z.number(),
  kbitPerSecond: z.number().nullable().optional(),
  percent: z.number().optional(),
});
export type TransferProgress = z.infer<typeof progress>;

/** The progress of a transfer as the recording has it; `null` for another value. */
export function parseTransferProgress(value: Json | undefined): TransferProgress | null {
  return progress.safeParse(value).data ?? null;
}

/** The progress that an entry reports of a transfer; `null` for other entries. */
export function transferProgressOf(
  entry: Entry,
  entries: ReadonlyMap<number, Entry>,
): TransferProgress | null {
  if (entry.type !== 'notification' || entry.fault !== undefined) return null;
  const request = entries.get(entry.request);
  if (request?.type !== 'request' || request.kind !== 'port' || !request.key.startsWith('transfer '))
    return null;
  return parseTransferProgress(entry.value);
}

/** In words: `writing app.bin, 65536 of 900000 bytes, 719 kbit/s`. */
export function formatTransferProgress(report: TransferProgress): string {
  const { stage, image, doneBytes, totalBytes, kbitPerSecond = null, percent } = report;
  const parts = [image === null ? stage : `${stage} ${image}`];
  if (percent !== undefined) parts.push(`${percent} %`);
  else if (totalBytes > 0) parts.push(`${doneBytes} of ${totalBytes} bytes`);
  if (kbitPerSecond !== null) parts.push(`${Math.round(kbitPerSecond)} kbit/s`);
  return parts.join(', ');
}
