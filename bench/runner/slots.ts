import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { abortFault } from '../../shared/domain/fault.ts';
import {
  STATION_ITSELF,
  createNodePlatform,
  createStation,
  parseRecipe,
  type Station,
} from '../../station/index.ts';
import type { BenchmarkRow } from '../lib/benchmark.ts';
import { startChild } from '../lib/child.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';

const SLOTS = 16;
const FLOODING_SLOT = SLOTS + 1;
const ROUNDS = 9;
const BAUD_RATE = 115_200;
const STEPS = 12;
/** Time for the units to boot and for their boot output to end. */
const SETTLE_MS = 1500;

const RECIPE = `gongwei: recipe/1
name: paced
version: 1.0.0
title: { zh-CN: 并行, en: Paced }
product: CS0SLTKSYA
serialNumber: { pattern: 'SN\\d{8}', example: SN00000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: ${BAUD_RATE} } }
phases:
  - name: test
    steps:
      - { verb: identify }
${Array.from(
  { length: STEPS - 1 },
  (_, at) => `      - verb: at-command
        name: module-${at}
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-${at}, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]`,
).join('\n')}
`;

/**
 * Slots with simulated units on paced serial lines: each alone, all at once, and all at once while a 17th slot runs on a
 * port that is flooded. Its unit sends from the start, but the station opens its port only for the third case. The
 * figure is the slowdown of the slowest slot.
 */
export async function measureSlots(log: (text: string) => void): Promise<BenchmarkRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-slots-'));
  const units = await startChild<{ paths: string[] }>(new URL('./units-host.ts', import.meta.url), [
    String(FLOODING_SLOT),
    String(BAUD_RATE),
    String(FLOODING_SLOT),
  ]);
  try {
    const slots = units.ready.paths.map((portPath, index) => ({ slot: index + 1, portPath }));
    const config = { slots, appVersion: '0', autoSync: false };
    const station = await createStation(createNodePlatform(dir), config);
    try {
      await wait(SETTLE_MS);
      return await measureCases(station, log);
    } finally {
      await station.close();
    }
  } finally {
    await units[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureCases(station: Station, log: (text: string) => void): Promise<BenchmarkRow[]> {
  const recipe = parseRecipe(RECIPE, 'paced');
  const { batchId } = station.batches.create({ recipe, quantity: 10_000 }, STATION_ITSELF);
  const all = Array.from({ length: SLOTS }, (_, index) => index + 1);
  const run = async (slot: number): Promise<number> => {
    const serialNumber = null;
    const startedMs = performance.now();
    const { outcome, failure } = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot })
      .finished;
    if (outcome !== 'PASS') throw new Error(`slot ${slot}: ${outcome} ${failure?.message ?? ''}`);
    return performance.now() - startedMs;
  };
  const together = async (): Promise<Measured> => {
    const startedMs = performance.now();
    const cpu = process.cpuUsage();
    const timesMs = await Promise.all(
      all.map(async (slot) => {
        const slotTimesMs: number[] = [];
        for (let round = 0; round < ROUNDS; round++) slotTimesMs.push(await run(slot));
        return slotTimesMs;
      }),
    );
    const { user, system } = process.cpuUsage(cpu);
    return { timesMs, cpuPercent: (user + system) / 10 / (performance.now() - startedMs) };
  };

  log('each slot alone');
  await run(1);
  const aloneMs: number[] = [];
  for (const slot of all) aloneMs.push(await run(slot), await run(slot));
  log(`${SLOTS} at once`);
  const withoutFlood = await together();
  log(`${SLOTS} at once, and one on a flooded port`);
  const stop = new AbortController();
  const flooded = flood(station, batchId, stop.signal);
  const withFlood = await together();
  stop.abort();
  const floodRuns = await flooded;
  return [
    {
      case: 'one slot',
      subject: 'gongwei',
      steps: STEPS,
      medianMs: rounded(median(aloneMs), 1),
      p95Ms: rounded(quantile(aloneMs, 0.95), 1),
    },
    rowOf(`${SLOTS} slots`, withoutFlood, median(aloneMs)),
    { ...rowOf(`${SLOTS} slots and a flood`, withFlood, median(aloneMs)), floodRuns },
  ];
}

/** Runs the slot whose unit floods until the signal aborts. Its runs cannot pass. */
async function flood(station: Station, batchId: string, signal: AbortSignal): Promise<number> {
  let runs = 0;
  signal.addEventListener('abort', () => station.slots.stop(FLOODING_SLOT, abortFault(signal)), {
    once: true,
  });
  while (!signal.aborted) {
    const order = { batchId, serialNumber: null, operator: 'Li', slot: FLOODING_SLOT };
    await station.startUnit(order).finished;
    station.slots.acknowledge(FLOODING_SLOT);
    runs += 1;
  }
  return runs;
}

interface Measured {
  /** Times of the runs of each slot. */
  readonly timesMs: readonly (readonly number[])[];
  readonly cpuPercent: number;
}

function rowOf(name: string, { timesMs, cpuPercent }: Measured, medianAloneMs: number): BenchmarkRow {
  // All units are alike, so that each slot can be compared with any unit alone.
  const slowdowns = timesMs.map((slotTimesMs) => median(slotTimesMs) / medianAloneMs - 1);
  return {
    case: name,
    subject: 'gongwei',
    steps: STEPS,
    medianMs: rounded(median(timesMs.flat()), 1),
    p95Ms: rounded(quantile(timesMs.flat(), 0.95), 1),
    slowestSlotPercent: rounded(100 * Math.max(...slowdowns), 1),
    cpuPercent: rounded(cpuPercent, 0),
  };
}
