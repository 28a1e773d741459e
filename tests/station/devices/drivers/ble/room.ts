import type { BleCentral } from '../../../../../station/core/platform/index.ts';
import {
  createBleCentral,
  type BleCentralOptions,
} from '../../../../../station/devices/drivers/ble/index.ts';
import {
  installVirtualDriver,
  VIRTUAL_DRIVER,
  VirtualController,
} from '../../../../../simulator/air/index.ts';
import type { FaultFile } from '#simulator';
import { TestBench } from '../../../../simulator/support/bench.ts';

// Before anything loads noble.
installVirtualDriver();

export const STEP = { timeoutMs: 2000, signal: AbortSignal.timeout(60_000) };

/** A room with units and a station's adapter, both ways in which that may be wired. */
export interface Room extends AsyncDisposable {
  readonly bench: TestBench;
  readonly ble: BleCentral;
  readonly macs: readonly string[];
  /** The Bluetooth of these units, all by default, is heard. */
  awake(...units: readonly number[]): Promise<void>;
}

export type Wiring = 'in-process' | 'uart';

export async function openRoom(
  wiring: Wiring,
  units: number,
  options: BleCentralOptions & { readonly faults?: FaultFile } = {},
): Promise<Room> {
  const bench = await TestBench.start({ count: units, ble: true, faults: options.faults });
  const { air } = bench.bench;
  if (air === null) throw new Error('the bench has no air');
  const ble = createBleCentral(
    wiring === 'uart'
      ? `uart:${air.port.path}`
      : {
          kind: 'driver',
          driver: VIRTUAL_DRIVER,
          parameters: { controller: new VirtualController(air.air, { address: 'A2:AD:00:00:00:02' }) },
        },
    options,
  );
  const macs = bench.bench.units.map(({ mac }) => mac);
  return {
    bench,
    ble,
    macs,
    async awake(...units) {
      const heard = macs.map(async (mac, at) =>
        units.length > 0 && !units.includes(at + 1)
          ? true
          : ble.listen(mac, () => true, { withinMs: 10_000, signal: STEP.signal }),
      );
      await Promise.all(heard);
    },
    async [Symbol.asyncDispose]() {
      await ble[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}
