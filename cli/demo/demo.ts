import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { portableFileName } from '#node-kit/files/index.ts';
import { abortFault, Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { slotsOf } from '#shared/host/index.ts';
import {
  STATION_ITSELF,
  createBleCentral,
  createNodePlatform,
  createStation,
  readRecipe,
  requireLocked,
  type RunResult,
  runLabel,
  type Station,
  writeLabelFile,
  writeRunReport,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type SampleLine, type SampleUnit, startSampleLine } from '../sample-line/sample-line.ts';
import type { Output } from '../output.ts';
import { announceRuns } from '../run-events.ts';
import { APP_VERSION } from '../program.ts';
import { type DemoFirmware, publishSampleFirmware } from './sample-firmware.ts';
import { compareRecords } from './compare-records.ts';

export interface DemoOptions {
  readonly dir: string;
  readonly units: number;
  readonly slots: number;
}

/** One unit of the demo and its run. */
export interface DemoRow {
  readonly unit: SampleUnit;
  readonly result: RunResult;
  /** The state of its triple after the demo. */
  readonly triple: string;
}

export interface DemoResult {
  readonly rows: readonly DemoRow[];
  readonly passed: number;
  readonly failed: number;
  readonly distinctIdentities: number;
  /** Number of returned units that got a new identity. */
  readonly reissued: number;
  readonly firmware: DemoFirmware;
  /** Number of runs whose Bluetooth phase passed. */
  readonly bleTested: number;
  readonly mismatches: readonly string[];
  /** Units with an outcome that their fault does not explain. */
  readonly surprises: readonly string[];
  readonly reportPath: string;
  readonly labelPaths: readonly string[];
  readonly ms: number;
}

const BAUD_RATE = 115_200;
const BLE_PHASE = 'bluetooth';

/** Runs one sample batch, end to end: registry and units in their own processes, the station in this one. */
export async function runDemo(
  options: DemoOptions,
  out: Output,
  interrupt: AbortSignal,
): Promise<DemoResult> {
  const began = performance.now();
  const { dir } = options;
  mkdirSync(join(dir, 'labels'), { recursive: true });
  const slots = Math.min(options.slots, options.units);
  out.notice(
    `starting a registry and ${counted(options.units, 'simulated unit')} on ${counted(slots, 'slot')}`,
  );
  const faults = designedFaults(options.units);
  await using sampleLine = await startSampleLine({
    dir,
    units: options.units,
    slots,
    faults,
    triples: options.units + 8,
    baudRate: BAUD_RATE,
    onNotice: (text) => out.notice(text),
  });
  const signal = AbortSignal.any([interrupt, sampleLine.brokenSignal]);
  await using ble = createBleCentral(sampleLine.ble);
  const station = await createStation(createNodePlatform(join(dir, 'station'), { ble }), {
    slots: slotsOf(sampleLine.ports),
    appVersion: APP_VERSION,
  });
  try {
    station.settings.configure(
      { station: 'demo-1', registry: { url: sampleLine.registryUrl, token: sampleLine.token } },
      STATION_ITSELF,
    );
    await station.pool.lease(sampleLine.productId, options.units, STATION_ITSELF, signal);
    const recipe = await readRecipe(sampleLine.recipePath);
    const locked = await requireLocked(sampleLine.recipePath, recipe);
    const registry = station.registry();
    if (registry === null) throw new Fault('not-configured', 'the demo station lost its registry');
    const firmware = await publishSampleFirmware(
      station,
      registry,
      sampleLine.registryUrl,
      { dir, productId: sampleLine.productId },
      out,
      signal,
    );
    const batch = station.batches.create(
      {
        recipe,
        quantity: options.units,
        name: 'demo',
        locked,
        firmwareSha256: firmware.sha256,
      },
      STATION_ITSELF,
    );
    out.notice(
      `batch ${batch.name}: ${counted(options.units, 'unit')}, recipe ${recipe.recipe.name} ${recipe.recipe.version} (${recipe.hash.slice(0, 12)})`,
    );
    announceRuns(station, out);
    const results = await operate(station, sampleLine, batch.batchId, out, signal);
    const reissued = await reissueOne(station, sampleLine, results, out, signal);

    const sync = await station.sync.drain(signal);
    out.notice(`outbox: ${sync.sent} sent, ${sync.pending} pending, ${sync.parked} parked`);
    const { distinctIdentities, mismatches: contradictions } = await compareRecords(
      station,
      registry,
      sampleLine.units,
      sampleLine.flashDir,
      sampleLine.productId,
      signal,
    );
    const mismatches = [...contradictions, ...firmware.mismatches];
    const reportPath = join(dir, 'report.csv');
    await writeRunReport(station.database, batch.batchId, reportPath, { format: 'csv', signal });
    const labelPaths = await writeLabels(station, results, recipe.recipe.title.en, dir);
    const rows = [...results]
      .sort((a, b) => a.unit.unit - b.unit.unit)
      .map((row) => ({ ...row, triple: tripleOf(station, row.result) }));
    const passed = rows.filter((row) => row.result.outcome === 'PASS').length;
    return {
      rows,
      passed,
      failed: rows.length - passed,
      distinctIdentities,
      reissued,
      firmware,
      bleTested: rows.filter((row) => passedOverBle(station, row.result)).length,
      mismatches: sync.pending + sync.parked === 0 ? mismatches : [...mismatches, 'the outbox is not empty'],
      surprises: rows
        .filter(isSurprise)
        .map(
          ({ unit, result }) =>
            `unit ${unit.unit} (${unit.fault ?? 'without a defect'}) ended ${result.outcome}: ${result.failure?.message ?? 'no failure'}`,
        ),
      reportPath,
      labelPaths,
      ms: Math.round(performance.now() - began),
    };
  } catch (error) {
    // A Ctrl-C also ends the registry and the simulator, which causes further errors: the interrupt is the reason.
    if (interrupt.aborted)
      throw new Fault('cancelled', 'the demo was stopped; every unit under way was recorded');
    throwIfAborted(sampleLine.brokenSignal);
    throw error;
  } finally {
    await station.close();
  }
}

/** Does the work of the operator: one worker per slot places the next unit, starts its run and waits for the result. */
async function operate(
  station: Station,
  sampleLine: SampleLine,
  batchId: string,
  out: Output,
  signal: AbortSignal,
): Promise<{ unit: SampleUnit; result: RunResult }[]> {
  const queue = [...sampleLine.units];
  const done: { unit: SampleUnit; result: RunResult }[] = [];
  const stop = (): void => void station.slots.stop(null, abortFault(signal));
  signal.addEventListener('abort', stop);
  const worker = async (slot: number): Promise<void> => {
    for (let unit = queue.shift(); unit !== undefined && !signal.aborted; unit = queue.shift()) {
      await sampleLine.place(slot, unit.unit);
      const request = { batchId, serialNumber: unit.serialNumber, operator: 'demo', slot };
      const result = await station.startUnit(request).finished;
      station.slots.acknowledge(slot);
      done.push({ unit, result });
      const reason = result.failure === null ? '' : `: ${result.failure.message}`;
      out.notice(
        `[${done.length}/${sampleLine.units.length}] slot ${slot}  ${unit.serialNumber}  ${result.outcome}  ${result.ms} ms${reason}`,
      );
    }
  };
  try {
    await Promise.all(sampleLine.ports.map((_, index) => worker(index + 1)));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throwIfAborted(signal);
  return done;
}

/** Returns one unit that passed: its identity is retired and a new one burned. */
async function reissueOne(
  station: Station,
  sampleLine: SampleLine,
  results: readonly { unit: SampleUnit; result: RunResult }[],
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  const back = results.find(({ result }) => result.outcome === 'PASS');
  if (back === undefined) return 0;
  const slot = back.result.slot;
  await sampleLine.place(slot, back.unit.unit);
  const request = { slot, action: 'reissue', reason: 'demo of the returns desk', approver: 'demo' } as const;
  const report = await station.returns.act(request, { user: 'demo', role: 'support' }, signal);
  out.notice(
    `returned: ${back.unit.serialNumber} held ${back.result.deviceName ?? 'nothing'}, left with ${report.bound?.deviceName ?? 'nothing'}`,
  );
  return report.verdict === 'known' ? 1 : 0;
}

async function writeLabels(
  station: Station,
  results: readonly { result: RunResult }[],
  product: string,
  dir: string,
): Promise<string[]> {
  const paths: string[] = [];
  for (const { result } of results) {
    const run = station.database.runs.findById(result.runId);
    if (run === null || run.outcome !== 'PASS') continue;
    const path = join(dir, 'labels', `${portableFileName(run.serialNumber ?? run.runId)}.png`);
    await writeLabelFile(path, runLabel(station.database, run, product));
    paths.push(path);
  }
  return paths.sort();
}

/** True when the phase has steps and the last attempt of each passed. */
function passedOverBle(station: Station, { runId }: RunResult): boolean {
  const last = new Map(
    station.database.runs
      .listSteps(runId)
      .filter(({ phase }) => phase === BLE_PHASE)
      .map(({ step, outcome }) => [step, outcome]),
  );
  return last.size > 0 && [...last.values()].every((outcome) => outcome === 'PASS');
}

function isSurprise({ unit, result }: DemoRow): boolean {
  return unit.fault === null
    ? result.outcome !== 'PASS'
    : result.outcome !== 'FAIL' && result.outcome !== 'ERROR';
}

/** The state of the triple of a run, and its successor if it has one. */
function tripleOf(station: Station, result: RunResult): string {
  if (result.productId === null || result.deviceName === null) return 'none claimed';
  const triple = station.database.triples.findByName(result.productId, result.deviceName);
  const now = triple?.unitId == null ? null : station.database.triples.findLiveOfUnit(triple.unitId);
  const successor = now === null || now.tripleId === triple?.tripleId ? '' : `, now ${now.deviceName}`;
  return `${triple?.state ?? 'unknown'}${successor}`;
}

/** Faults of a demo's units by unit number: one unit never answers, one rejects the write. */
function designedFaults(units: number): ReadonlyMap<number, string> {
  if (units < 3) return new Map();
  return new Map([
    [Math.ceil(units / 3), 'silent'],
    [Math.ceil((units * 3) / 4), 'reject-write'],
  ]);
}
