import { Fault } from '#shared/domain/fault.ts';
import { describeFlashed } from '#shared/domain/flash.ts';
import type { Recipe, StepOf } from '#shared/recipe/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { FirmwareRow, ReadableDatabase } from '../core/database/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type FlashResult, flashUnit } from '../devices/protocols/index.ts';
import { createFirmwareContents, readFirmware, readFlashFiles } from '../firmware/index.ts';
import type { OpenedSlot, Prepare } from './identify-on-slot.ts';

export interface FlashingOptions {
  readonly database: ReadableDatabase;
  readonly audit: AuditTrail;
  readonly platform: Platform;
}

export interface FlashRequest extends Approval {
  /** SHA-256 of a package, or six or more of its first digits. */
  readonly firmwareId: string;
  readonly slot: number;
  readonly reason: string;
  readonly by: Actor;
}

/** The work that flashes a unit before it is identified. */
export function createFlashing(options: FlashingOptions): (request: FlashRequest) => Prepare {
  return (request) => (opened, signal) => flashReturned(options, request, opened, signal);
}

/** Records in the audit trail what was flashed; the chip id is null when the unit did not answer after it. */
type RecordFlashed = (chipId: string | null) => void;

/**
 * Writes a firmware package into the flash of the unit on a slot, as the flash step of its recipe says. Returns the function
 * that records it. Faults: `not-found` and `bad-input` for the package; `bad-input` when the recipe flashes nothing or makes
 * another product; those of `flashUnit`.
 */
async function flashReturned(
  { database, audit, platform }: FlashingOptions,
  request: FlashRequest,
  { serial, recipe, returnId }: OpenedSlot,
  signal: AbortSignal,
): Promise<RecordFlashed> {
  const row = readFirmware(database, () => null).find(request.firmwareId);
  const step = requireStep(recipe?.recipe ?? null);
  requireProduct(row, recipe?.recipe ?? null);
  const { chip, baudRate, verify } = step;
  const contents = createFirmwareContents(database, platform.paths.dataDir);
  const files = recipe?.files ?? new Map<string, Uint8Array>();
  const result = await flashUnit(
    {
      chip,
      baudRate,
      verify: verify === true ? 'auto' : verify,
      portBaudRate: recipe?.recipe.device.serial.baudRate ?? baudRate,
      port: serial.port,
      clock: platform.clock,
      readFiles: () =>
        readFlashFiles(step, {
          files,
          readFirmware: (path, maxBytes) => contents.read(row.sha256, path, maxBytes),
        }),
      onProgress: () => undefined,
    },
    signal,
  );
  return (chipId) => record(audit, request, row, result, chipId, returnId);
}

function record(
  audit: AuditTrail,
  { slot, reason, approver, approverProven, by }: FlashRequest,
  { sha256, fileName, version }: FirmwareRow,
  { chip, chipId: ofChip, images }: FlashResult,
  chipId: string | null,
  returnId: string,
): void {
  const written = images.map((image) => ({
    name: image.name,
    sha256: image.sha256,
    before: describeFlashed(image),
  }));
  audit.record(by, 'returns.flash', chipId ?? ofChip ?? `slot ${slot}`, {
    firmware: `${fileName} ${version ?? ''}`.trim(),
    firmwareSha256: sha256,
    chip,
    images: JSON.stringify(written),
    reason,
    approver,
    approverProven,
    return: returnId,
  });
}

function requireStep(recipe: Recipe | null): StepOf<'flash'> {
  const steps = recipe?.phases.flatMap((phase) => phase.steps) ?? [];
  const step = steps.find((one) => one.verb === 'flash');
  if (step !== undefined) return step;
  throw new Fault('bad-input', 'the recipe of the selected batch flashes nothing', {
    hint: 'Choose a batch whose recipe has a flash step for this kind of unit.',
  });
}

function requireProduct({ productId, fileName }: FirmwareRow, recipe: Recipe | null): void {
  if (productId === null || recipe === null || productId === recipe.product) return;
  throw new Fault(
    'bad-input',
    `${fileName} is for ${productId}, the selected batch makes ${recipe.product}`,
    {
      hint: 'Choose a firmware of the same product.',
    },
  );
}
