import { Fault } from '#shared/domain/fault.ts';
import { describeFlashed } from '#shared/domain/flash.ts';
import { FLASH_BEGUN, formatFlashReached, reachFlash } from '#shared/domain/flash-reached.ts';
import { neededFirmwareFiles, type Recipe, type StepOf } from '#shared/recipe/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { FirmwareRow, ReadableDatabase } from '../core/database/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type DeviceSession, type FlashResult, flashUnit } from '../devices/protocols/index.ts';
import {
  createFirmwareContents,
  readFirmware,
  readFlashFiles,
  requireFirmwareFiles,
} from '../firmware/index.ts';
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

/** Checks a unit before it is flashed; its chip id, or `null` when it does not answer. Its faults keep the flash from beginning. */
export type CheckBefore = (device: DeviceSession, signal: AbortSignal) => Promise<string | null>;

/** The work that flashes a unit after it was checked, and before it is identified for the decision about it. */
export function createFlashing(
  options: FlashingOptions,
): (request: FlashRequest, check: CheckBefore) => Prepare {
  return (request, check) => (opened, signal) => flashReturned(options, request, check, opened, signal);
}

/** Records in the audit trail what was flashed; the chip id is null when the unit did not answer after it. */
type RecordFlashed = (chipId: string | null) => void;

/**
 * Writes a firmware package into the flash of the unit on a slot, as the flash step of its recipe says. The audit trail has the
 * begin before the first byte, and an end that was not good. Returns the function that records the good end. Faults:
 * `not-found`, `firmware-file-missing` and `bad-input` for the package; `bad-input` when the recipe flashes nothing or makes another product; those of
 * `check` and of `flashUnit`.
 */
async function flashReturned(
  { database, audit, platform }: FlashingOptions,
  request: FlashRequest,
  check: CheckBefore,
  { session, serial, recipe, returnId, baudRates, showTransfer }: OpenedSlot,
  signal: AbortSignal,
): Promise<RecordFlashed> {
  const row = readFirmware(database, () => null).find(request.firmwareId);
  const step = requireStep(recipe?.recipe ?? null);
  requireProduct(row, recipe?.recipe ?? null);
  requireFirmwareFiles(database, row.sha256, neededFirmwareFiles({ phases: [{ steps: [step] }] }));
  const { chip, baudRate, verify } = step;
  const contents = createFirmwareContents(database, platform.paths.dataDir);
  const files = recipe?.files ?? new Map<string, Uint8Array>();
  const knownChipId = await check(session, signal);
  const recordAs = (action: FlashAction, chipId: string | null, facts: AuditDetails): void =>
    record(audit, request, row, { action, chipId: chipId ?? knownChipId, facts, returnId });
  recordAs('returns.flash-begin', null, { chip });
  let reached = FLASH_BEGUN;
  try {
    const result = await flashUnit(
      {
        chip,
        baudRate,
        verify: verify === true ? 'auto' : verify,
        portBaudRate: recipe?.recipe.device.serial.baudRate ?? baudRate,
        port: serial.port,
        clock: platform.clock,
        baudRates,
        readFiles: () =>
          readFlashFiles(step, {
            files,
            readFirmware: (path, maxBytes) => contents.read(row.sha256, path, maxBytes),
          }),
        onProgress: (progress) => {
          reached = reachFlash(reached, progress);
          showTransfer(progress, returnId);
        },
      },
      signal,
    );
    return (chipId) => recordAs('returns.flash', chipId ?? result.chipId, factsOf(result));
  } catch (error) {
    recordAs('returns.flash-stop', null, { chip, reached: formatFlashReached(reached) });
    throw error;
  } finally {
    showTransfer(null);
  }
}

type AuditDetails = NonNullable<Parameters<AuditTrail['record']>[3]>;
type FlashAction = 'returns.flash' | 'returns.flash-begin' | 'returns.flash-stop';

function factsOf({ chip, images }: FlashResult): AuditDetails {
  const written = images.map((image) => ({
    name: image.name,
    sha256: image.sha256,
    before: describeFlashed(image),
  }));
  return { chip, images: JSON.stringify(written) };
}

function record(
  audit: AuditTrail,
  { slot, reason, approver, approverProven, by }: FlashRequest,
  { sha256, fileName, version }: FirmwareRow,
  entry: {
    readonly action: FlashAction;
    readonly chipId: string | null;
    readonly facts: AuditDetails;
    readonly returnId: string;
  },
): void {
  const { action, chipId, facts, returnId } = entry;
  audit.record(by, action, chipId ?? `slot ${slot}`, {
    firmware: `${fileName} ${version ?? ''}`.trim(),
    firmwareSha256: sha256,
    ...facts,
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
