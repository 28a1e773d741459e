/** The torture: proves by killing it that the line keeps its promise. See docs/torture.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from './check-invariants.ts';
import type { TortureOptions } from './options.ts';
import { everyBoundary } from './boundaries-mode.ts';
import { torment } from './random-mode.ts';
import { startSite } from './site.ts';

export { readOptions, USAGE } from './options.ts';

export interface TortureResult {
  readonly kills: number;
  readonly units: number;
  readonly seconds: number;
  readonly seed: string;
  /** Attempts to pose as a station, all refused when nothing was found. */
  readonly impostures: number;
  readonly findings: Findings;
}

/** Files of the units' flash that a bench opens at each start: as many as may be needed, and not one more. */
function unitsPerLane({ mode, kills, units, stations }: TortureOptions): number {
  // One for each boundary, and a few to count them; where the registry dies, one station works through all.
  if (mode === 'boundaries') return Math.min(1000, kills + 12);
  return Math.min(1000, Math.max(Math.ceil(units / stations) + 4, Math.ceil(kills / stations) + 8));
}

export async function torture(options: TortureOptions, say: (text: string) => void): Promise<TortureResult> {
  const began = performance.now();
  const { mode } = options;
  const dir = options.keep ?? mkdtempSync(join(tmpdir(), 'gongwei-torture-'));
  mkdirSync(dir, { recursive: true });
  const site = await startSite({
    ...options,
    dir,
    unitsPerLane: unitsPerLane(options),
    leaseBlock: 5,
    restless: mode === 'random',
    // A point must be the same one in every run: what goes wrong by itself is for the other mode.
    faultyShare: mode === 'random' ? 0.25 : 0,
    lostFramesShare: mode === 'random' && options.sabotage === null ? 0.25 : 0,
    // What is broken on purpose is to be found in the stations themselves.
    copiesShare: mode === 'random' && options.sabotage === null ? 0.1 : 0,
    slots: mode === 'random' ? options.slots : 1,
    say,
  });
  const findings = await (async () => {
    try {
      const { units } = await (mode === 'random' ? torment : everyBoundary)(site, options, say);
      const { station, simulator, registry } = site.kills();
      const found = await site.settle();
      return { kills: station + simulator + registry, units, found, impostures: site.impostures() };
    } finally {
      await site[Symbol.asyncDispose]();
    }
  })();
  const clean = Object.values(findings.found).every((list: readonly string[]) => list.length === 0);
  if (options.keep === null && clean) rmSync(dir, { recursive: true, force: true });
  else say(`data kept in ${dir}`);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  return {
    kills: findings.kills,
    units: findings.units,
    seconds,
    impostures: findings.impostures,
    seed: options.seed,
    findings: findings.found,
  };
}
