import { Deadline } from '#node-kit/async/index.ts';
import type { Json } from '#shared/codec/json-value.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type NvsIdentity, NVS_VISIT_MS } from '#shared/recipe/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { type FlashMemory, runTransfer } from '../flashing/index.ts';

/** What a visit to the boot loader of a unit needs. */
export interface FlashVisit {
  readonly chip: NvsIdentity['chip'];
  /** Highest speed of the transfer, and the speed of the port before and after it. */
  readonly baudRate: number;
  readonly portBaudRate: number;
  /** False for a visit that reads no flash: the loader in the ROM is enough. Default true. */
  readonly useStub?: boolean;
  /** True: a port without control lines starts the application, too, and cannot start the loader again. Default false. */
  readonly isLast?: boolean;
  readonly clock: Clock;
  readonly trace: (line: string) => void;
}

/** Starts the boot loader of the unit on a port, performs `work` on its flash, and starts its application again. */
export type VisitFlash = <T>(
  port: DevicePort,
  visit: FlashVisit,
  work: (memory: FlashMemory) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

export interface VisitOptions extends Pick<
  FlashVisit,
  'chip' | 'baudRate' | 'portBaudRate' | 'useStub' | 'isLast' | 'clock'
> {
  readonly visitFlash: VisitFlash;
  /** Called with the MAC of the chip before anything is done, and before its application starts; not in a replay. */
  readonly onChip?: ((chipId: string) => Promise<void>) | undefined;
}

/**
 * Performs `work` on the flash of the unit as one request of the recording: `R`, its result, has neither secret nor image. Faults:
 * `timeout`, those of the boot loader and of `work`, the signal's reason.
 *
 * @param name names the visit in the recording
 */
export async function visitLoader<R extends Json>(
  port: DevicePort,
  { visitFlash, onChip, clock, ...visit }: VisitOptions,
  name: string,
  work: (memory: FlashMemory, signal: AbortSignal) => Promise<R>,
  outer: AbortSignal,
): Promise<R> {
  const fault = (): Fault =>
    new Fault('timeout', `the boot loader did not end its work (${name}) in ${NVS_VISIT_MS} ms`);
  using deadline = new Deadline(NVS_VISIT_MS, fault, { timer: clock, signal: outer });
  const { signal } = deadline;
  return await runTransfer<Json, R>(
    port,
    {
      name,
      clock,
      onProgress: () => undefined,
      work: (raw, { clock: realClock, trace }) =>
        visitFlash(
          raw,
          { ...visit, clock: realClock, trace },
          async (memory) => {
            await onChip?.(memory.chipId);
            return work(memory, signal);
          },
          signal,
        ),
    },
    signal,
  );
}
