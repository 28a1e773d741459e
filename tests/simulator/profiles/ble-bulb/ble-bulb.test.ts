import type { Noble, Peripheral } from '@stoprocent/noble';
import { afterEach, describe, expect, it } from 'vitest';

import { installVirtualDriver } from '../../../../simulator/radio/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { stopNoble } from '../../support/stop-noble.ts';
import { Terminal } from '../../../kit/terminal.ts';

installVirtualDriver();

const started: Noble[] = [];
afterEach(() => started.splice(0).forEach(stopNoble));

describe('a Bluetooth bulb', () => {
  it("answers only the console's queries, and has no triple", async () => {
    await using simulator = await TestSimulator.start({ profile: 'ble-bulb' });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/^READY\r\n/);
    const { mac, serialNumber } = simulator.inner.units[0]!;
    for (const [question, answer] of [
      ['MAC?', `MAC:${mac}\r\n`],
      ['VER?', 'VER:GW-BULB-1 1.2.0\r\n'],
      ['SN?', `SN:${serialNumber}\r\n`],
      ['LAMP?', 'LAMP:0000000000\r\n'],
      ['AT', 'ERR\r\n'],
    ] as const) {
      expect(await terminal.ask(question, /\r\n/), question).toBe(answer);
    }
    expect(await terminal.ask('VCC?', /\r\n/)).toMatch(/^VCC:(329[4-9]|330[0-6])\r\n$/);
    expect(simulator.inner.flashOf(1).identity).toBeNull();
  });

  it('shows on its console the state set over Bluetooth', async () => {
    await using simulator = await TestSimulator.start({ profile: 'ble-bulb', ble: true });
    const { withBindings } = await import('@stoprocent/noble');
    const uart = { port: (await simulator.event('sim.air')).path, baudRate: 1_000_000 };
    const noble = withBindings('hci', { hciDriver: 'uart', bindParams: { uart } } as never);
    started.push(noble);
    await noble.waitForPoweredOnAsync(5_000);
    const mac = simulator.inner.units[0]!.mac.toLowerCase();
    const peripheral = await new Promise<Peripheral>((resolve, reject) => {
      noble.on('discover', (heard) => {
        if (heard.address === mac) resolve(heard);
      });
      noble.startScanningAsync([], true).catch(reject);
    });
    await noble.stopScanningAsync();
    await peripheral.connectAsync();
    const { characteristics } = await peripheral.discoverAllServicesAndCharacteristicsAsync();
    const command = characteristics.find(({ uuid }) => uuid === 'fff1')!;
    await command.writeAsync(Buffer.from('0164aabbcc', 'hex'), false);
    await using terminal = await Terminal.open(simulator.pathOf(1));
    await expect.poll(() => terminal.ask('LAMP?', /\r\n/)).toBe('LAMP:0164AABBCC\r\n');
    await peripheral.disconnectAsync();
  });
});
