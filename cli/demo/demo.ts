import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { portableFileName } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
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
  writeReport,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type SampleLine, startSampleLine } from '../sample-line/sample-line.ts';
import type { SampleUnit } from '../sample-line/simulated-units.ts';
import type { Output } from '../output.ts';
import { announceRuns } from '../run-events.ts';
import { APP_VERSION } from '../program.ts';
import { type DemoFirmware, publishSampleFirmware } from './sample-firmware.ts';
import { seedChips } from '../sample-line/chip-firmware.ts';
import { type Chips, importDemoFirmware, startChips } from './chips.ts';
import { type ComparedUnits, compareRecords } from './compare-records.ts';
import { type Lane, operate, type UnitResult } from './operate.ts';

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
  /** Number of units whose flash was written, and of those whose flash holds the firmware byte for byte. */
  readonly flashed: number;
  readonly verifiedFlashes: number;
  /** Number of runs whose Bluetooth phase passed. */
  readonly bleTested: number;
  readonly mismatches: readonly string[];
  /** Units with an outcome that their fault does not explain. */
  readonly surprises: readonly string[];
  readonly reportPaths: readonly string[];
  readonly labelPaths: readonly string[];
  readonly ms: number;
}

const BAUD_RATE = 115_200;
/** Share of the units that are flashed, and of the slots that they have. */
const CHIP_SHARE = 0.25;
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
  const chipShare = slots < 2 ? 0 : CHIP_SHARE;
  const chipUnits = Math.floor(options.units * chipShare);
  const chipSlots = chipUnits === 0 ? 0 : Math.max(1, Math.floor(slots * chipShare));
  const moduleUnits = options.units - chipUnits;
  out.notice(
    `starting a registry and ${counted(options.units, 'simulated unit')} on ${counted(slots, 'slot')}`,
  );
  const faults = designedFaults(moduleUnits);
  await using processes = new AsyncDisposableStack();
  const { sampleLine, chips } = await startBoth(
    startSampleLine({
      dir,
      units: moduleUnits,
      slots: slots - chipSlots,
      faults,
      triples: moduleUnits + 8,
      baudRate: BAUD_RATE,
      onNotice: (text) => out.notice(text),
    }),
    chipUnits === 0
      ? null
      : startChips({ dir, units: chipUnits, slots: chipSlots, serialStart: moduleUnits + 1 }),
    processes,
  );
  const brokenSignal = AbortSignal.any(
    [sampleLine.brokenSignal, chips?.simulated.exitSignal].filter((one) => one !== undefined),
  );
  const signal = AbortSignal.any([interrupt, brokenSignal]);
  await using ble = createBleCentral(sampleLine.ble);
  const station = await createStation(createNodePlatform(join(dir, 'station'), { ble }), {
    slots: slotsOf([...sampleLine.ports, ...(chips?.simulated.ports ?? [])]),
    appVersion: APP_VERSION,
  });
  try {
    station.settings.configure(
      { station: 'demo-1', registry: { url: sampleLine.registryUrl, token: sampleLine.token } },
      STATION_ITSELF,
    );
    await station.pool.lease(sampleLine.productId, moduleUnits, STATION_ITSELF, signal);
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
    const batchId = createBatch(
      station,
      { recipe, locked, quantity: moduleUnits, name: 'demo', firmwareSha256: firmware.sha256 },
      out,
    );
    const modules: Lane = {
      batchId,
      units: sampleLine.units,
      slots: sampleLine.ports.map((_, index) => index + 1),
      place: (slot, unit) => sampleLine.place(slot, unit),
    };
    const flashing =
      chips === null
        ? null
        : await prepareChips(station, chips, { dir, firstSlot: modules.slots.length + 1 }, out, signal);
    // Returned units are read by the recipe of the selected batch.
    station.batches.select(batchId);
    const lanes = flashing === null ? [modules] : [modules, flashing.lane];
    announceRuns(station, out);
    const results = await operate(station, lanes, out, signal);
    const reissued = await reissueOne(
      station,
      results.filter(({ lane }) => lane === modules),
      out,
      signal,
    );

    const sync = await station.sync.drain(signal);
    out.notice(`outbox: ${sync.sent} sent, ${sync.pending} pending, ${sync.parked} parked`);
    const modulesHere = { units: sampleLine.units, flashDir: sampleLine.flashDir, logIn: true, images: [] };
    const {
      distinctIdentities,
      verifiedFlashes,
      mismatches: contradictions,
    } = await compareRecords(
      station,
      registry,
      flashing === null ? [modulesHere] : [modulesHere, flashing.compared],
      signal,
    );
    const mismatches = [...contradictions, ...firmware.mismatches];
    const reportPaths: string[] = [];
    for (const [at, lane] of lanes.entries()) {
      const path = join(dir, at === 0 ? 'report.csv' : 'report-flashed.csv');
      await writeReport(station.database, { kind: 'batch', batchId: lane.batchId }, path, {
        format: 'csv',
        signal,
      });
      reportPaths.push(path);
    }
    const labelPaths = await writeLabels(station, results, dir);
    const rows = [...results]
      .sort((a, b) => (a.unit.serialNumber < b.unit.serialNumber ? -1 : 1))
      .map((row) => ({ ...row, triple: tripleOf(station, row.result) }));
    const passed = rows.filter((row) => row.result.outcome === 'PASS').length;
    return {
      rows,
      passed,
      failed: rows.length - passed,
      distinctIdentities,
      reissued,
      firmware,
      flashed: rows.filter(({ result }) => wasFlashed(station, result)).length,
      verifiedFlashes,
      bleTested: rows.filter((row) => passedOverBle(station, row.result)).length,
      mismatches: sync.pending + sync.parked === 0 ? mismatches : [...mismatches, 'the outbox is not empty'],
      surprises: rows
        .filter(isSurprise)
        .map(
          ({ unit, result }) =>
            `unit ${unit.serialNumber} (${unit.fault ?? 'without a defect'}) ended ${result.outcome}: ${result.failure?.message ?? 'no failure'}`,
        ),
      reportPaths,
      labelPaths,
      ms: Math.round(performance.now() - began),
    };
  } catch (error) {
    // A Ctrl-C also ends the registry and the simulator, which causes further errors: the interrupt is the reason.
    if (interrupt.aborted)
      throw new Fault('cancelled', 'the demo was stopped; every unit under way was recorded');
    throwIfAborted(brokenSignal);
    throw error;
  } finally {
    await station.close();
  }
}

