import { Fault } from '#shared/domain/fault.ts';
import type { FirmwareContent } from '../../firmware/index.ts';
import type { RunServices } from './run-request.ts';

/** A file of the firmware package of a batch; see `RunContext.readFirmware`. Faults: `not-configured`, those of `FirmwareContents.read`. */
export async function readFirmware(
  { database, firmware }: Pick<RunServices, 'database' | 'firmware'>,
  batchId: string,
  path: string | null,
  maxBytes: number,
): Promise<FirmwareContent> {
  const firmwareSha256 = database.batches.findById(batchId)?.firmwareSha256 ?? null;
  if (firmwareSha256 !== null) return firmware.readOfBatch({ batchId, firmwareSha256 }, path, maxBytes);
  throw new Fault('not-configured', 'this batch has no firmware, and its recipe flashes one', {
    hint: 'Choose a firmware when you make the batch, or name one in the recipe.',
  });
}
