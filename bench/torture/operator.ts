import { setTimeout as sleep } from 'node:timers/promises';
import type { StationUnderTest, TestUnit } from './station-under-test.ts';

/** After so many attempts during which its station and its simulator were not killed, a unit counts as unsettled. */
const MAX_ATTEMPTS = 120;
/** Faults that no further attempt changes. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([
  'identity-conflict',
  'serial-conflict',
  'unit-on-two-slots',
]);
const MAX_FINAL = 3;
/** Pause before the next attempt, so that a pool that is empty for a moment does not use up all attempts. */
const PAUSE_MS = 100;

export interface Passed {
  readonly unit: TestUnit;
  readonly attempts: number;
}

/** The operator of one slot: places one unit after the other and starts each until it has passed. */
export interface OperatorParts {
  readonly sut: StationUnderTest;
  readonly slot: number;
  /** The next unit; `null` when there are no more. */
  readonly next: () => TestUnit | null;
  /** Whether this unit is re-issued after it has passed. */
  readonly isReturned: (unit: TestUnit) => boolean;
  readonly onPassed: (passed: Passed) => void;
  /** Called with the current activity, for the log. */
  readonly note: (activity: string) => void;
  readonly onGivenUp: (unit: TestUnit, reason: string) => void;
}

export async function operateSlot(parts: OperatorParts): Promise<void> {
  for (let unit = parts.next(); unit !== null; unit = parts.next()) await handle(parts, unit);
}

async function handle(parts: OperatorParts, unit: TestUnit): Promise<void> {
  const { sut, slot } = parts;
  const attemptsToPass = await repeatUntil(
    parts,
    unit,
    { run: { slot, serialNumber: unit.serialNumber } },
    hasPassed,
  );
  if (attemptsToPass === null) return;
  let attempts = attemptsToPass;
  if (parts.isReturned(unit)) {
    // The first attempt asks for a new identity. After a kill its effect is unknown, so that the next attempts keep the identity of the unit.
    await sut.place(slot, unit);
    await sut.station.ready();
    const first = await sut.station.ask({ return: { slot, action: 'reissue' } });
    if (first === null || !isKnown(first)) {
      const keepAttempts = await repeatUntil(parts, unit, { return: { slot, action: 'keep' } }, isKnown);
      if (keepAttempts === null) return;
      attempts += keepAttempts;
    }
    if (sut.outputs !== null) {
      const reprint = { reprint: { serialNumber: unit.serialNumber } };
      if ((await repeatUntil(parts, unit, reprint, (answer) => answer['isThere'] === true)) === null) return;
    }
  }
  parts.onPassed({ unit, attempts });
}

/** Also true when the unit passed and a kill lost the answer. */
export function hasPassed(answer: Readonly<Record<string, unknown>>): boolean {
  return answer['outcome'] === 'PASS' || answer['code'] === 'serial-passed';
}

export function isKnown(answer: Readonly<Record<string, unknown>>): boolean {
  return answer['verdict'] === 'known';
}

/** Repeats a command until `isDone` accepts its answer. Returns the number of attempts, or `null` when the unit was given up. */
export async function repeatUntil(
  { sut, slot, onGivenUp, note }: Pick<OperatorParts, 'sut' | 'slot' | 'onGivenUp' | 'note'>,
  unit: TestUnit,
  command: object,
  isDone: (answer: Readonly<Record<string, unknown>>) => boolean,
): Promise<number | null> {
  let finals = 0;
  let undisturbed = 0;
  let last = '';
  const kills = (): number => sut.station.kills + sut.simulator.kills;
  for (let attempt = 1; undisturbed < MAX_ATTEMPTS && finals < MAX_FINAL; attempt++) {
    const killsBefore = kills();
    const answer = await attemptOnce(attempt);
    if (answer !== null && isDone(answer)) return attempt;
    // A busy computer lets the kills catch the same unit again and again: the number of kills ends these attempts.
    if (kills() === killsBefore) undisturbed += 1;
    if (answer === null) continue;
    last = `${String(answer['code'])}: ${String(answer['message'])}`;
    if (FINAL_CODES.has(answer['code'])) finals += 1;
    await sleep(PAUSE_MS);
  }
  onGivenUp(unit, last);
  return null;

  async function attemptOnce(attempt: number): Promise<Readonly<Record<string, unknown>> | null> {
    note(`lays down ${unit.serialNumber} (${attempt})`);
    if (!(await sut.place(slot, unit))) return null;
    note(`waits for the station with ${unit.serialNumber} (${attempt})`);
    await sut.station.ready();
    note(`${JSON.stringify(command)} (${attempt})`);
    return sut.station.ask(command);
  }
}
