import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { keepToOwner } from '#station';
import { registryDir } from '../data-directories.ts';
import { resource } from '../program.ts';
import { type CliProcess, type CliEvent, startCliProcess } from './cli-process.ts';

/** A unit of the simulated bench, as its label and its flash file name it. */
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

/** A registry and a bench in processes of their own: everything around a station. */
export interface SampleLine extends AsyncDisposable {
  readonly registryUrl: string;
  readonly mqttUrl: string;
  readonly token: string;
  readonly units: readonly SampleUnit[];
  /** Port of each slot, in order. */
  readonly ports: readonly string[];
  /** The Bluetooth adapter of the bench, as `--ble` names it. */
  readonly ble: string;
  /** Directory of the units' own flash files. */
  readonly flashDir: string;
  readonly productId: string;
  readonly recipePath: string;
  /** Fires when the registry or the bench dies; its reason is a fault with the last words of the one that did. */
  readonly broken: AbortSignal;
  /** Lays a unit on a slot, as an operator's hands do. Faults: `tool-missing` when the bench is gone, `timeout`. */
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
  const registry = opening.use(startCliProcess(serveArgs));
  const listening = await registry.waitFor((e) => e.event === 'registry.listening', READY_TIMEOUT_MS);
  const [registryUrl, mqttUrl, token] = ['http', 'mqtt', 'stationToken'].map((key) =>
    String(listening[key]),
  ) as [string, string, string];
  {
    using database = openRegistryStore(registryDir(dir));
    database.seedProduct({ productId: SAMPLE_PRODUCT, count: options.triples, prefix: 'demo_' });
  }
  const bench = opening.use(
    startCliProcess([
      'sim', 'units', '--profile', 'at-module', '--count', String(options.units), '--slots', String(options.slots),
      '--state', flashDir, '--mqtt', mqttUrl, '--faults', faultsFile, '--baud', String(options.baudRate),
      '--ble', '--start-empty', '--until-stdin-closes', '--json',
    ]), // prettier-ignore
  );
  const { units, ports, ble } = await readBench(bench, options);
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
    broken: AbortSignal.any([registry.gone, bench.gone]),
    place: (slot, unit) => place(bench, slot, unit),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

/** The bench begins empty: it tells of every fixture (`sim.listening`) and of every unit that waits (`sim.waiting`). */
async function readBench(
  bench: CliProcess,
  options: SampleLineOptions,
): Promise<{ units: SampleUnit[]; ports: string[]; ble: string }> {
  const last = (e: CliEvent): boolean => e.event === 'sim.waiting' && e['unit'] === options.units;
  await bench.waitFor(last, READY_TIMEOUT_MS);
  const units = bench.events
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
  const ports = bench.events.filter((e) => e.event === 'sim.listening').map((e) => String(e['path']));
  const air = bench.events.find((e) => e.event === 'sim.air');
  return { units, ports, ble: `uart:${String(air?.['path'])}` };
}

async function place(bench: CliProcess, slot: number, unit: number): Promise<void> {
  const done = bench.next(
    (e) => (e.event === 'sim.placed' && e['slot'] === slot && e['unit'] === unit) || e.event === 'sim.error',
    PLACED_TIMEOUT_MS,
  );
  bench.send({ place: { slot, unit } });
  const event = await done;
  if (event.event === 'sim.error')
    throw new Error(`the bench cannot place unit ${unit} on slot ${slot}: ${String(event['message'])}`);
}
