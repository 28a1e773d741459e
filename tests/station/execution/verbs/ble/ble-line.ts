import {
  STATION_ITSELF,
  createBleCentral,
  createNodePlatform,
  createStation,
  parseRecipe,
  type RunResult,
  type Station,
} from '#station';
import type { FaultFile } from '#simulator';
import { TestSimulator } from '../../../../simulator/support/test-simulator.ts';
import { tempFolder } from '../../../../simulator/support/temp-folder.ts';

/** A station whose slots share one adapter, and a simulator of units with Bluetooth; no registry, nothing is burned. */
export interface BleLine extends AsyncDisposable {
  readonly simulator: TestSimulator;
  readonly station: Station;
  readonly macs: readonly string[];
  readonly dataDir: string;
  /** One unit once through the recipe; unit n lies on slot n. */
  run(slot: number): Promise<RunResult>;
  stepsOf(result: RunResult): { step: string; attempt: number; outcome: string; code: string | null }[];
  valuesOf(result: RunResult): Record<string, unknown>;
}

export interface BleLineOptions {
  readonly units: number;
  /** The steps of the phase `bluetooth`, as YAML from column 6 on. */
  readonly steps: string;
  readonly faults?: FaultFile;
  /** Another adapter than the simulator's. */
  readonly adapter?: string;
}

export async function startBleLine(options: BleLineOptions): Promise<BleLine> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await tempFolder());
  const simulator = opening.use(
    await TestSimulator.start({ count: options.units, ble: true, faults: options.faults }),
  );
  const ble = opening.use(
    createBleCentral(options.adapter ?? `uart:${simulator.inner.bluetooth?.adapter.path ?? ''}`),
  );
  const dataDir = `${folder.path}/station`;
  const station = await createStation(createNodePlatform(dataDir, { ble }), {
    slots: simulator.inner.fixtures.map(({ slot, path }) => ({ slot, portPath: path })),
    appVersion: '0.0.0-test',
    autoSync: false,
  });
  opening.defer(() => station.close());
  const recipe = parseRecipe(recipeText(options.steps), 'recipe');
  const { batchId } = station.batches.create({ recipe, quantity: 1000, name: 'ble' }, STATION_ITSELF);
  const close = opening.move();
  return {
    simulator,
    station,
    dataDir,
    macs: simulator.inner.units.map(({ mac }) => mac),
    async run(slot) {
      const serialNumber = simulator.inner.units[slot - 1]?.serialNumber ?? null;
      const result = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot }).finished;
      station.slots.acknowledge(slot);
      return result;
    },
    stepsOf: ({ runId }) =>
      station.database.runs
        .listSteps(runId)
        .filter(({ phase }) => phase === 'bluetooth')
        .map(({ step, attempt, outcome, failure }) => ({
          step,
          attempt,
          outcome,
          code: failure?.code ?? null,
        })),
    valuesOf: ({ runId }) =>
      Object.fromEntries(
        station.database.runs.listMeasurements(runId).map(({ name, value }) => [name, value]),
      ),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

export function recipeText(steps: string): string {
  return `gongwei: recipe/1
name: ble-test
version: 1.0.0
title: { zh-CN: 蓝牙, en: Bluetooth }
product: GWTEST0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: at-module
  serial: { baudRate: 115200, commandTimeoutMs: 10000 }
phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify }]
  - name: bluetooth
    steps:
${steps}
  - name: last
    steps: [{ verb: wait, ms: 1 }]
`;
}
