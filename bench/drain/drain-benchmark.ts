import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform, createStation, type Station, STATION_ITSELF } from '#station';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { type Child, startChild } from '../lib/child.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { STATION } from '../lib/sample-runs.ts';
import { median, rounded } from '../lib/statistics.ts';
import { countRegistry, fillRegistry, fillStation } from './fill.ts';

const EVENTS = 100_000;
const ROUNDS = 3;
const LOST_SHARE = 0.05;

/** Sends the outbox of a station that was offline to a registry in a process of its own, over a faulty network. */
export const drainBenchmark: Benchmark = {
  purpose: `${EVENTS.toLocaleString('en')} runs from the outbox to the registry, each with an identity to register`,
  async run(row, log) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-drain-'));
    try {
      log('making a queue');
      fillRegistry(join(dir, 'registry'), EVENTS);
      fillStation(join(dir, 'station'), EVENTS);
      for (const share of [0, LOST_SHARE]) {
        const rounds: Round[] = [];
        for (let round = 1; round <= ROUNDS; round++) {
          log(`${share === 0 ? 'no reply' : '5 % of the replies'} lost, round ${round} of ${ROUNDS}`);
          rounds.push(await drainRound(dir, EVENTS, share, round));
        }
        row(summary(share, rounds));
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

interface Round {
  readonly ms: number;
  readonly lost: number;
  /** Events that were sent, and identities that are registered. */
  readonly sent: number;
  readonly registered: number;
  /** Events that the registry has twice, and that it lacks. */
  readonly duplicates: number;
  readonly missing: number;
  readonly rssMb: number;
}

function summary(share: number, rounds: readonly Round[]): BenchmarkRow {
  const total = (of: (round: Round) => number): number => rounds.reduce((sum, round) => sum + of(round), 0);
  const ms = median(rounds.map((round) => round.ms));
  return {
    case: share === 0 ? 'no reply lost' : `${share * 100} % of replies lost`,
    subject: 'gongwei',
    events: EVENTS,
    rounds: rounds.length,
    medianMs: rounded(ms, 0),
    perSecond: rounded((EVENTS / ms) * 1000, 0),
    lostReplies: total(({ lost }) => lost),
    duplicates: total(({ duplicates }) => duplicates),
    missing: total(({ missing }) => missing),
    rssMb: rounded(Math.max(...rounds.map(({ rssMb }) => rssMb)), 0),
  };
}

/** Drains a copy of the queue of `count` events in `filled`. */
async function drainRound(filled: string, count: number, lostShare: number, seed: number): Promise<Round> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-drain-'));
  try {
    cpSync(filled, dir, { recursive: true });
    const registryDir = join(dir, 'registry');
    const figures = await send(dir, registryDir, lostShare, seed);
    const { events, runs, bound } = countRegistry(registryDir);
    const maxCount = Math.max(events, runs, bound);
    const minCount = Math.min(events, runs, bound, figures.sent, figures.registered);
    return { ...figures, duplicates: Math.max(0, maxCount - count), missing: Math.max(0, count - minCount) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function send(
  dir: string,
  registryDir: string,
  lostShare: number,
  seed: number,
): Promise<Omit<Round, 'duplicates' | 'missing'>> {
  await using registry = await startChild<{ http: string; enrolmentToken: string }>(
    new URL('./registry-host.ts', import.meta.url),
    [registryDir],
  );
  await using proxy: Child<{ url: string }> = await startChild(new URL('./lossy-proxy.ts', import.meta.url), [
    registry.ready.http,
    String(lostShare),
    String(seed),
  ]);
  const config = { slots: [], appVersion: 'bench', autoSync: false };
  const station = await createStation(createNodePlatform(join(dir, 'station')), config);
  try {
    station.settings.configure(
      {
        station: STATION,
        registry: { url: proxy.ready.url, token: registry.ready.enrolmentToken },
      },
      STATION_ITSELF,
    );
    const began = performance.now();
    await drainWithRetries(station);
    const ms = performance.now() - began;
    const { sent } = station.sync.state();
    const registered = station.pool.state().products[0]?.counts.registered ?? 0;
    const rssMb = process.memoryUsage().rss / 1e6;
    return { ms, sent, registered, rssMb, lost: await lostBy(proxy) };
  } finally {
    await station.close();
  }
}

/** Drains the outbox. A drain that ends because the registry is unreachable is repeated, as by the schedule. */
async function drainWithRetries(station: Station): Promise<void> {
  for (;;) {
    try {
      const { pending, parked } = await station.sync.drain(NEVER_ABORTED);
      if (pending + parked > 0) throw new Error(`${pending} pending and ${parked} parked after a drain`);
      return;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'registry-unreachable') throw error;
    }
  }
}

async function lostBy(proxy: Child<unknown>): Promise<number> {
  const { lost } = JSON.parse(await proxy.close()) as { lost: number };
  return lost;
}
