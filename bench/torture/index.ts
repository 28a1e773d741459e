/** The torture: kills stations, simulators and the registry, and checks that no identity is duplicated and no result is lost. See docs/torture.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from './findings.ts';
import type { TortureOptions } from './options.ts';
import { runBoundariesMode } from './boundaries-mode.ts';
import { runRandomMode } from './random-mode.ts';
import { startTestBed } from './test-bed.ts';

export { readOptions, USAGE } from './options.ts';

export interface TortureResult {
  readonly kills: number;
  readonly units: number;
  readonly seconds: number;
  readonly seed: string;
  /** Refused attempts to pose as a station. */
  readonly impostures: number;
  readonly findings: Findings;
}

/** Few, so that batches end while processes are killed. */
const BATCH_UNITS = 2;

/** As few units as possible, because a simulator opens one flash file for each unit at each start. */
function unitsPerStation({ mode, kills, units, stations }: TortureOptions): number {
  // One unit for each boundary, and some to count them. While the registry is killed, one station uses all of its units.
  if (mode === 'boundaries') return Math.min(1000, kills + 12);
  return Math.min(1000, Math.max(Math.ceil(units / stations) + 4, Math.ceil(kills / stations) + 8));
}

export async function torture(options: TortureOptions, log: (text: string) => void): Promise<TortureResult> {
  const startedMs = performance.now();
  const { mode } = options;
  const dir = options.keep ?? mkdtempSync(join(tmpdir(), 'gongwei-torture-'));
  mkdirSync(dir, { recursive: true });
  const testBed = await startTestBed({
    ...options,
    dir,
    unitsPerStation: unitsPerStation(options),
    leaseBlock: 5,
    autonomous: mode === 'random',
    // In boundaries mode a fault of a unit would change the numbers of the points.
    faultyShare: mode === 'random' ? 0.25 : 0,
    truncatedLogShare: mode === 'random' && options.mutation === null ? 0.25 : 0,
    // A mutation must be found in the stations themselves.
    copiesShare:
      mode === 'random' && options.mutation === null && !options.devices.includes('esp32c3') ? 0.1 : 0,
    slots: mode === 'random' ? options.slots : 1,
    // Its prints would change the numbers of the points.
    batchUnits: mode === 'random' ? BATCH_UNITS : 0,
    log,
  });
  const outcome = await (async () => {
    try {
      const { units } = await (mode === 'random' ? runRandomMode : runBoundariesMode)(testBed, options, log);
      const { station, simulator, registry } = testBed.kills();
      const findings = await testBed.settle();
      return { kills: station + simulator + registry, units, impostures: testBed.impostures(), findings };
    } finally {
      await testBed[Symbol.asyncDispose]();
    }
  })();
  const clean = Object.values(outcome.findings).every((list: readonly string[]) => list.length === 0);
  if (options.keep === null && clean) rmSync(dir, { recursive: true, force: true });
  else log(`data kept in ${dir}`);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  return { ...outcome, seconds, seed: options.seed };
}
