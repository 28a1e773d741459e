import { Fault } from '#shared/domain/fault.ts';
import type { FirmwareContent } from '../../firmware/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RunServices } from './run-request.ts';

/**
 * The firmware of a batch as the registry knows it, through the recording. Faults: `not-configured` when the batch has none or it
 * has no version.
 */
export function batchFirmware(
  { database }: Pick<RunServices, 'database'>,
  io: RunIo,
  batchId: string,
): { readonly sha256: string; readonly version: string } {
  const found = io.input('firmware', 'batch', () => {
    const sha256 = database.batches.findById(batchId)?.firmwareSha256 ?? null;
    const version = sha256 === null ? null : (database.firmware.findBySha256(sha256)?.version ?? null);
    return { sha256, version };
  });
  const { sha256, version } = found;
  if (sha256 === null) throw withoutFirmware();
  if (version !== null) return { sha256, version };
  throw new Fault('not-configured', `the firmware ${sha256.slice(0, 12)} of this batch has no version`, {
    hint: 'Import it with a version: units report their version after an update.',
  });
}

/** A file of the firmware package of a batch; see `RunContext.readFirmware`. Faults: `not-configured`, those of `FirmwareContents.read`. */
export async function readFirmware(
  { database, firmware }: Pick<RunServices, 'database' | 'firmware'>,
  batchId: string,
  path: string | null,
  maxBytes: number,
): Promise<FirmwareContent> {
  const firmwareSha256 = database.batches.findById(batchId)?.firmwareSha256 ?? null;
  if (firmwareSha256 !== null) return firmware.readOfBatch({ batchId, firmwareSha256 }, path, maxBytes);
  throw withoutFirmware();
}

function withoutFirmware(): Fault {
  return new Fault('not-configured', 'this batch has no firmware, and its recipe flashes one', {
    hint: 'Choose a firmware when you make the batch, or name one in the recipe.',
  });
}
