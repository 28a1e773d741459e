import { setTimeout as sleep } from 'node:timers/promises';
import type { Lane, LaneUnit } from './station-under-test.ts';

/** Attempts after which a unit is given up: it counts as unsettled. */
const MAX_ATTEMPTS = 120;
/** Verdicts that no further attempt changes: a person would have to decide. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([
  'identity-conflict',
  'serial-conflict',
  'unit-on-two-slots',
]);
const MAX_FINAL = 3;
/** Before the next try, so that a pool that is empty for a moment does not use up all tries. */
const PAUSE_MS = 100;

export interface Passed {
  readonly unit: LaneUnit;
  readonly attempts: number;
}

/** The hands at one slot: one unit after the other, each laid down and started until it has passed. */
export interface OperatorParts {
  readonly lane: Lane;
  readonly slot: number;
  /** The next unit of the tray; `null` when it is empty. */
  readonly next: () => LaneUnit | null;
  /** This unit goes to the returns desk when it has passed, and leaves with another identity. */
  readonly comesBack: (unit: LaneUnit) => boolean;
  readonly onPassed: (passed: Passed) => void;
  /** What these hands do now, for people. */
  readonly note: (doing: string) => void;
  readonly onStuck: (unit: LaneUnit, why: string) => void;
}

export async function operate(parts: OperatorParts): Promise<void> {
  for (let unit = parts.next(); unit !== null; unit = parts.next()) await handle(parts, unit);
}

async function handle(parts: OperatorParts, unit: LaneUnit): Promise<void> {
  const { lane, slot } = parts;
  const ran = await until(parts, unit, { run: { slot, serialNumber: unit.serialNumber } }, hasPassed);
  if (ran === null) return;
  let attempts = ran;
  if (parts.comesBack(unit)) {
    // The first try asks for a new identity. After a kill nobody knows how far that came: the desk makes good what is there.
    await lane.place(slot, unit);
    await lane.station.ready();
    const first = await lane.station.ask({ desk: { slot, action: 'reissue' } });
    if (first === null || !isKnown(first)) {
      const kept = await until(parts, unit, { desk: { slot, action: 'keep' } }, isKnown);
      if (kept === null) return;
      attempts += kept;
    }
  }
  parts.onPassed({ unit, attempts });
}

/** Also when it passed and a kill kept that from being said. */
export function hasPassed(answer: Readonly<Record<string, unknown>>): boolean {
  return answer['outcome'] === 'PASS' || answer['code'] === 'serial-passed';
}

export function isKnown(answer: Readonly<Record<string, unknown>>): boolean {
  return answer['verdict'] === 'known';
}

/** Repeats an order until its answer is good; how often, or `null` when it was given up. */
export async function until(
  { lane, slot, onStuck, note }: Pick<OperatorParts, 'lane' | 'slot' | 'onStuck' | 'note'>,
  unit: LaneUnit,
  order: object,
  good: (answer: Readonly<Record<string, unknown>>) => boolean,
): Promise<number | null> {
  let finals = 0;
  let last = '';
  for (let attempt = 1; attempt <= MAX_ATTEMPTS && finals < MAX_FINAL; attempt++) {
    note(`lays down ${unit.serialNumber} (${attempt})`);
    if (!(await lane.place(slot, unit))) continue;
    note(`waits for the station with ${unit.serialNumber} (${attempt})`);
    await lane.station.ready();
    note(`${JSON.stringify(order)} (${attempt})`);
    const answer = await lane.station.ask(order);
    if (answer === null) continue;
    if (good(answer)) return attempt;
    last = `${String(answer['code'])}: ${String(answer['message'])}`;
    if (FINAL_CODES.has(answer['code'])) finals += 1;
    await sleep(PAUSE_MS);
  }
  onStuck(unit, last);
  return null;
}
