import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BleCentral } from '../../../../../station/core/platform/index.ts';
import {
  createBleCentral,
  type BleCentralOptions,
} from '../../../../../station/devices/drivers/ble/index.ts';
import {
  installVirtualDriver,
  openAirPort,
  VIRTUAL_DRIVER,
  VirtualController,
} from '../../../../../simulator/radio/index.ts';
import { loadLibc } from '../../../../../simulator/pty/index.ts';
import type { FaultFile } from '#simulator';
import { TestBench } from '../../../../simulator/support/test-simulator.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';
import { tempFolder } from '../../../../simulator/support/temp-folder.ts';

// Before anything loads noble.
installVirtualDriver();

export const STEP = { timeoutMs: PATIENCE_MS, signal: new AbortController().signal };

/** A room with units and a station's adapter, both ways in which that may be wired. */
export interface Room extends AsyncDisposable {
  readonly bench: TestBench;
  readonly ble: BleCentral;
  readonly macs: readonly string[];
  /** Pulls the adapter out of its port. */
  pull(): void;
  /** Puts another adapter into the port from which the first was pulled. */
  plug(): void;
  /** The Bluetooth of these units, all by default, is heard. */
  awake(...units: readonly number[]): Promise<void>;
}

export type Wiring = 'in-process' | 'uart';

export async function openRoom(
  wiring: Wiring,
  units: number,
  options: BleCentralOptions & { readonly faults?: FaultFile } = {},
): Promise<Room> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await tempFolder());
  const bench = opening.use(await TestBench.start({ count: units, ble: true, faults: options.faults }));
  const { air } = bench.bench;
  if (air === null) throw new Error('the bench has no air');
  // A port keeps its name, as by USB topology, whatever the system calls it after a replug.
  const port = join(folder.path, 'adapter');
  symlinkSync(air.port.path, port);
  const ble = createBleCentral(
    wiring === 'uart'
      ? `uart:${port}`
      : {
          kind: 'driver',
          driver: VIRTUAL_DRIVER,
          parameters: { controller: new VirtualController(air.air, { address: 'A2:AD:00:00:00:02' }) },
        },
    options,
  );
  opening.use(ble);
  const close = opening.move();
  const macs = bench.bench.units.map(({ mac }) => mac);
  return {
    bench,
    ble,
    macs,
    async awake(...units) {
      const heard = macs.map(async (mac, at) =>
        units.length > 0 && !units.includes(at + 1)
          ? true
          : ble.scan(mac, () => true, { withinMs: PATIENCE_MS, signal: STEP.signal }),
      );
      await Promise.all(heard);
    },
    pull() {
      rmSync(port);
      air.port.close();
    },
    plug: () => symlinkSync(openAirPort(air.air, loadLibc(), { address: 'A2:AD:00:00:01:01' }).path, port),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
