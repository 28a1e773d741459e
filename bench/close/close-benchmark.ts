import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStationDatabase, type WritableDatabase } from '../../station/core/database/index.ts';
import { createNodePlatform, createStation } from '../../station/index.ts';
import type { Benchmark } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';

const IDENTITIES = 100_000;
const PER_COMMIT = 1_000;
const PRODUCT = 'P';
const BY = { user: 'Chen', role: 'engineer' } as const;
const EVENTS = ['claim', 'intend', 'confirm', 'register'] as const;

/** The closing of a large batch by a station without a registry: its balance is read, composed, signed and stored. */
export const closeBenchmark: Benchmark = {
  purpose: `the closing of a batch of ${IDENTITIES.toLocaleString('en')} identities; --runs takes other numbers`,
  async run(row, log, { runs = IDENTITIES } = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-close-'));
    try {
      log(`filling the batch with ${runs.toLocaleString('en')} identities`);
      fill(dir, runs);
      const station = await createStation(createNodePlatform(dir), {
        slots: [],
        appVersion: '0',
        autoSync: false,
      });
      try {
        // The station writes the facts of the runs first.
        log('waiting for the facts');
        const { database } = station;
        while (database.runFacts.getProgress() < database.runFacts.getLastReady()) await nextTurn();
        for (const name of ['balance', 'close'] as const) {
          log(name);
          const figures = await measure(() => station.documents[name]('B', BY, NEVER_ABORTED));
          row({ case: name, subject: 'gongwei', identities: runs, ...figures });
        }
      } finally {
        await station.close();
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
};

function fill(dir: string, identities: number): void {
  const database = openStationDatabase(dir);
  try {
    database.transaction(() => {
      database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: 'gongwei: recipe/1' }, 1);
      const batch = { batchId: 'B', name: 'B', productId: PRODUCT, createdAtMs: 1, recipeHash: 'h' };
      database.batches.add({ ...batch, quantity: identities });
    });
    for (let from = 1; from <= identities; from += PER_COMMIT) {
      database.transaction(() => {
        for (let n = from; n < from + PER_COMMIT && n <= identities; n += 1) addUnit(database, n);
      });
    }
  } finally {
    database.close();
  }
}

function addUnit(database: WritableDatabase, n: number): void {
  const runId = `R${n}`;
  const atMs = n * 10;
  // A placeholder: nothing opens it here.
  const sealed = createHash('sha256').update(String(n)).digest();
  database.triples.add({ productId: PRODUCT, deviceName: `d${n}`, sealed, source: 'bench', lease: null }, 1);
  database.runs.add({
    runId,
    batchId: 'B',
    slot: 1 + (n % 16),
    portPath: '/dev/ttyUSB0',
    serialNumber: `SN${n}`,
    station: 'S',
    operator: 'Li',
    appVersion: '0',
    recipeHash: 'h',
    startedAtMs: atMs,
  });
  const chipId = `A2B7${n.toString(16).toUpperCase().padStart(8, '0')}`;
  const { unitId } = database.units.recordSeen(chipId, null, null, atMs);
  database.runs.setUnit(runId, unitId);
  let triple = database.triples.findNextFree(PRODUCT);
  if (triple === null) throw new Error('the pool is empty');
  database.runs.setTriple(runId, triple.tripleId);
  for (const event of EVENTS) {
    const owner = event === 'claim' ? unitId : triple.unitId;
    triple = database.triples.applyEvent(triple, event, { at: atMs + 1, runId, note: '' }, owner);
  }
  database.runs.finish(runId, atMs + 2, 'PASS', null);
}

/** Time, and the most processor time and clock time of this thread in which nothing else could run. */
async function measure(work: () => Promise<unknown>): Promise<Record<string, number>> {
  let isGoing = true;
  let [longestCpuMs, longestMs] = [0, 0];
  const watch = async (): Promise<void> => {
    let [at, cpu] = [performance.now(), process.threadCpuUsage()];
    while (isGoing) {
      await nextTurn();
      const used = process.threadCpuUsage(cpu);
      longestCpuMs = Math.max(longestCpuMs, (used.user + used.system) / 1000);
      longestMs = Math.max(longestMs, performance.now() - at);
      [at, cpu] = [performance.now(), process.threadCpuUsage()];
    }
  };
  const watching = watch();
  const [beganMs, beganCpu] = [performance.now(), process.cpuUsage()];
  try {
    await work();
  } finally {
    isGoing = false;
    await watching;
  }
  const { user, system } = process.cpuUsage(beganCpu);
  return {
    ms: Math.round(performance.now() - beganMs),
    // With the turns of the watch, which fill the time in which this thread would wait.
    cpuMs: Math.round((user + system) / 1000),
    longestTurnCpuMs: Math.round(longestCpuMs),
    longestTurnMs: Math.round(longestMs),
  };
}
