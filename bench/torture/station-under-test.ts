import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { UnitFault } from '#simulator';
import { type HostEvent, Keeper } from './supervisor.ts';
import { type Network, startNetwork } from './faulty-network.ts';
import { holdPtyNumbers } from './pty-numbers.ts';
import type { BenchOrder, StationOpen } from './commands.ts';
import { type Chance, createChance } from './random-source.ts';
import { RECIPE } from './recipe.ts';
import type { RegistrySite } from './registry-under-test.ts';
import type { Sabotage } from './mutations.ts';

export interface LaneOptions {
  /** 1, 2, …: the station's number in its name, its units' serial numbers and its directory. */
  readonly number: number;
  readonly dir: string;
  /** Folder of the hosts' files. */
  readonly hosts: string;
  readonly seed: string;
  readonly units: number;
  readonly slots: number;
  readonly leaseBlock: number;
  readonly restless: boolean;
  readonly sabotage: Sabotage | null;
  readonly timeScale: number;
  /** Share of units with something wrong that passes. */
  readonly faultyShare: number;
  readonly registry: RegistrySite;
  readonly onKilled: (who: 'station' | 'simulator', lane: Lane) => void;
}

export interface LaneUnit {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
}

/** One station with its bench, its units and its network, all of which can be killed and come back. */
export interface Lane extends AsyncDisposable {
  readonly station: Keeper;
  readonly bench: Keeper;
  readonly network: Network;
  readonly name: string;
  readonly dataDir: string;
  readonly flashDir: string;
  readonly slots: number;
  /** Known once the bench was ready for the first time. */
  readonly units: readonly LaneUnit[];
  /** The unit on each slot by now, as the bench was last told. */
  readonly lying: ReadonlyMap<number, LaneUnit>;
  /** Runs that the station said were finished: run id to outcome. */
  readonly announced: ReadonlyMap<string, string>;
  /** The batch all its units belong to; known once the station was ready. */
  readonly batchId: () => string;
  /** Point at which the station dies after its next start; that start only. */
  dieAtStart: number;
  /** Lays a unit on a slot, unless it lies there; false when the bench died over it. */
  place(slot: number, unit: LaneUnit): Promise<boolean>;
}

export async function startLane(options: LaneOptions): Promise<Lane> {
  const { number, slots, registry } = options;
  const name = `T${number}`;
  const dir = join(options.dir, `station-${number}`);
  const dataDir = join(dir, 'data');
  const flashDir = join(dir, 'units');
  mkdirSync(flashDir, { recursive: true });
  await using opening = new AsyncDisposableStack();
  const network = opening.use(await startNetwork(createChance(options.seed, 'network', number)));
  registry.follow((url) => network.lead(url));

  // A port keeps its name at the station, as by USB topology, whatever the system calls it after a restart.
  const ports = Array.from({ length: slots }, (_, index) => join(dir, `port${index + 1}`));
  const portOf = (slot: number): string => ports[slot - 1] ?? '';
  const numbers = opening.use(holdPtyNumbers());
  const unplug = (slot: number): void => {
    rmSync(portOf(slot), { force: true });
    numbers.release(slot);
  };
  const plug = (slot: number, target: string): void => {
    unplug(slot);
    if (numbers.hold(slot, target)) symlinkSync(target, portOf(slot));
  };
  const lying = new Map<number, LaneUnit>();
  const announced = new Map<string, string>();
  let units: readonly LaneUnit[] = [];
  let batchId = '';

  const faults = faultsOf(options, createChance(options.seed, 'faults', number));
  const bench: Keeper = new Keeper({
    name: `bench ${number}`,
    script: join(options.hosts, 'bench-host.mjs'),
    ready: 'bench.ready',
    open: (): BenchOrder => ({
      open: {
        units: options.units,
        slots,
        stateDir: flashDir,
        mqttUrl: registry.mqtt(),
        seed: `${options.seed}-${number}`,
        serialStart: number * 100_000 + 1,
        timeScale: options.timeScale,
        faults,
      },
    }),
    onEvent(event) {
      if (event.event === 'sim.unplugged') unplug(Number(event['slot']));
      if (event.event === 'sim.plugged') plug(Number(event['slot']), String(event['path']));
      if (event.event !== 'bench.ready') return;
      units = event['units'] as LaneUnit[];
      (event['ports'] as string[]).forEach((target, index) => plug(index + 1, target));
    },
    onKilled() {
      ports.forEach((_, index) => unplug(index + 1));
      lying.clear();
      options.onKilled('simulator', lane);
    },
  });
  const station: Keeper = new Keeper({
    name: `station ${number}`,
    script: join(options.hosts, 'station-host.mjs'),
    ready: 'station.ready',
    open(): StationOpen {
      const dieAt = lane.dieAtStart;
      lane.dieAtStart = 0;
      return {
        open: {
          dataDir,
          station: name,
          registryUrl: network.url,
          token: registry.token(),
          recipe: RECIPE,
          ports,
          leaseBlock: options.leaseBlock,
          restless: options.restless,
          sabotage: options.sabotage,
          dieAt,
        },
      };
    },
    onEvent(event: HostEvent) {
      if (event.event === 'run.finished') announced.set(String(event['run']), String(event['outcome']));
      if (event.event === 'station.ready') batchId = String(event['batch']);
    },
    onKilled: () => options.onKilled('station', lane),
  });
  opening.use(bench);
  opening.use(station);

  const lane: Lane = {
    station,
    bench,
    network,
    name,
    dataDir,
    flashDir,
    slots,
    get units() {
      return units;
    },
    lying,
    announced,
    batchId: () => batchId,
    dieAtStart: 0,
    async place(slot, unit) {
      await bench.ready();
      if (lying.get(slot)?.unit === unit.unit) return true;
      // Noted before it is done: a unit that may lie there is looked at after a kill.
      lying.set(slot, unit);
      const answer = await bench.ask({ place: { slot, unit: unit.unit } });
      if (answer !== null && answer['code'] !== undefined) throw new Error(String(answer['message']));
      return answer !== null;
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
  bench.start();
  await bench.ready();
  station.start();
  await station.ready();
  const close = opening.move();
  return lane;
}

/** Things that go wrong with a unit once: it must pass all the same. */
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

function faultsOf({ units, faultyShare }: LaneOptions, chance: Chance): Record<string, UnitFault[]> {
  const faults: Record<string, UnitFault[]> = {};
  for (let unit = 1; unit <= units; unit++) {
    const faulty = chance.chance(faultyShare);
    const fault = chance.pick(PASSING_FAULTS.map((one) => [1, one] as const));
    if (faulty) faults[unit] = [fault];
  }
  return faults;
}
