import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/recipe/index.ts';
import { serialCandidates } from '#shared/domain/scan/index.ts';
import type { Station } from '#station';
import type { RunRow } from '../lookup/run.ts';
import type { ListedSerial } from './read-serials.ts';

/** A line of a list of serial numbers that cannot start a unit. */
interface BadLine {
  readonly line: number;
  readonly code: FaultCode;
  readonly reason: string;
  readonly serialNumber: string;
}

/** The result of the check. */
export interface CheckedSerials {
  /** The units to run, in the order of the list. */
  readonly serials: readonly string[];
  /** Units that passed before a crash interrupted the same command; they are skipped. */
  readonly passed: readonly string[];
}

/** The most bad lines that the message lists. */
const MAX_NAMED = 10;

/**
 * Checks a whole list of serial numbers (see `serialCandidates`) before the first unit is started. If a crash interrupted the
 * last run of a listed unit, the command was repeated: units that have passed are then skipped instead of refused.
 *
 * Faults: `serial-malformed`, `serial-passed`, `serial-void`, `bad-input` (listed twice); the message names the bad lines.
 */
export function checkSerials(
  station: Station,
  batchId: string,
  listed: readonly ListedSerial[],
): CheckedSerials {
  const { recipe } = station.batches.recipeOf(batchId);
  const { runs, triples } = station.database;
  const firstLines = new Map<string, number>();
  const serials: string[] = [];
  const passed: string[] = [];
  const bad: BadLine[] = [];
  const latest = (serialNumber: string): RunRow | null =>
    runs.findLatestOfSerialNumber(batchId, serialNumber);
  const interruptedSerials = new Set(
    runs.listUnfinished().flatMap((run) => (run.batchId === batchId ? [run.serialNumber] : [])),
  );
  const read = listed.map(({ line, serialNumber: text }) => {
    const found = serialCandidates(text).find((reading) => serialMatches(recipe, reading));
    return { line, found, serialNumber: found ?? text };
  });
  const isContinued = read.some(
    ({ serialNumber }) =>
      interruptedSerials.has(serialNumber) || latest(serialNumber)?.failure?.code === 'interrupted',
  );
  for (const { line, found, serialNumber } of read) {
    const first = firstLines.get(serialNumber);
    const last = latest(serialNumber);
    const refuse = (code: FaultCode, reason: string): void =>
      void bad.push({ line, code, reason, serialNumber });
    if (found === undefined)
      refuse('serial-malformed', `"${serialNumber}" is not a serial number of this recipe`);
    else if (first !== undefined)
      refuse('bad-input', `${serialNumber} is listed twice, first in line ${first}`);
    else if (last?.outcome !== 'PASS') serials.push(serialNumber);
    else if (triples.isVoid(last)) refuse('serial-void', `the identity of ${serialNumber} is retired`);
    else if (triples.isRetired(last)) serials.push(serialNumber);
    else if (isContinued) passed.push(serialNumber);
    else refuse('serial-passed', `${serialNumber} has passed in this batch already`);
    if (first === undefined) firstLines.set(serialNumber, line);
  }
  const [worst] = bad;
  if (worst === undefined) return { serials, passed };
  const { code, line, serialNumber } = worst;
  throw new Fault(code, formatBadLines(bad), {
    hint: `${HINTS[code] ?? 'Leave it out.'}${code === 'serial-malformed' ? ` A serial number looks like ${recipe.serialNumber.example}.` : ''} No unit was started.`,
    details: { serialNumber, line, lines: bad.length },
  });
}

const HINTS: Partial<Record<FaultCode, string>> = {
  'serial-malformed': 'Correct the list.',
  'serial-passed': 'Leave it out.',
  'serial-void': 'Leave it out; take the unit to the returns desk.',
  'bad-input': 'List each unit once.',
};

function formatBadLines(bad: readonly BadLine[]): string {
  const named = bad.slice(0, MAX_NAMED).map(({ line, reason }) => `line ${line}: ${reason}`);
  const more = bad.length > MAX_NAMED ? [`and ${bad.length - MAX_NAMED} more`] : [];
  return [...named, ...more].join('; ');
}
