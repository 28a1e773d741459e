import { FLASH_MAX_BYTES, flashEvidenceOf } from '#shared/domain/flash.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import {
  type FlashImage,
  flashProtocolOf,
  type FlashProgress,
  type FlashResult,
  runTransfer,
  throttleProgress,
} from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

/**
 * Writes the images of a step into the flash of the unit. In the recording it is one request with its progress and its
 * result, so that a replay needs neither the unit nor the images. Faults: those of `FlashProtocol.flash`; `not-configured`
 * when the batch has no firmware; those of `FirmwareContents.read`.
 */
export async function flash(step: StepOf<'flash'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { chip, baudRate, verify } = step;
  const protocol = flashProtocolOf(chip);
  try {
    const result = await runTransfer<FlashProgress, FlashResult>(
      run.serial.port,
      {
        name: `flash ${chip}`,
        clock: run.platform.clock,
        onProgress: (progress) => run.showFlash(progress),
        work: async (raw, { clock, progress, trace }) => {
          const images = await readImages(step, run);
          const portBaudRate = run.recipe.device.serial.baudRate;
          const updater =
            step.updater === undefined ? null : await readFile(step.updater, FLASH_MAX_BYTES, run);
          const job = { chip, images, updater, baudRate, portBaudRate, verify, clock, trace };
          return protocol.flash(raw, job, throttleProgress(progress, clock), signal);
        },
      },
      signal,
    );
    record(result, run);
    const evidence = flashEvidenceOf(chip).join(', ');
    run.measure({
      name: 'flash-protocol-verified-by',
      value: evidence,
      unit: null,
      limits: '',
      outcome: 'PASS',
    });
  } finally {
    run.showFlash(null);
  }
}

async function readImages({ images }: StepOf<'flash'>, run: RunContext): Promise<FlashImage[]> {
  const read: FlashImage[] = [];
  for (const { from, file, offset } of images) {
    const maxBytes = FLASH_MAX_BYTES - offset;
    const { name, bytes } = await readFile({ from, file }, maxBytes, run);
    if (bytes.length === 0 || bytes.length > maxBytes)
      throw new Fault('bad-input', `${name} has ${bytes.length} bytes, not 1 to ${maxBytes}`, {
        hint: 'Choose another file, or another offset.',
        details: { file: name },
      });
    read.push({ name, offset, bytes });
  }
  return read;
}

type NamedBytes = Omit<FlashImage, 'offset'>;

async function readFile(
  { from, file }: { readonly from: 'firmware' | 'recipe'; readonly file?: string | undefined },
  maxBytes: number,
  run: RunContext,
): Promise<NamedBytes> {
  return from === 'firmware' ? await run.readFirmware(file ?? null, maxBytes) : fileOf(run, file ?? '');
}

function fileOf({ files }: RunContext, name: string): NamedBytes {
  const bytes = files.get(name);
  if (bytes !== undefined) return { name, bytes };
  throw new Fault('recipe-files-invalid', `the recipe has no file ${name}`, {
    hint: 'Add it to the folder of the recipe.',
  });
}

function record({ chip, chipId, baudRate, images }: FlashResult, run: RunContext): void {
  const measure = (name: string, value: string | number, unit: string | null = null): void =>
    run.measure({ name, value, unit, limits: '', outcome: 'PASS' });
  measure('flash-chip', chip);
  if (chipId !== null) measure('flash-chip-id', chipId);
  const written = images.filter(({ skipped }) => !skipped);
  measure('flash-baud-rate', baudRate, 'baud');
  measure(
    'flash-written',
    written.reduce((sum, { bytes }) => sum + bytes, 0),
    'byte',
  );
  const ms = written.reduce((sum, image) => sum + image.ms, 0);
  const bits = written.reduce((sum, { bytes }) => sum + bytes * 8, 0);
  if (ms > 0) measure('flash-speed', Math.round(bits / ms), 'kbit/s');
  for (const { name, sha256, verifiedBy } of images) {
    measure(`flash-sha256-${name}`, sha256);
    measure(`flash-verified-${name}`, verifiedBy);
  }
}
