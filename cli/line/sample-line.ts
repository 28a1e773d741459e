import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { keepToOwner } from '#station';
import { registryDir } from '../registry-dir.ts';
import { resource } from '../resources.ts';
import { type Child, type ChildEvent, startChild } from './child.ts';

/** A simulated unit, as its label and its flash file name it. */
export interface SampleUnit {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
  /** Broken by design, when it is. */
  readonly fault: string | null;
}

export interface SampleLineOptions {
  readonly dir: string;
  readonly units: number;
  readonly slots: number;
  readonly faults: ReadonlyMap<number, string>;
  readonly triples: number;
  readonly baudRate: number;
}

/** A registry and a simulator in processes of their own: the environment of a station. */
export interface SampleLine extends AsyncDisposable {
  readonly registryUrl: string;
  readonly mqttUrl: string;
  readonly token: string;
  readonly units: readonly SampleUnit[];
  /** Port of each slot, in order. */
  readonly ports: readonly string[];
  /** The simulated Bluetooth adapter, as `--ble` names it. */
  readonly ble: string;
  /** Directory of the units' own flash files. */
  readonly flashDir: string;
  readonly productId: string;
  readonly recipePath: string;
  /** Aborts when the registry or the simulator ends unexpectedly. The reason is a fault with its last output. */
  readonly broken: AbortSignal;
  /** Places a unit on a slot. Faults: `tool-missing` when the simulator has ended, `timeout`. */
  place(slot: number, unit: number): Promise<void>;
}

export const SAMPLE_PRODUCT = 'GWDEMO0001';
/** A busy computer starts a process in half a minute; a process that fails ends, and its end is seen at once. */
const READY_TIMEOUT_MS = 60_000;
const PLACED_TIMEOUT_MS = 60_000;

export async function startSampleLine(options: SampleLineOptions): Promise<SampleLine> {
  const { dir } = options;
  const flashDir = join(dir, 'units');
  mkdirSync(flashDir, { recursive: true });
  keepToOwner(dir);
  const faultsFile = join(dir, 'faults.json');
  writeFileSync(
    faultsFile,
    JSON.stringify({
      units: Object.fromEntries([...options.faults].map(([unit, fault]) => [unit, [fault]])),
    }),
  );
  await using opening = new AsyncDisposableStack();

  const serveArgs = ['registry', 'serve', '--data', dir, '--json'];
  const registry = opening.use(startChild(serveArgs));
  const listening = await registry.waitFor((e) => e.event === 'registry.listening', READY_TIMEOUT_MS);
  const [registryUrl, mqttUrl, token] = ['http', 'mqtt', 'stationToken'].map((key) =>
    String(listening[key]),
  ) as [string, string, string];
  {
    using database = openRegistryStore(registryDir(dir));
    database.seedProduct({ productId: SAMPLE_PRODUCT, count: options.triples, prefix: 'demo_' });
  }
  const simulator = opening.use(
    startChild([
      'sim', 'units', '--profile', 'at-module', '--count', String(options.units), '--slots', String(options.slots),
      '--state', flashDir, '--mqtt', mqttUrl, '--faults', faultsFile, '--baud', String(options.baudRate),
      '--ble', '--start-empty', '--until-stdin-closes', '--json',
    ]), // prettier-ignore
  );
  const { units, ports, ble } = await readSimulator(simulator, options);
  const close = opening.move();
  return {
    registryUrl,
    mqttUrl,
    token,
    units,
    ports,
    ble,
    flashDir,
    productId: SAMPLE_PRODUCT,
    recipePath: resource('resources/recipes/at-wifi-ble-module.yaml'),
    broken: AbortSignal.any([registry.gone, simulator.gone]),
    place: (slot, unit) => place(simulator, slot, unit),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** The simulator starts empty. It reports each fixture (`sim.listening`) and each waiting unit (`sim.waiting`). */
async function readSimulator(
  simulator: Child,
  options: SampleLineOptions,
): Promise<{ units: SampleUnit[]; ports: string[]; ble: string }> {
  const last = (e: ChildEvent): boolean => e.event === 'sim.waiting' && e['unit'] === options.units;
  await simulator.waitFor(last, READY_TIMEOUT_MS);
  const units = simulator.events
    .filter((e) => e.event === 'sim.waiting')
    .map((e) => {
      const unit = Number(e['unit']);
      return {
        unit,
        mac: String(e['mac']),
        serialNumber: String(e['serialNumber']),
        fault: options.faults.get(unit) ?? null,
      };
    });
  const ports = simulator.events.filter((e) => e.event === 'sim.listening').map((e) => String(e['path']));
  const air = simulator.events.find((e) => e.event === 'sim.air');
  return { units, ports, ble: `uart:${String(air?.['path'])}` };
}

async function place(simulator: Child, slot: number, unit: number): Promise<void> {
  const done = simulator.next(
    (e) => (e.event === 'sim.placed' && e['slot'] === slot && e['unit'] === unit) || e.event === 'sim.error',
    PLACED_TIMEOUT_MS,
  );
  simulator.send({ place: { slot, unit } });
  const event = await done;
  if (event.event === 'sim.error')
    throw new Error(`the simulator cannot place unit ${unit} on slot ${slot}: ${String(event['message'])}`);
}