/** Keeps what has started in `processes`, also when the other one fails. */
async function startBoth(
  line: Promise<SampleLine>,
  chips: Promise<Chips> | null,
  processes: AsyncDisposableStack,
): Promise<{ readonly sampleLine: SampleLine; readonly chips: Chips | null }> {
  const started = await Promise.allSettled([line, chips]);
  for (const one of started) if (one.status === 'fulfilled' && one.value !== null) processes.use(one.value);
  return { sampleLine: await line, chips: await chips };
}

function createBatch(
  station: Station,
  batch: Parameters<Station['batches']['create']>[0],
  out: Output,
): string {
  const { batchId, name, quantity } = station.batches.create(batch, STATION_ITSELF);
  const { recipe, hash } = batch.recipe;
  out.notice(
    `batch ${name}: ${counted(quantity, 'unit')}, recipe ${recipe.name} ${recipe.version} (${hash.slice(0, 12)})`,
  );
  return batchId;
}

/** Firmware, triples and batch of the units that are flashed. */
async function prepareChips(
  station: Station,
  { simulated, productId, recipePath }: Chips,
  { dir, firstSlot }: { readonly dir: string; readonly firstSlot: number },
  out: Output,
  signal: AbortSignal,
): Promise<{ readonly lane: Lane; readonly compared: ComparedUnits }> {
  const { units, flashDir, ports } = simulated;
  seedChips(dir, units.length);
  await station.pool.lease(productId, units.length, STATION_ITSELF, signal);
  const { sha256, images } = await importDemoFirmware(station, dir, signal);
  const recipe = await readRecipe(recipePath);
  const locked = await requireLocked(recipePath, recipe);
  const batch = { recipe, locked, quantity: units.length, name: 'demo-flash', firmwareSha256: sha256 };
  const lane: Lane = {
    batchId: createBatch(station, batch, out),
    units,
    slots: ports.map((_, index) => firstSlot + index),
    place: (slot, unit) => simulated.place(slot - firstSlot + 1, unit),
  };
  return { lane, compared: { units, flashDir, logIn: false, images } };
}

/** Returns one unit that passed: its identity is retired and a new one burned. */
async function reissueOne(
  station: Station,
  results: readonly UnitResult[],
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  const back = results.find(({ result }) => result.outcome === 'PASS');
  if (back === undefined) return 0;
  const slot = back.result.slot;
  await back.lane.place(slot, back.unit.unit);
  const request = { slot, action: 'reissue', reason: 'demo of the returns desk', approver: 'demo' } as const;
  const report = await station.returns.act(request, { user: 'demo', role: 'support' }, signal);
  out.notice(
    `returned: ${back.unit.serialNumber} held ${back.result.deviceName ?? 'nothing'}, left with ${report.bound?.deviceName ?? 'nothing'}`,
  );
  return report.verdict === 'known' ? 1 : 0;
}

async function writeLabels(station: Station, results: readonly UnitResult[], dir: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { result } of results) {
    const run = station.database.runs.findById(result.runId);
    if (run === null || run.outcome !== 'PASS') continue;
    const path = join(dir, 'labels', `${portableFileName(run.serialNumber ?? run.runId)}.png`);
    await writeLabelFile(path, runLabel(station.database, run, station.batches.recipeOf(run.batchId)));
    paths.push(path);
  }
  return paths.sort();
}

/** True when a step that writes the flash passed and has written something. */
function wasFlashed(station: Station, { runId }: RunResult): boolean {
  return station.database.runs
    .listMeasurements(runId)
    .some(({ name, value }) => name === 'flash-written' && Number(value) > 0);
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
