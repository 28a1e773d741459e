import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
  type TripleRow,
} from '../../station/core/database/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { addBatch, beginRun, chipOf, endRun, finishedAtMsOf } from '../lib/sample-runs.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';
import { type PlainSql, messageOf, openPlainSql, payloadOf } from './plain-sql.ts';
import { betterQueue, plainjob } from './peers.ts';

const ROUNDS = 9;
const PER_ROUND = 300;
const WHOLE = 'run, identity and message';
const MESSAGE = 'message alone';

/**
 * The cost of one transaction for all data of a run. All subjects alternate in each round, so that a busy disk affects
 * all of them. A share is the median over the rounds.
 */
export const enqueueBenchmark: Benchmark = {
  purpose: `durable (synchronous=FULL): ${PER_ROUND} in a round, ${ROUNDS} rounds, medians`,
  async run(row) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-enqueue-'));
    try {
      for (const line of await measure(dir)) row(line);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

/** Executes one round and returns the time of each message; empty when only the total time is known. */
type Subject = (from: number) => Promise<readonly number[]>;

async function measure(dir: string): Promise<BenchmarkRow[]> {
  using store = openStationStore(join(dir, 'own'));
  using bare = openPlainSqlStore(join(dir, 'bare'));
  using plain = plainjob(join(dir, 'plainjob.db'));
  using betterq = betterQueue(join(dir, 'better-queue.db'));
  const cases: Record<string, Record<string, Subject>> = {
    [WHOLE]: {
      gongwei: each((n) => store.endRun(n)),
      'bare-sqlite': each((n) => bare.endRun(n)),
    },
    [MESSAGE]: {
      gongwei: each((n) => store.add(n)),
      'bare-sqlite': each((n) => bare.add(n, payloadOf(n))),
      plainjob: together((from) => plain.enqueue(from, PER_ROUND, messageOf)),
      'better-queue': together((from) => betterq.enqueue(from, PER_ROUND, messageOf)),
    },
  };
  const rows: BenchmarkRow[] = [];
  for (const [name, subjects] of Object.entries(cases)) rows.push(...(await runAlternating(name, subjects)));
  return rows;
}

/** Runs all subjects in every round, in changing order. The first round is a warm-up. */
async function runAlternating(
  name: string,
  subjects: Readonly<Record<string, Subject>>,
): Promise<BenchmarkRow[]> {
  const order = Object.keys(subjects);
  const rates = new Map<string, number[]>(order.map((subject) => [subject, []]));
  const times = new Map<string, number[]>(order.map((subject) => [subject, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      const subject = order[(round + turn) % order.length] ?? '';
      const began = performance.now();
      const taken = (await subjects[subject]?.(round * PER_ROUND)) ?? [];
      const tookMs = performance.now() - began;
      if (round === 0) continue;
      rates.get(subject)?.push((PER_ROUND / tookMs) * 1000);
      times.get(subject)?.push(...taken);
    }
  }
  const bareRates = rates.get('bare-sqlite') ?? [];
  return order.map((subject) => {
    const subjectRates = rates.get(subject) ?? [];
    const each = times.get(subject) ?? [];
    const shares = subjectRates.map((rate, round) => rate / (bareRates[round] ?? rate));
    return {
      case: name,
      subject,
      perSecond: rounded(median(subjectRates), 0),
      ...(each.length === 0
        ? {}
        : { medianMs: rounded(median(each), 3), p95Ms: rounded(quantile(each, 0.95), 3) }),
      shareOfBare: rounded(median(shares), 3),
    };
  });
}

function each(work: (n: number) => void): Subject {
  return async (from) => {
    const taken: number[] = [];
    for (let n = from; n < from + PER_ROUND; n++) {
      const began = performance.now();
      work(n);
      taken.push(performance.now() - began);
    }
    return taken;
  };
}

function together(work: (from: number) => Promise<void>): Subject {
  return async (from) => {
    await work(from);
    return [];
  };
}

interface RunStore extends Disposable {
  endRun(n: number): void;
  add(n: number): void;
}

/** The store with the code of the station. */
function openStationStore(dir: string): RunStore {
  const { database, burning } = begunRuns(dir);
  return {
    endRun(n) {
      const triple = burning[n];
      if (triple === undefined) throw new Error(`run ${n} was not begun`);
      database.transaction(() => endRun(database, n, triple));
    },
    add(n) {
      database.transaction(() =>
        database.outbox.add({
          key: `message:${n}`,
          orderKey: chipOf(n),
          kind: 'run.finished',
          payload: payloadOf(n),
          createdAtMs: finishedAtMsOf(n),
        }),
      );
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function openPlainSqlStore(dir: string): PlainSql {
  begunRuns(dir).database.close();
  return openPlainSql(databaseFile(dir));
}

/** A station database in which all runs of this benchmark have started and their triples are burning. */
function begunRuns(dir: string): {
  readonly database: WritableDatabase;
  readonly burning: readonly TripleRow[];
} {
  const database = openStationDatabase(dir);
  const count = (ROUNDS + 1) * PER_ROUND;
  addBatch(database, count);
  const burning = database.transaction(() => Array.from({ length: count }, (_, n) => beginRun(database, n)));
  return { database, burning };
}
