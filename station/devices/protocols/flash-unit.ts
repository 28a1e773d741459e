import type { Clock, DevicePort } from '../../core/platform/index.ts';
import {
  type FlashJob,
  type FlashProgress,
  type FlashResult,
  runTransfer,
  throttleProgress,
} from './flashing/index.ts';
import { flashProtocolOf } from './flash-protocols.ts';

export interface FlashUnitOptions extends Pick<FlashJob, 'chip' | 'baudRate' | 'portBaudRate' | 'verify'> {
  /** The port for a protocol, see `SerialIo.port`. */
  readonly port: DevicePort;
  readonly clock: Clock;
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
  const { port, clock, readFiles, onProgress, ...job } = options;
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
        return protocol.flash(
          raw,
          { ...job, ...files, clock: tools.clock, trace: tools.trace },
          report,
          signal,
        );
      },
    },
    signal,
  );
}
