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
const FLOODING = SLOTS + 1;
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
 * Slots with simulated units on paced serial lines: each alone, all at once, and all at once beside one whose unit floods
 * its port. The figure is the slowdown of the slowest slot.
 */
export async function measureSlots(log: (text: string) => void): Promise<BenchmarkRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-slots-'));
  const units = await startChild<{ paths: string[] }>(new URL('./units-host.ts', import.meta.url), [
    String(FLOODING),
    String(BAUD_RATE),
    String(FLOODING),
  ]);
  try {
    const slots = units.ready.paths.map((portPath, index) => ({ slot: index + 1, portPath }));
    const config = { slots, appVersion: '0', autoSync: false };
    const station = await createStation(createNodePlatform(dir), config);
    try {
      await wait(SETTLE_MS);
      return await measure(station, log);
    } finally {
      await station.close();
    }
  } finally {
    await units[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(station: Station, log: (text: string) => void): Promise<BenchmarkRow[]> {
  const recipe = parseRecipe(RECIPE, 'paced');
  const { batchId } = station.batches.create({ recipe, quantity: 10_000 }, STATION_ITSELF);
  const all = Array.from({ length: SLOTS }, (_, index) => index + 1);
  const run = async (slot: number): Promise<number> => {
    const serialNumber = null;
    const began = performance.now();
    const { outcome, failure } = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot })
      .finished;
    if (outcome !== 'PASS') throw new Error(`slot ${slot}: ${outcome} ${failure?.message ?? ''}`);
    return performance.now() - began;
  };
  const together = async (): Promise<Measured> => {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const times = await Promise.all(
      all.map(async (slot) => {
        const runTimes: number[] = [];
        for (let round = 0; round < ROUNDS; round++) runTimes.push(await run(slot));
        return runTimes;
      }),
    );
    const { user, system } = process.cpuUsage(cpu);
    return { times, cpuPercent: (user + system) / 10 / (performance.now() - began) };
  };

  log('each slot alone');
  await run(1);
  const alone: number[] = [];
  for (const slot of all) alone.push(await run(slot), await run(slot));
  log(`${SLOTS} at once`);
  const quiet = await together();
  log(`${SLOTS} at once, and one that floods`);
  const stop = new AbortController();
  const flooded = flood(station, batchId, stop.signal);
  const loud = await together();
  stop.abort();
  const floodRuns = await flooded;
  return [
    {
      case: 'one slot',
      subject: 'gongwei',
      steps: STEPS,
      medianMs: rounded(median(alone), 1),
      p95Ms: rounded(quantile(alone, 0.95), 1),
    },
    rowOf(`${SLOTS} slots`, quiet, median(alone)),
    { ...rowOf(`${SLOTS} slots and a flood`, loud, median(alone)), floodRuns },
  ];
}

/** Runs the slot whose unit floods until the signal aborts. Its runs cannot pass. */
async function flood(station: Station, batchId: string, signal: AbortSignal): Promise<number> {
  let runs = 0;
  while (!signal.aborted) {
    const order = { batchId, serialNumber: null, operator: 'Li', slot: FLOODING };
    const started = station.startUnit(order);
    signal.addEventListener('abort', () => station.slots.stop(FLOODING, abortFault(signal)), { once: true });
    await started.finished;
    station.slots.acknowledge(FLOODING);
    runs += 1;
  }
  return runs;
}

interface Measured {
  /** Times of the runs of each slot. */
  readonly times: readonly (readonly number[])[];
  readonly cpuPercent: number;
}

function rowOf(name: string, { times, cpuPercent }: Measured, aloneMs: number): BenchmarkRow {
  // All units are alike, so that each slot can be compared with any unit alone.
  const slower = times.map((runTimes) => median(runTimes) / aloneMs - 1);
  return {
    case: name,
    subject: 'gongwei',
    steps: STEPS,
    medianMs: rounded(median(times.flat()), 1),
    p95Ms: rounded(quantile(times.flat(), 0.95), 1),
    slowestSlotPercent: rounded(100 * Math.max(...slower), 1),
    cpuPercent: rounded(cpuPercent, 0),
  };
}
