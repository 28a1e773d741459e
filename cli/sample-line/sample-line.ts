import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { restrictToOwner } from '#station';
import { registryDir } from '../data-directories.ts';
import { resource } from '../program.ts';
import { seedChips } from './chip-firmware.ts';
import { startCliProcess } from './cli-process.ts';
import { READY_TIMEOUT_MS, type SampleUnit, startSimulatedUnits } from './simulated-units.ts';

export interface SampleLineOptions {
  readonly dir: string;
  readonly units: number;
  /** Units with a bare ESP32-C3, whose numbers follow. */
  readonly chips?: number;
  readonly slots: number;
  readonly faults: ReadonlyMap<number, string>;
  readonly triples: number;
  readonly baudRate: number;
  /** Called with a sentence for people. */
  readonly onNotice: (text: string) => void;
}

/** A registry and a simulator in their own processes: everything around a station. */
export interface SampleLine extends AsyncDisposable {
  /** Directory of everything of the line. */
  readonly dir: string;
  readonly registryUrl: string;
  readonly mqttUrl: string;
  readonly token: string;
  readonly units: readonly SampleUnit[];
  /** Those with a bare ESP32-C3, which are also among `units`. */
  readonly chips: readonly SampleUnit[];
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
  const { faults, chips = 0 } = options;
  if (chips > 0) seedChips(dir, chips);
  const simulator = opening.use(
    await startSimulatedUnits({
      args: [
        '--profile',
        'at-module',
        '--mqtt',
        mqttUrl,
        '--faults',
        faultsFile,
        '--baud',
        String(options.baudRate),
        '--ble',
      ],
      units: options.units,
      chips,
      slots: options.slots,
      flashDir,
      faults,
    }),
  );
  const { units, ports, ble, tcpBecause } = simulator;
  if (ble === null) throw new Error('the simulator has no Bluetooth adapter');
  if (tcpBecause !== null) options.onNotice(`simulated units are reached over TCP: ${tcpBecause}`);
  const close = opening.move();
  return {
    dir,
    registryUrl,
    mqttUrl,
    token,
    units,
    chips: units.slice(options.units),
    ports,
    ble,
    flashDir,
    productId: SAMPLE_PRODUCT,
    recipePath: resource('resources/recipes/at-wifi-ble-module.yaml'),
    brokenSignal: AbortSignal.any([registry.exitSignal, simulator.exitSignal]),
    place: (slot, unit) => simulator.place(slot, unit),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
