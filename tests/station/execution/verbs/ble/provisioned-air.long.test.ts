import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { findRecording, readRecording, type RunResult } from '#station';
import type { UnitFault } from '../../../../../simulator/faults/index.ts';
import { sampleRecipe } from '../../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../../kit/units.ts';
import { filesBelow } from '../../../../support/files-below.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
/** The usual access point of the simulator. */
const NETWORK = { name: 'line-1', ssid: 'GW-LINE', password: 'gongwei-line' };
/** The text of a provisioning token. */
const TOKEN = /v3_[0-9a-f]{29}/;
const COUNT = 16;
/** Units whose link breaks once while they are provisioned. */
const BROKEN: readonly number[] = [3, 11];
const NUMBERS = Array.from({ length: COUNT }, (_, at) => at + 1);

interface TokenRecord {
  /** Of the token's text. */
  readonly digest: string;
  readonly state: string;
  readonly madeFor: string;
  readonly reportedBy: string;
  readonly owner: string;
  readonly releasedBy: string;
}

/** Every token of the registry with its device, its reporter and its binding, as they are stored. */
function tokensOf(setup: TestStation): TokenRecord[] {
  const db = new Database(join(setup.registry.dataDir, 'registry.db'), { readonly: true });
  try {
    return db
      .prepare<[], TokenRecord>(
        `SELECT hex(t.digest) AS digest, t.state, d.device_name AS madeFor, r.device_name AS reportedBy, o.owner,
           o.released_by AS releasedBy
         FROM bind_tokens t LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN devices r ON r.id = t.reported_by
         LEFT JOIN device_owners o ON o.token = t.id AND o.device_id = t.reported_by`,
      )
      .all();
  } finally {
    db.close();
  }
}

/** How often the station made the connection of a run again, by the comments of its recording. */
function linksMadeAgain(setup: TestStation, { runId }: RunResult): number {
  const { entries } = readRecording(findRecording(setup.dataDir, runId));
  return [...entries.values()].filter((entry) => JSON.stringify(entry).includes('the station connects again'))
    .length;
}

/** Files of the station that have a token or the password of the network. */
function filesWithSecrets(dir: string): string[] {
  return [...filesBelow(dir)]
    .filter(([, bytes]) => bytes.includes(NETWORK.password) || TOKEN.test(bytes.toString('latin1')))
    .map(([name]) => name);
}

test.each([
  { recipe: 'llsync', broken: { fault: 'llsync-answer', at: 'join', does: 'drop', times: 1 } },
  { recipe: 'blufi', broken: { fault: 'blufi-answer', at: 'network', does: 'drop', code: 0, times: 1 } },
] satisfies { recipe: string; broken: UnitFault }[])(
  'sixteen units at once by $recipe through one adapter, a tenth of the packets lost and two links broken: each has its own token and identity',
  async ({ recipe, broken }) => {
    const faultsOf = (n: number): UnitFault[] => [
      { fault: 'ble-loss', share: 0.1 },
      ...(BROKEN.includes(n) ? [broken] : []),
    ];
    await using setup: TestStation<SimulatedUnits> = await startStation({
      units: simulated(COUNT, {
        profile: recipe,
        ble: true,
        faults: { units: Object.fromEntries(NUMBERS.map((n) => [String(n), faultsOf(n)])) },
      }),
      registry: 'real',
      recipe: await sampleRecipe(`${recipe}.yaml`),
    });
    setup.station.networks.set(NETWORK, BY);
    const results = await Promise.all(NUMBERS.map((slot) => setup.run(slot)));
    expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(
      Array(COUNT).fill('PASS'),
    );
    expect(results.map((result) => linksMadeAgain(setup, result))).toEqual(
      NUMBERS.map((n) => (BROKEN.includes(n) ? 1 : 0)),
    );

    // The ledger: the unit of each slot has a triple of its own.
    const { units, triples } = setup.station.database;
    const names = NUMBERS.map((slot) => {
      const unit = units.findByChip(setup.units.chipOf(slot));
      return unit === null ? null : (triples.findLiveOfUnit(unit.unitId)?.deviceName ?? null);
    });
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(COUNT);

    // The registry: one token for each, reported by its own device, bound by the station, and released.
    const tokens = tokensOf(setup);
    expect(new Set(tokens.map(({ digest }) => digest)).size).toBe(COUNT);
    expect(tokens.map(({ digest: _, ...record }) => record)).toEqual(
      expect.arrayContaining(
        names.map((name) => ({
          ...{ state: 'released', madeFor: name, reportedBy: name },
          ...{ owner: 'station:S1', releasedBy: expect.stringMatching(/S1/) as string },
        })),
      ),
    );
    expect(tokens).toHaveLength(COUNT);
    expect(filesWithSecrets(setup.dataDir)).toEqual([]);
  },
);
