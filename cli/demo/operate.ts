import { abortFault, throwIfAborted } from '#shared/domain/fault.ts';
import type { RunResult, Station } from '#station';
import type { Output } from '../output.ts';
import type { SampleUnit } from '../sample-line/simulated-units.ts';

/** The units of one batch, and the slots that they are placed on. */
export interface Lane {
  readonly batchId: string;
  readonly units: readonly SampleUnit[];
  readonly slots: readonly number[];
  /** Places a unit on a slot of the lane. */
  readonly place: (slot: number, unit: number) => Promise<void>;
}

export interface UnitResult {
  readonly lane: Lane;
  readonly unit: SampleUnit;
  readonly result: RunResult;
}

/** Does the work of the operator: one worker per slot places the next unit, starts its run and waits for the result. */
export async function operate(
  station: Station,
  lanes: readonly Lane[],
  out: Output,
  signal: AbortSignal,
): Promise<UnitResult[]> {
  const total = lanes.reduce((sum, { units }) => sum + units.length, 0);
  const done: UnitResult[] = [];
  const stop = (): void => void station.slots.stop(null, abortFault(signal));
  signal.addEventListener('abort', stop);
  const worker = async (lane: Lane, queue: SampleUnit[], slot: number): Promise<void> => {
    for (let unit = queue.shift(); unit !== undefined && !signal.aborted; unit = queue.shift()) {
      await lane.place(slot, unit.unit);
      const { batchId } = lane;
      const request = { batchId, serialNumber: unit.serialNumber, operator: 'demo', slot };
      const result = await station.startUnit(request).finished;
      station.slots.acknowledge(slot);
      done.push({ lane, unit, result });
      const reason = result.failure === null ? '' : `: ${result.failure.message}`;
      out.notice(
        `[${done.length}/${total}] slot ${slot}  ${unit.serialNumber}  ${result.outcome}  ${result.ms} ms${reason}`,
      );
    }
  };
  try {
    await Promise.all(
      lanes.flatMap((lane) => {
        const queue = [...lane.units];
        return lane.slots.map((slot) => worker(lane, queue, slot));
      }),
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throwIfAborted(signal);
  return done;
}
