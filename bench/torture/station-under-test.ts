import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { UnitFault } from '#simulator';
import { type HostEvent, Supervisor } from './supervisor.ts';
import { type Network, startNetwork } from './faulty-network.ts';
import { isServerAddress } from './linked-ports.ts';
import { holdPtyNumbers } from './pty-numbers.ts';
import type { SimulatorCommand, StationOpen } from './commands.ts';
import { type RandomSource, createRandomSource } from '../lib/random-source.ts';
import { profileOf, type TortureDevice } from './devices.ts';
import { recipeFor } from './recipe.ts';
import type { RegistryUnderTest } from './registry-under-test.ts';
import type { Mutation } from './mutations.ts';
import { LabelOperator } from './outputs/label-operator.ts';
import { type PrinterUnderTest, startPrinterUnderTest } from './outputs/printer-under-test.ts';
import { outputRecipes } from './outputs/settings.ts';
import type { Findings } from './findings.ts';

export interface StationUnderTestOptions {
  /** 1, 2, …: part of the station's name, its units' serial numbers and its directory. */
  readonly number: number;
  readonly device: TortureDevice;
  readonly dir: string;
  /** Folder of the bundled hosts. */
  readonly hosts: string;
  readonly seed: string;
  readonly units: number;
  readonly slots: number;
  readonly leaseBlock: number;
  readonly autonomous: boolean;
  readonly mutation: Mutation | null;
  readonly timeScale: number;
  /** Whether the next process of each is loaded in advance. */
  readonly hasSpares: boolean;
  /** Share of units with a fault that passes. */
  readonly faultyShare: number;
  readonly registry: RegistryUnderTest;
  /** Units of a batch whose labels, attachments, reports and closing are checked; 0: there are none. */
  readonly batchUnits: number;
  readonly findings: Findings;
  readonly onKilled: (who: 'station' | 'simulator', sut: StationUnderTest) => void;
}

export interface TestUnit {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
}

/** One station with its simulator and its network. Station and simulator can be killed and are restarted. */
export interface StationUnderTest extends AsyncDisposable {
  readonly station: Supervisor;
  readonly simulator: Supervisor;
  readonly network: Network;
  readonly name: string;
  readonly device: TortureDevice;
  readonly dataDir: string;
  readonly flashDir: string;
  /** `null` where no labels are printed. */
  readonly outputs: {
    readonly printer: PrinterUnderTest;
    readonly operator: LabelOperator;
    readonly reports: string;
  } | null;
  readonly slots: number;
  /** Known once the simulator was ready for the first time. */
  readonly units: readonly TestUnit[];
  /** The unit on each slot, as last commanded. */
  readonly placed: ReadonlyMap<number, TestUnit>;
  /** Runs that the station announced as finished: run id to outcome. */
  readonly announced: ReadonlyMap<string, string>;
  /** The batch of all units; known once the station was ready. */
  readonly batchId: () => string;
  /** Kill point of the next start only; 0: none. */
  dieAtStart: number;
  /** Calls the listener when a label came out. Returns a function that stops that. */
  onPrinted(listener: () => void): () => void;
  /** Places a unit on a slot, unless it is there. False when the simulator was killed meanwhile. */
  place(slot: number, unit: TestUnit): Promise<boolean>;
}

