import type { Station } from '#station';
import type { SampleLine } from './sample-line.ts';

/**
 * The hands at a sample line: when a serial number is scanned, the unit that bears it is laid on the slot where its
 * run begins; one that bears none of the bench's numbers is the next unused unit. Returns the way to stop.
 */
export function startSampleOperator(
  station: Station,
  line: SampleLine,
  onError: (error: unknown) => void,
): () => void {
  const bySerial = new Map(line.units.map((unit) => [unit.serialNumber, unit.unit]));
  const unused = new Set(line.units.map((unit) => unit.unit));
  return station.onRunEvent((slot, event) => {
    if (event.kind !== 'started') return;
    const serialNumber =
      station.slots.state.slots.find((view) => view.slot === slot)?.run?.serialNumber ?? '';
    const unit = bySerial.get(serialNumber) ?? [...unused][0];
    if (unit === undefined) return;
    unused.delete(unit);
    // The unit greets the station within the time a freshly powered unit is given anyway.
    line.place(slot, unit).catch(onError);
  });
}
