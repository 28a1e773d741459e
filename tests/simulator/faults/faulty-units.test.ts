import { describe, expect, it } from 'vitest';

import { unitFault, type UnitFault } from '../../../simulator/faults/index.ts';
import { TestSimulator } from '../../kit/test-simulator.ts';
import { TestBroker } from '../support/broker.ts';
import { Terminal } from '../../kit/terminal.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const SET = `AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","${SECRET}"`;

type Written = Parameters<typeof unitFault.parse>[0];

function faulty(
  fault: Written,
  options: Parameters<typeof TestSimulator.start>[0] = {},
): Promise<TestSimulator> {
  return TestSimulator.start({ ...options, faults: { units: { '1': [fault as UnitFault] } } });
}

const cure = (simulator: TestSimulator): Promise<void> => simulator.inner.changeFaults(1, { clear: true });

describe('a faulty unit', () => {
  it('silent: does not answer until the fault is removed', async () => {
    await using simulator = await faulty({ fault: 'silent' });
    await using terminal = await Terminal.open(simulator.pathOf(1));
    await expect(terminal.ask('AT', undefined, 300)).rejects.toThrow(/got ""/);
    await cure(simulator);
    expect(await terminal.ask('AT')).toContain('OK');
    expect(simulator.events.at(-1)).toMatchObject({ event: 'sim.faults', unit: 1, faults: [] });
  });

  it('slow: multiplies its times by the factor', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 1 });
    await using terminal = await simulator.talkTo();
    const answerMs = async (): Promise<number> => {
      const start = performance.now();
      await terminal.ask('AT');
      return performance.now() - start;
    };
    await simulator.inner.changeFaults(1, { add: [{ fault: 'slow', factor: 100 }] });
    const slowMs = await answerMs();
    expect(slowMs).toBeGreaterThanOrEqual(990);
    await cure(simulator);
    expect(simulator.events.at(-1)).toMatchObject({ event: 'sim.faults', faults: [] });
    await terminal.ask('AT');
  });

  it('garbage: sends noise before each reply', async () => {
    await using simulator = await faulty({ fault: 'garbage', bytes: 9 });
    await using terminal = await simulator.talkTo();
    await terminal.write('AT\r\n');
    await terminal.expect(/^[^]{9}\r\nOK\r\n/);
  });

  it('split: sends a complete reply in pieces with pauses', async () => {
    await using simulator = await faulty({ fault: 'split', pieces: 4, pauseMs: 60 });
    await using terminal = await simulator.talkTo();
    const start = performance.now();
    const reply = await terminal.ask('AT+TCMODULE');
    expect(performance.now() - start).toBeGreaterThanOrEqual(180);
    expect(reply).toMatch(/^Module HW name: ESP-WROOM-02D\r\n[^]*2MB\r\n\r\nOK\r\n$/);
  });

  it('wrong-baud: sends noise at every rate except its own', async () => {
    await using simulator = await faulty({ fault: 'wrong-baud', baudRate: 9_600 });
    {
      await using wrong = await Terminal.open(simulator.pathOf(1), 115_200);
      await simulator.inner.power(1, false);
      await simulator.inner.power(1, true);
      await expect.poll(() => wrong.unread.length).toBeGreaterThan(0);
      expect(wrong.unread).not.toContain('ready');
      await expect(wrong.ask('AT', undefined, 300)).rejects.toThrow();
    }
    await using right = await Terminal.open(simulator.pathOf(1), 9_600);
    // It ends the line of noise that the module has heard so far.
    await right.ask('', /ERROR\r\n/);
    await right.ask('ATE0');
    expect(await right.ask('AT')).toBe('\r\nOK\r\n');
  });

  it('flood: sends without end, and does not affect another unit', async () => {
    await using simulator = await faulty({ fault: 'flood' }, { count: 2, baudRate: 460_800 });
    await using loud = await Terminal.open(simulator.pathOf(1), 460_800);
    await using quiet = await simulator.talkTo(2);
    const before = loud.all.length;
    for (let n = 0; n < 5; n++) expect(await quiet.ask('AT')).toContain('OK');
    await expect.poll(() => loud.all.length - before).toBeGreaterThan(2_000);
  });

  it('unplug: disappears after so many bytes, in the middle of a command, and comes back', async () => {
    await using simulator = await faulty({
      fault: 'unplug',
      afterBytes: 30,
      replugAfterMs: 20_000,
      times: 1,
    });
    const path = simulator.pathOf(1);
    const terminal = await Terminal.open(path);
    await terminal.ask('ATE0', undefined, 1_000).catch(() => terminal.ask('ATE0'));
    await terminal.write(`${SET}\r\n`).catch(() => undefined);
    await simulator.event('sim.unplugged');
    await terminal.close();
    // Under the same path, unless somebody else on this machine was faster.
    const plugged = await simulator.event('sim.plugged');
    expect(plugged.slot).toBe(1);
    // The module never saw the end of the line, and still has power.
    await using again = await Terminal.open(plugged.path);
    await again.write('\r\n');
    await again.ask('AT+TCDEVINFOSET?', /^(OK|\+CME.*)\r\n/m);
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 0 });
  });

  it('echo-on: replies OK to ATE0 and still echoes', async () => {
    await using simulator = await faulty({ fault: 'echo-on' });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT')).toBe('AT\r\n\r\nOK\r\n');
  });

  it('reject-write: refuses the identity in both ways, and stores nothing', async () => {
    await using simulator = await faulty({ fault: 'reject-write', times: 1 });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask(SET)).toBe('+CME ERROR:207\r\n');
    await simulator.inner.changeFaults(1, {
      add: [unitFault.parse({ fault: 'reject-write', reply: 'fail', times: 1 })],
    });
    expect(await terminal.ask(SET, /SET:.*\r\n/)).toBe('OK\r\n+TCDEVINFOSET:FAIL,207\r\n');
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 0 });
    expect(await terminal.ask(SET, /SET:.*\r\n/)).toContain('SET:OK');
  });

  it.each([
    { when: 'before', identityWrites: 0 },
    { when: 'after', identityWrites: 1 },
  ])('reboot-on-write: restarts $when the commit', async ({ when, identityWrites }) => {
    await using simulator = await faulty({ fault: 'reboot-on-write', when, times: 1 });
    await using terminal = await simulator.talkTo();
    await terminal.write(`${SET}\r\n`);
    await terminal.expect(/^OK\r\n\r\nready\r\n/);
    expect(simulator.inner.flashOf(1)).toMatchObject({ identityWrites });
  });

  it('write-no-reply: stores the identity and does not reply', async () => {
    await using simulator = await faulty({ fault: 'write-no-reply', times: 1 });
    await using terminal = await simulator.talkTo();
    await terminal.write(`${SET}\r\n`);
    await terminal.expect(/^OK\r\n/);
    await simulator.event('sim.committed');
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toMatch(/^\+TCDEVINFOSET:1,"CS0SLTKSYA","dev1",60,/);
  });

  it('store-wrong: stores another secret, with another or the same checksum', async () => {
    await using broker = await TestBroker.start(new Map([['CS0SLTKSYAdev1', SECRET]]));
    await using simulator = await faulty({ fault: 'store-wrong', times: 1 }, { mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    await terminal.ask(SET, /SET:OK\r\n/);
    expect(await terminal.ask('AT+TCDEVINFOSET?')).not.toContain(',60,');
    await simulator.inner.changeFaults(1, { add: [{ fault: 'store-wrong', sameChecksum: true, times: 1 }] });
    await terminal.ask(SET, /SET:OK\r\n/);
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toContain(',60,');
    expect(await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /CONN:.*\r\n/)).toContain('FAIL,101');
    await terminal.ask(SET, /SET:OK\r\n/);
    await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /CONN:OK\r\n/);
    expect(simulator.inner.flashOf(1).identityWrites).toBe(3);
  });

  it('forget: acknowledges the identity and does not store it', async () => {
    await using simulator = await faulty({ fault: 'forget' });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask(SET, /SET:.*\r\n/)).toContain('SET:OK');
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe('+CME ERROR:207\r\n');
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 0 });
  });

  it.each(['psk', 'clock'])(
    'login-refused: stores the identity, and the cloud refuses it for its %s',
    async (by) => {
      await using broker = await TestBroker.start(new Map([['CS0SLTKSYAdev1', SECRET]]));
      await using simulator = await faulty({ fault: 'login-refused', by, times: 1 }, { mqttUrl: broker.url });
      await using terminal = await simulator.talkTo();
      await terminal.ask(SET, /SET:OK\r\n/);
      expect(await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /CONN:.*\r\n/)).toContain('FAIL,101');
      expect(broker.logins).toMatchObject([{ accepted: false }]);
      await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /CONN:OK\r\n/);
    },
  );
});