export async function startStationUnderTest(options: StationUnderTestOptions): Promise<StationUnderTest> {
  const { number, slots, registry } = options;
  const name = `T${number}`;
  const dir = join(options.dir, `station-${number}`);
  const dataDir = join(dir, 'data');
  const flashDir = join(dir, 'units');
  mkdirSync(flashDir, { recursive: true });
  await using opening = new AsyncDisposableStack();
  const network = opening.use(await startNetwork(createRandomSource(options.seed, 'network', number)));
  registry.follow((url) => network.setTarget(url));

  // A port keeps its path at the station, as by USB topology, when its number changes after a restart.
  const ports = Array.from({ length: slots }, (_, index) => join(dir, `port${index + 1}`));
  const portOf = (slot: number): string => ports[slot - 1] ?? '';
  const numbers = opening.use(holdPtyNumbers());
  const unplug = (slot: number): void => {
    rmSync(portOf(slot), { force: true });
    numbers.release(slot);
  };
  const plug = (slot: number, target: string): void => {
    unplug(slot);
    if (isServerAddress(target) || numbers.hold(slot, target)) symlinkSync(target, portOf(slot));
  };
  const reports = join(dir, 'reports');
  const printedListeners = new Set<() => void>();
  const printer =
    options.batchUnits === 0
      ? null
      : opening.use(
          await startPrinterUnderTest({
            dir: join(dir, 'labels'),
            random: createRandomSource(options.seed, 'printer', number),
            onPrinted: () => printedListeners.forEach((listener) => listener()),
          }),
        );
  const placed = new Map<number, TestUnit>();
  const announced = new Map<string, string>();
  let units: readonly TestUnit[] = [];
  let batchId = '';

  const faults = faultsOf(options, createRandomSource(options.seed, 'faults', number));
  const simulator: Supervisor = new Supervisor({
    name: `simulator ${number}`,
    hasSpare: options.hasSpares,
    script: join(options.hosts, 'simulator-host.mjs'),
    ready: 'simulator.ready',
    open: (): SimulatorCommand => ({
      open: {
        profile: profileOf(options.device),
        units: options.units,
        slots,
        stateDir: flashDir,
        mqttUrl: registry.mqtt(),
        gatewayUrl: registry.http(),
        seed: `${options.seed}-${number}`,
        serialStart: number * 100_000 + 1,
        timeScale: options.timeScale,
        faults,
      },
    }),
    onEvent(event) {
      if (event.event === 'sim.unplugged') unplug(Number(event['slot']));
      if (event.event === 'sim.plugged') plug(Number(event['slot']), String(event['path']));
      if (event.event !== 'simulator.ready') return;
      units = event['units'] as TestUnit[];
      (event['ports'] as string[]).forEach((target, index) => plug(index + 1, target));
    },
    onKilled() {
      ports.forEach((_, index) => unplug(index + 1));
      placed.clear();
      options.onKilled('simulator', sut);
    },
  });
  const station: Supervisor = new Supervisor({
    name: `station ${number}`,
    hasSpare: options.hasSpares,
    script: join(options.hosts, 'station-host.mjs'),
    ready: 'station.ready',
    open(): StationOpen {
      const dieAt = sut.dieAtStart;
      sut.dieAtStart = 0;
      return {
        open: {
          dataDir,
          station: name,
          registryUrl: network.url,
          token: registry.token(),
          recipe: recipeFor(options.device),
          ports,
          leaseBlock: options.leaseBlock,
          autonomous: options.autonomous,
          mutation: options.mutation,
          outputs:
            printer === null
              ? null
              : {
                  recipes: outputRecipes(options.device),
                  printer: printer.place,
                  reports,
                  quantity: options.batchUnits,
                },
          dieAt,
        },
      };
    },
    onEvent(event: HostEvent) {
      if (event.event === 'run.finished') announced.set(String(event['run']), String(event['outcome']));
      if (event.event === 'station.ready') batchId = String(event['batch']);
    },
    onKilled: () => options.onKilled('station', sut),
  });
  opening.use(simulator);
  opening.use(station);

  const operator =
    printer === null
      ? null
      : opening.use(
          new LabelOperator({
            name,
            station,
            printer,
            random: createRandomSource(options.seed, 'label operator', number),
            findings: options.findings,
          }),
        );
  const sut: StationUnderTest = {
    outputs: printer === null || operator === null ? null : { printer, operator, reports },
    onPrinted(listener) {
      printedListeners.add(listener);
      return () => void printedListeners.delete(listener);
    },
    station,
    simulator,
    network,
    name,
    device: options.device,
    dataDir,
    flashDir,
    slots,
    get units() {
      return units;
    },
    placed,
    announced,
    batchId: () => batchId,
    dieAtStart: 0,
    async place(slot, unit) {
      await simulator.ready();
      if (placed.get(slot)?.unit === unit.unit) return true;
      // Set before the command, so that the unit is checked when a kill comes in between.
      placed.set(slot, unit);
      const answer = await simulator.ask({ place: { slot, unit: unit.unit } });
      if (answer !== null && answer['code'] !== undefined) throw new Error(String(answer['message']));
      return answer !== null;
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
  simulator.start();
  await simulator.ready();
  station.start();
  await station.ready();
  const close = opening.move();
  return sut;
}

/** Faults of a unit that must not keep it from passing. */
const PASSING_FAULTS: readonly UnitFault[] = [
  { fault: 'reboot-on-write', when: 'after', times: 1 },
  { fault: 'reboot-on-write', when: 'before', times: 1 },
  { fault: 'write-no-reply', times: 1 },
  { fault: 'reject-write', reply: 'fail', times: 1 },
  { fault: 'store-wrong', sameChecksum: false, times: 1 },
  { fault: 'store-wrong', sameChecksum: true, times: 1 },
  { fault: 'forget', times: 1 },
  { fault: 'login-refused', by: 'psk', times: 1 },
  { fault: 'garbage', bytes: 12, times: 3 },
  { fault: 'split', pieces: 3, pauseMs: 5, times: 3 },
  { fault: 'unplug', afterBytes: 120, replugAfterMs: 100, times: 1 },
];

function faultsOf(
  { units, faultyShare, device }: StationUnderTestOptions,
  random: RandomSource,
): Record<string, UnitFault[]> {
  const faults: Record<string, UnitFault[]> = {};
  for (let unit = 1; unit <= units; unit++) {
    // The faults are those of commands about an identity, which a chip with NVS does not have.
    const faulty = random.chance(faultyShare) && device !== 'esp32c3';
    const fault = random.pick(PASSING_FAULTS);
    if (faulty) faults[unit] = [fault];
  }
  return faults;
}
