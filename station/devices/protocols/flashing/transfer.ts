import type { Json } from '#shared/codec/json-value.ts';
import type { Clock, DevicePort, TransferTools } from '../../../core/platform/index.ts';

export interface TransferRequest<P extends Json, R extends Json> {
  /** Names the operation in the recording; never a secret. */
  readonly name: string;
  readonly work: (raw: DevicePort, tools: TransferTools) => Promise<R>;
  readonly onProgress: (progress: P) => void;
  /** Real time, for a port that is not recorded. */
  readonly clock: Clock;
}

/**
 * Performs an operation that has the port for itself, through the recording where the port is recorded (see
 * `DevicePort.transfer`); in a replay it returns the recorded result. `P` and `R` are the types of progress and result as
 * the recording has them. Faults: those of `work`, the signal's reason.
 */
export async function runTransfer<P extends Json, R extends Json>(
  port: DevicePort,
  { name, work, onProgress, clock }: TransferRequest<P, R>,
  signal: AbortSignal,
): Promise<R> {
  const report = (progress: Json): void => onProgress(progress as P);
  if (port.transfer !== undefined) return (await port.transfer(name, work, report, signal)) as R;
  try {
    return await work(port, { clock, progress: report, trace: () => undefined });
  } finally {
    port.onData(null);
  }
}
