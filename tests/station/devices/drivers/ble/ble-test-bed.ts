import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BleCentral } from '../../../../../station/core/platform/index.ts';
import {
  createBleCentral,
  type BleCentralOptions,
} from '../../../../../station/devices/drivers/ble/index.ts';
import {
  installVirtualDriver,
  openHciPort,
  VIRTUAL_DRIVER,
  VirtualController,
} from '../../../../../simulator/radio/index.ts';
import { openTcpPortFactory } from '../../../../../simulator/serial-line/index.ts';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import type { FaultFile } from '#simulator';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

// Before anything loads noble.
installVirtualDriver();

/** Limits of one operation. */
export const WAIT_OPTIONS = { timeoutMs: PATIENCE_MS, signal: NEVER_ABORTED };

/** Simulated units and the Bluetooth adapter of a station; the adapter is connected in either of two ways. */
export interface BleTestBed extends AsyncDisposable {
  readonly simulator: TestSimulator;
  readonly ble: BleCentral;
  readonly macs: readonly string[];
  unplugAdapter(): void;
  /** Puts another adapter into the port from which the first was unplugged. */
  plugOtherAdapter(): void;
  /** Waits until the adapter has received an advertisement of these units, of all by default. */
  waitUntilAdvertising(...units: readonly number[]): Promise<void>;
}

export type AdapterConnection = 'in-process' | 'uart' | 'tcp';

export async function openBleTestBed(
  connection: AdapterConnection,
  units: number,
  options: BleCentralOptions & { readonly faults?: FaultFile } = {},
): Promise<BleTestBed> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(tempDir());
  const simulator = opening.use(
    await TestSimulator.start({ count: units, ble: true, faults: options.faults }),
  );
  const { bluetooth } = simulator.inner;
  if (bluetooth === null) throw new Error('the simulator has no Bluetooth');
  // A port keeps its name, as by USB topology, whatever the system calls it after a replug.
  const port = join(folder.path, 'adapter');
  symlinkSync(bluetooth.adapter.path, port);
  const { medium } = bluetooth;
  const tcpPorts = connection === 'tcp' ? await openTcpPortFactory(() => undefined) : null;
  const tcpAdapter =
    tcpPorts === null ? null : openHciPort(medium, tcpPorts.open(), { address: 'A2:AD:00:00:00:02' });
  const ble = createBleCentral(
    tcpAdapter !== null
      ? tcpAdapter.path
      : connection === 'uart'
        ? `uart:${port}`
        : {
            kind: 'driver',
            driver: VIRTUAL_DRIVER,
            parameters: {
              controller: new VirtualController(medium, { address: 'A2:AD:00:00:00:02' }),
            },
          },
    options,
  );
  opening.use(ble);
  const close = opening.move();
  const macs = simulator.inner.units.map(({ mac }) => mac);
  return {
    simulator,
    ble,
    macs,
    async waitUntilAdvertising(...units) {
      const heard = macs.map(async (mac, at) =>
        units.length > 0 && !units.includes(at + 1)
          ? true
          : ble.scan(mac, () => true, { timeoutMs: PATIENCE_MS, signal: NEVER_ABORTED }),
      );
      await Promise.all(heard);
    },
    unplugAdapter() {
      rmSync(port);
      (tcpAdapter ?? bluetooth.adapter).close();
    },
    plugOtherAdapter() {
      const next = tcpPorts?.reopen(tcpAdapter?.path ?? '') ?? openPty(loadLibc());
      const other = openHciPort(medium, next, { address: 'A2:AD:00:00:01:01' });
      if (tcpPorts === null) symlinkSync(other.path, port);
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}
