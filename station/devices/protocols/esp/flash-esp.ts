import { Fault, type FaultCode, throwIfAborted } from '#shared/domain/fault.ts';
import {
  type FlashedImage,
  type FlashJob,
  type FlashProgress,
  type FlashProtocol,
  type FlashResult,
  proveAgain,
  requireSeparate,
  unitExchanged,
} from '../flashing/index.ts';
import { withEspFlash } from './esp-session.ts';
import { requireOwnPrograms } from './require-own-programs.ts';
import { prepareImages } from './write-image.ts';

/** Speeds after errors, highest first. */
const LOWER_BAUD_RATES = [460_800, 115_200] as const;
/** Faults that a disturbed line causes. */
const LINE_FAULTS: readonly FaultCode[] = [
  'device-silent',
  'device-rejected',
  'device-garbled',
  'flash-mismatch',
];

/**
 * Writes the chips of the ESP32 family. After errors of the line the job goes on at a lower speed, with the image that failed, and
 * in no other unit.
 */
export function createEspProtocol(useStub = true): FlashProtocol {
  return {
    async flash(port, job, onProgress, signal): Promise<FlashResult> {
      requireSeparate(job.images);
      const done: FlashedImage[] = [];
      let chipId = job.chipId ?? null;
      const rates = baudRatesOf(job);
      if (useStub) prepareImages(job.images);
      for (const [attempt, baudRate] of rates.entries()) {
        onProgress(connecting(job));
        let isConnected = false;
        try {
          return await withEspFlash(
            port,
            {
              ...job,
              baudRate,
              useStub,
              isLast: job.keepLoader !== true,
              earlierBaudRates: rates.slice(0, attempt),
            },
            async (memory) => {
              isConnected = true;
              if (chipId !== null && chipId !== memory.chipId) throw unitExchanged(chipId, memory.chipId);
              chipId = memory.chipId;
              await job.onChip?.(chipId);
              memory.requireRoom(job.images);
              requireOwnPrograms(memory.loader.chip, job.images);
              for (const image of job.images.slice(done.length))
                done.push(await memory.write(image, onProgress));
              await proveAgain(job.images, done, (image) => memory.write(image, onProgress));
              return {
                chip: memory.chip,
                chipId: memory.chipId,
                baudRate: memory.loader.baudRate,
                images: done,
              };
            },
            signal,
          );
        } catch (error) {
          throwIfAborted(signal);
          const isLast = attempt === rates.length - 1;
          // A unit that never answered is not there: it is not asked again at other speeds.
          if (isLast || !isLineFault(error) || (!isConnected && !isBaudFault(error))) throw error;
          job.trace(`${error.message}: again at ${rates[attempt + 1] ?? baudRate} baud`);
        }
      }
      throw new Fault('internal', 'a flash job ended without a result');
    },
  };
}

/** The last speed is tried twice: the first failure may have been at a higher one. */
function baudRatesOf({ baudRate }: FlashJob): readonly number[] {
  const lower = LOWER_BAUD_RATES.filter((rate) => rate < baudRate);
  const rates = [baudRate, ...lower];
  return [...rates, rates.at(-1) ?? baudRate];
}

/** A mismatch that names a sector is the fault of the flash, at every speed. */
function isLineFault(error: unknown): error is Fault {
  return error instanceof Fault && LINE_FAULTS.includes(error.code) && error.details['sector'] === undefined;
}

/** The loader answered at the speed of the ROM, and failed later. */
function isBaudFault({ details }: Fault): boolean {
  return details['baudRate'] !== undefined || details['command'] !== undefined;
}

function connecting({ images }: FlashJob): FlashProgress {
  const totalBytes = images.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { stage: 'connecting', image: null, doneBytes: 0, totalBytes, kbitPerSecond: null };
}
