import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { unitFault } from '../../../../simulator/faults/index.ts';
import type { Terminal } from '../../../kit/terminal.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { startCloud, TRIPLE } from '../../support/online.ts';

const { productId, deviceName, secret } = TRIPLE;
const SETID = `SETID ${productId} ${deviceName} ${secret}`;
const NAME = `ID ${productId} ${deviceName}`;
const LINE = /^.*\r\n/m;
type Fault = Parameters<typeof unitFault.parse>[0];

async function start(
  profile = 'described-full',
  ...faults: Fault[]
): Promise<{ simulator: TestSimulator; terminal: Terminal; stop: AsyncDisposableStack }> {
  const stop = new AsyncDisposableStack();
  const simulator = stop.use(
    await TestSimulator.start({ profile, faults: { units: { '1': faults.map((f) => unitFault.parse(f)) } } }),
  );
  const terminal = stop.use(await simulator.seeBoot());
  await terminal.expect(/READY\r\n/);
  return { simulator, terminal, stop };
}

describe('a unit with a text console', () => {
  it('says who it is, takes an identity, shows and forgets it', async () => {
    const { simulator, terminal, stop } = await start();
    await using _ = stop;
    const { mac, serialNumber } = simulator.inner.units[0]!;
    for (const [line, answer] of [
      ['MAC?', `MAC ${mac}`],
      ['VER?', 'VER GW-CONSOLE-1 1.0.0'],
      ['SN?', `SN ${serialNumber}`],
      ['ID?', 'ID -'],
      [SETID, 'OK'],
      ['ID?', `${NAME} ${secret}`],
      ['CLRID', 'OK'],
      ['ID?', 'ID -'],
      ['SETID P dev', 'ERR VALUE'],
      [`SETID P ${'d'.repeat(49)} ${secret}`, 'ERR VALUE'],
      [`SETID P dev ${'s'.repeat(45)}`, 'ERR VALUE'],
      [`SETID P dev s more`, 'ERR VALUE'],
      ['x'.repeat(161), 'ERR LINE'],
      ['AT', 'ERR'],
      ['LOGIN', 'ERR LOGIN'],
    ] as const) {
      expect(await terminal.ask(line, LINE), line).toBe(`${answer}\r\n`);
    }
    expect(await terminal.ask('VCC?', LINE)).toMatch(/^VCC (329[4-9]|330[0-6])\r\n$/);
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 1 });
  });

  it.each([
    ['described-full', secret],
    ['described-sha256', createHash('sha256').update(secret).digest('hex')],
    ['described-md5', createHash('md5').update(secret).digest('hex')],
    // From Python: reduce(xor, secret) and binascii.crc32(secret).
    ['described-bcc', '3c'],
    ['described-crc32', '7a0e65f3'],
    ['described-name', null],
  ])('%s shows its part of the secret', async (profile, proof) => {
    const { terminal, stop } = await start(profile);
    await using _ = stop;
    expect(await terminal.ask(SETID, LINE)).toBe('OK\r\n');
    expect(await terminal.ask('ID?', LINE)).toBe(`${NAME}${proof === null ? '' : ` ${proof}`}\r\n`);
  });

  it('of the opposite dialect writes digests in upper case, and other line ends', async () => {
    await using simulator = await TestSimulator.start({ profile: 'described-sha256', dialect: 'opposite' });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/^\nREADY\n/);
    await terminal.ask(SETID, /^\nOK\n/);
    const digest = createHash('sha256').update(secret).digest('hex').toUpperCase();
    await terminal.ask('ID?', new RegExp(`^\\n${NAME} ${digest}\\n`));
  });

  it('keeps the old identity when its power is lost during a write', async () => {
    await using simulator = await TestSimulator.start({ profile: 'described-full', timeScale: 1 });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/READY\r\n/);
    await terminal.ask(SETID, /OK\r\n/);
    const at = simulator.events.length;
    await terminal.write('SETID P dev2 other\r\n');
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    await terminal.expect(/READY\r\n/);
    expect(await terminal.ask('ID?', LINE)).toBe(`${NAME} ${secret}\r\n`);
    expect(simulator.events.slice(at).filter(({ event }) => event === 'sim.committed')).toEqual([]);
  });

  it('logs in with the identity that it holds, until the identity changes', async () => {
    await using broker = await startCloud();
    await using simulator = await TestSimulator.start({ profile: 'described-bcc', mqttUrl: broker.url });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/READY\r\n/);
    await terminal.ask(SETID, /OK\r\n/);
    expect(await terminal.ask('LOGIN', LINE)).toBe('ONLINE\r\n');
    expect(await terminal.ask('LOGIN', LINE)).toBe('ONLINE\r\n');
    await terminal.ask(SETID.replace('Iy', 'yI'), /OK\r\n/);
    await expect.poll(() => broker.connections).toBe(0);
    expect(await terminal.ask('LOGIN', LINE)).toBe('ERR LOGIN\r\n');
    expect(broker.logins.map(({ accepted }) => accepted)).toEqual([true, false]);
  });
});

describe('the faults of a write', () => {
  it.each([
    [{ fault: 'reject-write', times: 1 }, 'ERR BUSY', 'ID -'],
    [{ fault: 'reject-write', reply: 'fail', times: 1 }, 'ERR FLASH', 'ID -'],
    [{ fault: 'forget', times: 1 }, 'OK', 'ID -'],
    [{ fault: 'store-wrong', times: 1 }, 'OK', `${NAME} AyXmUW5sU/q1vnb5yzTkeQ==`],
    [{ fault: 'store-wrong', sameChecksum: true, times: 1 }, 'OK', `${NAME} yIXmUW5sU/q1vnb5yzTkeQ==`],
    [{ fault: 'write-no-reply', times: 1 }, null, `${NAME} ${secret}`],
    [{ fault: 'reboot-on-write', times: 1 }, 'READY', `${NAME} ${secret}`],
    [{ fault: 'reboot-on-write', when: 'before', times: 1 }, 'READY', 'ID -'],
    [{ fault: 'reboot', times: 1 }, 'READY', 'ID -'],
  ] as [Fault, string | null, string][])('%j', async (fault, answer, identity) => {
    const { simulator, terminal, stop } = await start();
    await using _ = stop;
    const at = simulator.events.length;
    await simulator.inner.changeFaults(1, { add: [unitFault.parse(fault)] });
    await terminal.write(`${SETID}\r\n`);
    await simulator.event('sim.faults', ({ faults }) => faults.length === 0, at);
    if (answer !== null) await terminal.expect(new RegExp(`${answer}\\r\\n`));
    expect(await terminal.ask('ID?', LINE)).toBe(`${identity}\r\n`);
  });
});
