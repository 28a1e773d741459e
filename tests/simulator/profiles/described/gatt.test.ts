import type { Characteristic, Noble, Peripheral } from '@stoprocent/noble';
import { afterEach, describe, expect, it } from 'vitest';

import { unitFault } from '../../../../simulator/faults/index.ts';
import { installVirtualDriver } from '../../../../simulator/radio/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { stopNoble } from '../../support/stop-noble.ts';
import { TRIPLE } from '../../support/online.ts';

installVirtualDriver();

const started: Noble[] = [];
afterEach(() => started.splice(0).forEach(stopNoble));

/** A central that is connected to the unit: its characteristics, and what the unit notified. */
async function connect(simulator: TestSimulator): Promise<{
  readonly peripheral: Peripheral;
  readonly notified: string[];
  write(uuid: string, value: string | Uint8Array): Promise<void>;
  read(): Promise<string>;
}> {
  const { withBindings } = await import('@stoprocent/noble');
  const uart = { port: (await simulator.event('sim.air')).path, baudRate: 1_000_000 };
  const noble = withBindings('hci', { hciDriver: 'uart', bindParams: { uart } } as never);
  started.push(noble);
  await noble.waitForPoweredOnAsync(5_000);
  const mac = simulator.inner.units[0]!.mac.toLowerCase();
  const peripheral = await new Promise<Peripheral>((resolve, reject) => {
    noble.on('discover', (found) => {
      if (found.address === mac) resolve(found);
    });
    noble.startScanningAsync([], true).catch(reject);
  });
  await noble.stopScanningAsync();
  await peripheral.connectAsync();
  const { characteristics } = await peripheral.discoverAllServicesAndCharacteristicsAsync();
  const named = (uuid: string): Characteristic => characteristics.find((one) => one.uuid === uuid)!;
  const notified: string[] = [];
  named('ffe5').on('data', (value: Buffer) => notified.push(value.toString('hex')));
  await named('ffe5').subscribeAsync();
  return {
    peripheral,
    notified,
    write: (uuid, value) => named(uuid).writeAsync(Buffer.from(value as string), false),
    read: async () => (await named('ffe6').readAsync()).toString(),
  };
}

describe('a unit that takes an identity over Bluetooth', () => {
  it('stores the fields, shows the name, and erases it', async () => {
    await using simulator = await TestSimulator.start({ profile: 'described-gatt', ble: true });
    const unit = await connect(simulator);
    const deviceName = 'd'.repeat(48);
    expect(await unit.read()).toBe('-');
    await unit.write('ffe1', TRIPLE.productId);
    await unit.write('ffe2', deviceName);
    await unit.write('ffe3', TRIPLE.secret);
    await unit.write('ffe4', Buffer.of(1));
    await expect.poll(() => unit.notified).toEqual(['0100']);
    expect(await unit.read()).toBe(`${TRIPLE.productId} ${deviceName}`);
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: { deviceName }, identityWrites: 1 });
    // The fields of the last write are forgotten.
    await unit.write('ffe4', Buffer.of(1));
    await expect.poll(() => unit.notified).toEqual(['0100', '0101']);
    await unit.write('ffe4', Buffer.of(2));
    await expect.poll(() => unit.notified).toEqual(['0100', '0101', '0200']);
    expect(await unit.read()).toBe('-');
    await unit.peripheral.disconnectAsync();
  });

  it('loses its connections when it restarts during the write', async () => {
    await using simulator = await TestSimulator.start({
      profile: 'described-gatt',
      ble: true,
      faults: { units: { '1': [unitFault.parse({ fault: 'reboot-on-write', times: 1 })] } },
    });
    const unit = await connect(simulator);
    const lost = new Promise<void>((resolve) => void unit.peripheral.once('disconnect', () => resolve()));
    for (const [uuid, value] of [
      ['ffe1', TRIPLE.productId],
      ['ffe2', TRIPLE.deviceName],
      ['ffe3', TRIPLE.secret],
      ['ffe4', Buffer.of(1)],
    ] as const)
      await unit.write(uuid, value);
    await lost;
    expect(unit.notified).toEqual([]);
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: { deviceName: TRIPLE.deviceName } });
  });
});
