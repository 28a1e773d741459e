import type { Station } from '#station';
import { CHIP_PRODUCT } from './chip-firmware.ts';
import type { SampleLine } from './sample-line.ts';

/**
 * Simulates the operator's handling of units: when a run starts, the unit with its serial number is placed on the slot, or
 * the next unused unit of the batch's family for an unknown number. Returns a function that stops it.
 */
export function startSampleOperator(
  station: Station,
  sampleLine: Pick<SampleLine, 'units' | 'chips' | 'place'>,
  onError: (error: unknown) => void,
): () => void {
  const bySerial = new Map(sampleLine.units.map((unit) => [unit.serialNumber, unit.unit]));
  const chips = new Set(sampleLine.chips.map((unit) => unit.unit));
  const unused = new Set(sampleLine.units.map((unit) => unit.unit));
  return station.onRunEvent((slot, event) => {
    if (event.kind !== 'started') return;
    const serialNumber =
      station.slots.state.slots.find((view) => view.slot === slot)?.run?.serialNumber ?? '';
    const isForChips = station.batches.selected()?.view.productId === CHIP_PRODUCT;
    const unit = bySerial.get(serialNumber) ?? [...unused].find((one) => chips.has(one) === isForChips);
    if (unit === undefined) return;
    unused.delete(unit);
    // The run waits long enough for the boot of a unit that was just powered.
    sampleLine.place(slot, unit).catch(onError);
  });
}
