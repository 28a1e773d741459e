import type { Clock, DevicePort } from '../../core/platform/index.ts';
import {
  type FlashJob,
  type FlashProgress,
  type FlashResult,
  runTransfer,
  throttleProgress,
} from './flashing/index.ts';
import { flashProtocolOf } from './flash-protocols.ts';

/** The speed of transfers to one slot. */
export interface RememberedBaudRate {
  /** The speed at which a transfer begins: the wanted one, or a lower one that is remembered. */
  limit(wanted: number): number;
  /** Remembers the speed at which a transfer succeeded, when it is lower than the one at which it began. */
  remember(begun: number, succeeded: number): void;
}

export interface FlashUnitOptions extends Pick<
  FlashJob,
  'chip' | 'baudRate' | 'portBaudRate' | 'verify' | 'keepLoader' | 'chipId' | 'onChip'
> {
  /** The port for a protocol, see `SerialIo.port`. */
  readonly port: DevicePort;
  readonly clock: Clock;
  /** The speed that is remembered for the slot; none when left out. */
  readonly baudRates?: RememberedBaudRate;
  /** Not called in a replay. */
  readonly readFiles: () => Promise<Pick<FlashJob, 'images' | 'updater'>>;
  /** At most ten times a second. */
  readonly onProgress: (progress: FlashProgress) => void;
}

/**
 * Writes images into the flash of the unit on a port, as one request of the recording. Faults: those of `readFiles` and of
 * `FlashProtocol.flash`.
 */
export async function flashUnit(options: FlashUnitOptions, signal: AbortSignal): Promise<FlashResult> {
  const { port, clock, baudRates, readFiles, onProgress, ...job } = options;
  const protocol = flashProtocolOf(job.chip);
  return runTransfer<FlashProgress, FlashResult>(
    port,
    {
      name: `flash ${job.chip}`,
      clock,
      onProgress,
      work: async (raw, tools) => {
        const files = await readFiles();
        const report = throttleProgress(tools.progress, tools.clock);
        const baudRate = baudRates?.limit(job.baudRate) ?? job.baudRate;
        const { clock: realClock, trace } = tools;
        if (baudRate < job.baudRate) trace(`begins at ${baudRate} baud, which is remembered for this slot`);
        const flashJob = { ...job, ...files, baudRate, clock: realClock, trace };
        const flashed = await protocol.flash(raw, flashJob, report, signal);
        baudRates?.remember(baudRate, flashed.baudRate);
        return flashed;
      },
    },
    signal,
  );
}
