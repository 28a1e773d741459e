import type { Json } from '#shared/codec/json-value.ts';
import type { Clock, DevicePort, TransferTools } from '../../../core/platform/index.ts';

/** See `TransferTools`. */
type ToolsOf<P> = Pick<TransferTools, 'clock' | 'trace'> & { progress(value: P): void };

export interface TransferRequest<P, R> {
  /** Names the operation in the recording; never a secret. */
  readonly name: string;
  readonly work: (raw: DevicePort, tools: ToolsOf<P>) => Promise<R>;
  readonly onProgress: (progress: P) => void;
  /** Real time, for a port that is not recorded. */
  readonly clock: Clock;
}

/**
 * Performs an operation that has the port for itself, through the recording where the port is recorded (see
 * `DevicePort.transfer`); in a replay it returns the recorded result. `P` and `R`, the types of progress and result, are
 * plain JSON. Faults: those of `work`, the signal's reason.
 */
export async function runTransfer<P, R>(
  port: DevicePort,
  { name, work, onProgress, clock }: TransferRequest<P, R>,
  signal: AbortSignal,
): Promise<R> {
  const report = (progress: Json): void => onProgress(progress as P);
  if (port.transfer !== undefined)
    return (await port.transfer(
      name,
      async (raw, tools) => (await work(raw, tools as ToolsOf<P>)) as Json,
      report,
      signal,
    )) as R;
  try {
    return await work(port, { clock, progress: onProgress, trace: () => undefined });
  } finally {
    port.onData(null);
  }
}
