import { Fault } from '#shared/domain/fault.ts';
import type { LoadRows } from '../../src/ui/table/table-types.ts';

export interface Unit {
  readonly id: number;
  readonly serial: string;
  readonly product: string;
  readonly state: 'good' | 'bad' | 'warn';
  readonly testedAtMs: number;
  readonly tookMs: number;
  readonly note: string;
}

const STATES = ['good', 'good', 'good', 'good', 'bad', 'warn'] as const;
const BEGUN_MS = Date.UTC(2026, 10, 1);

/** The unit of a number; the same number is always the same unit. */
export function unitOf(id: number): Unit {
  return {
    id,
    serial: `SN${String(26110000000 + id * 7919)}`,
    product: id % 3 === 0 ? 'L9R0W2KQ1B' : 'HK2QX1JY7C',
    state: STATES[(id * 31) % STATES.length] ?? 'good',
    testedAtMs: BEGUN_MS + id * 37_000,
    tookMs: 21_000 + ((id * 7_919) % 19_000),
    note: id % 11 === 0 ? 'RSSI -81 dBm, limit ≥ -70 dBm; measured again after the antenna was seated' : '',
  };
}

/** A server with `count` units: it sorts by number only, as its index does, and finds a serial by its end. */
export function serverOf(count: number, answers: () => 'soon' | 'never' | 'fault'): LoadRows<Unit> {
  return async ({ sort, search, offset, limit }, signal) => {
    const how = answers();
    if (how === 'never') await new Promise((_, reject) => signal.addEventListener('abort', reject));
    if (how === 'fault') throw new Fault('disk-full', 'database or disk is full');
    await new Promise((resolve) => setTimeout(resolve, 60));
    const numberAt = (index: number): number => (sort?.descending === true ? count - 1 - index : index);
    const rows: Unit[] = [];
    let total = 0;
    for (let index = 0; index < count; index += 1) {
      if (search === '' && index >= offset + limit) {
        total = count;
        break;
      }
      if (search === '' && index < offset) continue;
      const unit = unitOf(numberAt(index));
      if (search !== '' && !unit.serial.includes(search)) continue;
      if (search === '' || (total >= offset && total < offset + limit)) rows.push(unit);
      total += 1;
    }
    return { rows, total: search === '' ? count : total };
  };
}
