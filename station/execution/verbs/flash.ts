import { describeFlashed, FLASHED_CHIP, flashedName, flashEvidenceOf } from '#shared/domain/flash.ts';
import { FLASH_BEGUN, FLASH_REACHED, formatFlashReached, reachFlash } from '#shared/domain/flash-reached.ts';
import { formatFlashTransfer } from '#shared/domain/flash-record.ts';
import { isIdentifiedByLoader, type StepOf, usesLoaderLater } from '#shared/recipe/index.ts';
import { type FlashedImage, type FlashResult, flashUnit } from '../../devices/protocols/index.ts';
import { readFlashFiles } from '../../firmware/index.ts';
import { concealSecretOfChip, type RunContext } from '../run-context/index.ts';
import { mayTakeIdentity, requireIdentityKept } from './require-identity-kept.ts';

/**
 * Writes the images of a step into the flash of the unit, and measures what was written and what was there before, or how far
 * it got. The unit must be the one that the run has flashed or identified by its loader before. Faults: those of `flashUnit`;
 * `not-configured` when the batch has no firmware; those of `requireIdentityKept`.
 */
export async function flash(step: StepOf<'flash'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { chip, baudRate, verify } = step;
  let reached = FLASH_BEGUN;
  try {
    const result = await flashUnit(
      {
        chip,
        baudRate,
        verify: verify === true ? 'auto' : verify,
        keepLoader: usesLoaderLater(run.recipe, step) || mayTakeIdentity(run),
        chipId: knownChip(run),
        onChip: (chipId) => concealSecretOfChip(run, chipId),
        portBaudRate: run.recipe.device.serial.baudRate,
        port: run.serial.port,
        clock: run.platform.clock,
        baudRates: run.baudRates,
        readFiles: () => readFlashFiles(step, run),
        onProgress: (progress) => {
          reached = reachFlash(reached, progress);
          run.showFlash(progress);
        },
      },
      signal,
    );
    if (result.chipId !== null) run.setFlashedChip(result.chipId);
    record(step, result, run);
  } catch (error) {
    // A part of an image may be in the flash: the history of the unit tells it.
    const value = formatFlashReached(reached);
    run.measure({ name: FLASH_REACHED, value, unit: null, limits: '', outcome: 'PASS' });
    throw error;
  } finally {
    run.showFlash(null);
  }
  if (!mayTakeIdentity(run)) return;
  await requireIdentityKept(run, signal);
  if (!usesLoaderLater(run.recipe, step)) await run.device.leaveLoader?.(signal);
}

/** The MAC that the loader of the unit must tell; `null` when it is not known yet. */
function knownChip({ flashedChip, unit, recipe: { device } }: RunContext): string | null {
  return flashedChip ?? (isIdentifiedByLoader(device) ? (unit?.info.chipId ?? null) : null);
}

function record(
  { chip: wanted, baudRate: wantedBaudRate }: StepOf<'flash'>,
  { chip, chipId, baudRate, images }: FlashResult,
  run: RunContext,
): void {
  const measure = (name: string, value: string | number, unit: string | null = null): void =>
    run.measure({ name, value, unit, limits: '', outcome: 'PASS' });
  measure('flash-chip', chip);
  if (chipId !== null) measure(FLASHED_CHIP, chipId);
  measure('flash-baud-rate', baudRate, 'baud');
  if (baudRate < wantedBaudRate) measure('flash-wanted-baud-rate', wantedBaudRate, 'baud');
  measure('flash-protocol-verified-by', flashEvidenceOf(wanted).join(', '));
  const written = images.filter(({ skipped }) => !skipped);
  const sum = (of: (image: FlashedImage) => number): number =>
    written.reduce((total, image) => total + of(image), 0);
  measure(
    'flash-written',
    sum(({ bytes }) => bytes),
    'byte',
  );
  const speed = speedOf(written);
  if (speed !== null) measure('flash-speed', speed, 'kbit/s');
  for (const image of images) {
    const { name, sha256, verifiedBy, skipped } = image;
    measure(flashedName('sha256', name), sha256);
    measure(flashedName('proof', name), skipped ? `${verifiedBy}, not written again` : verifiedBy);
    measure(flashedName('transfer', name), formatFlashTransfer(image));
    const before = describeFlashed(image);
    if (before !== null) measure(flashedName('before', name), before);
  }
}

/** Of all images together, in kbit/s; `null` when nothing was written or it took no time. */
function speedOf(written: readonly FlashedImage[]): number | null {
  const bits = written.reduce((sum, { bytes }) => sum + bytes * 8, 0);
  const ms = written.reduce(
    (sum, { bytes, kbitPerSecond }) => sum + (kbitPerSecond === null ? 0 : (bytes * 8) / kbitPerSecond),
    0,
  );
  return ms > 0 ? Math.round(bits / ms) : null;
}
