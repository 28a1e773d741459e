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
import type { BenchRow } from '../lib/bench.ts';
import { startChild } from '../lib/child.ts';
import { median, quantile, rounded } from '../lib/measure.ts';

const SLOTS = 16;
const FLOODING = SLOTS + 1;
const ROUNDS = 9;
const BAUD_RATE = 115_200;
const STEPS = 12;
/** A unit boots, and what its port said meanwhile is over. */
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
 * Slots with simulated units on paced lines: each alone, all at once, and all at once beside one whose unit floods its
 * port. What counts is the slot that lost most by not being alone.
 */
export async function measureSlots(note: (text: string) => void): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-slots-'));
  const units = await startChild<{ paths: string[] }>(new URL('./units-host.ts', import.meta.url), [
    String(FLOODING),
    String(BAUD_RATE),
    String(FLOODING),
  ]);
  try {
    const slots = units.said.paths.map((portPath, index) => ({ slot: index + 1, portPath }));
    const config = { slots, appVersion: '0', autoSync: false };
    const station = await createStation(createNodePlatform(dir), config);
    try {
      await wait(SETTLE_MS);
      return await measure(station, note);
    } finally {
      await station.close();
    }
  } finally {
    await units[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(station: Station, note: (text: string) => void): Promise<BenchRow[]> {
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
        const own: number[] = [];
        for (let round = 0; round < ROUNDS; round++) own.push(await run(slot));
        return own;
      }),
    );
    const { user, system } = process.cpuUsage(cpu);
    return { times, cpuPercent: (user + system) / 10 / (performance.now() - began) };
  };

  note('each slot alone');
  await run(1);
  const alone: number[] = [];
  for (const slot of all) alone.push(await run(slot), await run(slot));
  note(`${SLOTS} at once`);
  const quiet = await together();
  note(`${SLOTS} at once, and one that floods`);
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

/** The slot whose unit floods, tried again and again. Its runs cannot pass. */
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
  /** Of each slot, its runs. */
  readonly times: readonly (readonly number[])[];
  readonly cpuPercent: number;
}

function rowOf(name: string, { times, cpuPercent }: Measured, aloneMs: number): BenchRow {
  // The units are all alike, so that each slot may be held against any of them alone.
  const slower = times.map((own) => median(own) / aloneMs - 1);
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
