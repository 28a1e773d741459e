import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { isTcpPath, restrictToOwner } from '#station';
import { registryDir } from '../data-directories.ts';
import { resource } from '../program.ts';
import { type CliProcess, type CliEvent, startCliProcess } from './cli-process.ts';

/** A simulated unit. */
export interface SampleUnit {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
  /** The fault of a unit that is broken by design. */
  readonly fault: string | null;
}

export interface SampleLineOptions {
  readonly dir: string;
  readonly units: number;
  readonly slots: number;
  readonly faults: ReadonlyMap<number, string>;
  readonly triples: number;
  readonly baudRate: number;
  /** Called with a sentence for people. */
  readonly onNotice: (text: string) => void;
}

/** A registry and a simulator in their own processes: everything around a station. */
export interface SampleLine extends AsyncDisposable {
  readonly registryUrl: string;
  readonly mqttUrl: string;
  readonly token: string;
  readonly units: readonly SampleUnit[];
  /** Port of each slot, in order. */
  readonly ports: readonly string[];
  /** The simulated Bluetooth adapter, in the form of `--ble`. */
  readonly ble: string;
  /** Directory of the units' own flash files. */
  readonly flashDir: string;
  readonly productId: string;
  readonly recipePath: string;
  /** Fires when the registry or the simulator exits; the reason is a fault with its last error. */
  readonly brokenSignal: AbortSignal;
  /** Places a unit on a slot. Faults: `tool-missing` when the simulator has exited, `timeout`. */
  place(slot: number, unit: number): Promise<void>;
}

export const SAMPLE_PRODUCT = 'GWDEMO0001';
/** A busy computer may need half a minute to start a process. The exit of a process is noticed at once. */
const READY_TIMEOUT_MS = 60_000;
const PLACED_TIMEOUT_MS = 60_000;

export async function startSampleLine(options: SampleLineOptions): Promise<SampleLine> {
  const { dir } = options;
  const flashDir = join(dir, 'units');
  mkdirSync(flashDir, { recursive: true });
  restrictToOwner(dir);
  const faultsFile = join(dir, 'faults.json');
  writeFileSync(
    faultsFile,
    JSON.stringify({
      units: Object.fromEntries([...options.faults].map(([unit, fault]) => [unit, [fault]])),
    }),
  );
  await using opening = new AsyncDisposableStack();

  const serveArgs = ['registry', 'serve', '--data', dir, '--until-stdin-closes', '--json'];
  const registry = opening.use(startCliProcess(serveArgs));
  const listening = await registry.waitFor((e) => e.event === 'registry.listening', READY_TIMEOUT_MS);
  const [registryUrl, mqttUrl, token] = ['http', 'mqtt', 'stationToken'].map((key) =>
    String(listening[key]),
  ) as [string, string, string];
  {
    using store = openRegistryStore(registryDir(dir));
    store.seedProduct({ productId: SAMPLE_PRODUCT, count: options.triples, prefix: 'demo_' });
  }
  const simulator = opening.use(
    startCliProcess([
      'sim', 'units', '--profile', 'at-module', '--count', String(options.units), '--slots', String(options.slots),
      '--state', flashDir, '--mqtt', mqttUrl, '--faults', faultsFile, '--baud', String(options.baudRate),
      '--ble', '--start-empty', '--until-stdin-closes', '--json',
    ]), // prettier-ignore
  );
  const { units, ports, ble, tcpBecause } = await readUnits(simulator, options);
  if (tcpBecause !== null) options.onNotice(`simulated units are reached over TCP: ${tcpBecause}`);
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
    brokenSignal: AbortSignal.any([registry.exitSignal, simulator.exitSignal]),
    place: (slot, unit) => place(simulator, slot, unit),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** The simulator starts without placed units: it reports each fixture (`sim.listening`) and each unit (`sim.waiting`). */
async function readUnits(
  simulator: CliProcess,
  options: SampleLineOptions,
): Promise<{ units: SampleUnit[]; ports: string[]; ble: string; tcpBecause: string | null }> {
  const last = (e: CliEvent): boolean => e.event === 'sim.waiting' && e['unit'] === options.units;
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
  const adapter = String(simulator.events.find((e) => e.event === 'sim.air')?.['path']);
  const choice = simulator.events.find((e) => e.event === 'sim.ports');
  return {
    units,
    ports,
    ble: isTcpPath(adapter) ? adapter : `uart:${adapter}`,
    tcpBecause: choice === undefined ? null : String(choice['reason']),
  };
}

async function place(simulator: CliProcess, slot: number, unit: number): Promise<void> {
  const done = simulator.next(
    (e) => (e.event === 'sim.placed' && e['slot'] === slot && e['unit'] === unit) || e.event === 'sim.error',
    PLACED_TIMEOUT_MS,
  );
  simulator.send({ place: { slot, unit } });
  const event = await done;
  if (event.event === 'sim.error')
    throw new Error(`the simulator cannot place unit ${unit} on slot ${slot}: ${String(event['message'])}`);
}
