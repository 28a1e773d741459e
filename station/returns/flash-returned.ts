import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { describeFlashed, type FlashChip } from '#shared/domain/flash.ts';
import { FLASH_BEGUN, formatFlashReached, reachFlash } from '#shared/domain/flash-reached.ts';
import {
  isIdentifiedByLoader,
  neededFirmwareFiles,
  type Recipe,
  type StepOf,
  stepTimeoutMs,
} from '#shared/recipe/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { FirmwareRow, ReadableDatabase } from '../core/database/index.ts';
import type { Platform } from '../core/platform/index.ts';
import {
  type DeviceSession,
  type FlashResult,
  flashUnit,
  unitExchanged,
} from '../devices/protocols/index.ts';
import {
  createFirmwareContents,
  type FlashSources,
  readFirmware,
  readFlashFiles,
  requireFirmwareFiles,
} from '../firmware/index.ts';
import type { ParsedRecipe } from '../execution/recipes/index.ts';
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
 * Writes a firmware package into the flash of the unit on a slot, as the flash steps of its recipe say that write the package. The audit trail has the
 * begin before the first byte, and an end that was not good. Returns the function that records the good end. Faults:
 * `not-found`, `firmware-file-missing` and `bad-input` for the package; `bad-input` when no step of the recipe writes a package,
 * when conditions decide which of several does, and when it makes another product; those of `check` and of `flashUnit`.
 */
async function flashReturned(
  { database, audit, platform }: FlashingOptions,
  request: FlashRequest,
  check: CheckBefore,
  opened: OpenedSlot,
  signal: AbortSignal,
): Promise<RecordFlashed> {
  const { serial, returnId, baudRates, showTransfer, onChip } = opened;
  const row = readFirmware(database, () => null).find(request.firmwareId);
  const { recipe, files, steps } = requireSteps(opened.recipe);
  requireProduct(row, recipe);
  requireFirmwareFiles(database, row.sha256, neededFirmwareFiles({ phases: [{ steps: [...steps] }] }));
  const contents = createFirmwareContents(database, platform.paths.dataDir);
  const readFile: FlashSources['readFirmware'] = (path, maxBytes) =>
    contents.read(row.sha256, path, maxBytes);
  const knownChipId = await check(opened.session, signal);
  const isLoaderId = isIdentifiedByLoader(recipe.device);
  const recordAs = (action: FlashAction, chipId: string | null, facts: AuditDetails): void =>
    record(audit, request, row, { action, chipId: chipId ?? knownChipId, facts, returnId });
  const [{ chip }] = steps;
  recordAs('returns.flash-begin', null, { chip });
  let reached = FLASH_BEGUN;
  const results: FlashResult[] = [];
  try {
    for (const step of steps) {
      const limitMs = stepTimeoutMs(step, recipe.device);
      const late = (): Fault => new Fault('timeout', `the flash did not end in ${limitMs} ms`);
      using deadline = new Deadline(limitMs, late, { timer: platform.clock, signal });
      const flashed = await flashUnit(
        {
          chip: step.chip,
          baudRate: step.baudRate,
          verify: step.verify === true ? 'auto' : step.verify,
          // Another step follows, or the identity is read after the flash.
          keepLoader: step !== steps.at(-1) || recipe.device.identity?.nvs !== undefined,
          chipId: results[0]?.chipId ?? (isLoaderId ? knownChipId : null),
          onChip,
          portBaudRate: recipe.device.serial.baudRate,
          port: serial.port,
          clock: platform.clock,
          baudRates,
          readFiles: () => readFlashFiles(step, { files, readFirmware: readFile }),
          onProgress: (progress) => {
            reached = reachFlash(reached, progress);
            showTransfer(progress, returnId);
          },
        },
        deadline.signal,
      );
      results.push(flashed);
    }
    const flashedChipId = results[0]?.chipId ?? null;
    return (chipId) => {
      const isOther = isLoaderId && flashedChipId !== null && chipId !== null && chipId !== flashedChipId;
      recordAs('returns.flash', isOther ? flashedChipId : (chipId ?? flashedChipId), factsOf(chip, results));
      if (isOther) throw unitExchanged(flashedChipId, chipId);
    };
  } catch (error) {
    recordAs('returns.flash-stop', null, { chip, reached: formatFlashReached(reached) });
    throw error;
  } finally {
    showTransfer(null);
  }
}

type AuditDetails = NonNullable<Parameters<AuditTrail['record']>[3]>;
type FlashAction = 'returns.flash' | 'returns.flash-begin' | 'returns.flash-stop';

function factsOf(wanted: FlashChip, results: readonly FlashResult[]): AuditDetails {
  const written = results.flatMap(({ images }) =>
    images.map((image) => ({ name: image.name, sha256: image.sha256, before: describeFlashed(image) })),
  );
  return { chip: results[0]?.chip ?? wanted, images: JSON.stringify(written) };
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

/** The steps that write the package, in their order. A step that writes files of the recipe alone may be for a test of the unit. */
function requireSteps(parsed: ParsedRecipe | null): {
  readonly recipe: Recipe;
  readonly files: ParsedRecipe['files'];
  readonly steps: readonly [StepOf<'flash'>, ...StepOf<'flash'>[]];
} {
  const [first, ...others] = (parsed?.recipe.phases.flatMap((phase) => phase.steps) ?? [])
    .filter((step) => step.verb === 'flash')
    .filter(({ images }) => images.some(({ from }) => from !== 'recipe'));
  if (parsed === null || first === undefined)
    throw new Fault('bad-input', 'the recipe of the selected batch flashes no firmware package', {
      hint: 'Choose a batch whose recipe has a flash step with "from: firmware" for this kind of unit.',
    });
  if (others.length > 0 && [first, ...others].some(({ runIf }) => runIf !== undefined))
    throw new Fault('bad-input', 'conditions of the recipe decide which of its steps flash this unit', {
      hint: 'Test the unit with a batch of this recipe and firmware, or choose a batch whose recipe has one flash step.',
    });
  return { recipe: parsed.recipe, files: parsed.files, steps: [first, ...others] };
}

function requireProduct({ productId, fileName }: FirmwareRow, recipe: Recipe): void {
  if (productId === null || productId === recipe.product) return;
  throw new Fault(
    'bad-input',
    `${fileName} is for ${productId}, the selected batch makes ${recipe.product}`,
    {
      hint: 'Choose a firmware of the same product.',
    },
  );
}
