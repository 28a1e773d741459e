import type { Noble } from '@stoprocent/noble';
import { afterEach, describe, expect, it } from 'vitest';

import { installVirtualDriver } from '../../../../simulator/radio/index.ts';
import { userFrame } from '../../../../simulator/parts/voice/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { expectBytes } from '../../support/frames.ts';
import { stopNoble } from '../../support/stop-noble.ts';
import { Terminal } from '../../../kit/terminal.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';

installVirtualDriver();

const started: Noble[] = [];
afterEach(() => started.splice(0).forEach(stopNoble));

/** Every name that a foreign host hears, as often as it hears it. */
async function listen(simulator: TestSimulator): Promise<{ readonly names: string[] }> {
  const { withBindings } = await import('@stoprocent/noble');
  const uart = { port: (await simulator.event('sim.air')).path, baudRate: 1_000_000 };
  const noble = withBindings('hci', { hciDriver: 'uart', bindParams: { uart } } as never);
  started.push(noble);
  await noble.waitForPoweredOnAsync(PATIENCE_MS);
  const names: string[] = [];
  noble.on('discover', ({ advertisement }) => names.push(advertisement.localName ?? ''));
  await noble.startScanningAsync([], true);
  return { names };
}

describe('the Bluetooth side of a voice module', () => {
  it('SU-63T: advertises the whole MAC with colons, and still recognises a word', async () => {
    await using simulator = await TestSimulator.start({ profile: 'voice-su63t', ble: true });
    await using terminal = await Terminal.open(simulator.pathOf(1));
    const { names } = await listen(simulator);
    const { mac } = simulator.inner.units[0]!;
    expect(mac).toMatch(/^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    await expect.poll(() => names).toContain(`JX_SU_63t_${mac}`);
    await simulator.inner.stimulate(1, { kind: 'hear', word: '打开灯光' });
    await expectBytes(terminal, userFrame(0x40, Buffer.of(0x10, 1, 3)).toString('hex'));
  });

  it('JX-12F: advertises as long as it has no Wi-Fi, and not when it has', async () => {
    await using simulator = await TestSimulator.start({
      profile: 'voice-jx12f',
      count: 2,
      ble: true,
      faults: { units: { 1: [{ fault: 'no-wifi' }], 2: [{ fault: 'no-wifi' }] } },
    });
    await using terminal = await simulator.talkTo();
    const { names } = await listen(simulator);
    const [name = '', other = ''] = simulator.inner.units.map(
      ({ mac }) => `JX-12F_${mac.replaceAll(':', '').slice(-4)}`,
    );
    await expect.poll(() => names).toContain(name);
    await terminal.ask('AT+CWJAP="GW-LINE","12345678"');
    // What was on its way may still come; then the other one is heard alone.
    await expect
      .poll(() => names.slice(names.lastIndexOf(name) + 1).filter((heard) => heard === other).length)
      .toBeGreaterThan(5);
    await terminal.ask('AT+CWQAP', /WIFI DISCONNECT\r\n/);
    names.length = 0;
    await expect.poll(() => names).toContain(name);
  });
});
