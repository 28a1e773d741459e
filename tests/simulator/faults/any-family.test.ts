import { describe, expect, it } from 'vitest';

import { PROFILE_NAMES } from '#simulator';

import { unitFault, type UnitFault } from '../../../simulator/faults/index.ts';
import { slipFrame } from '../../../simulator/parts/esp/slip.ts';
import { userFrame } from '../../../simulator/parts/voice/index.ts';
import { frameOf } from '../../../simulator/profiles/described-frames/frame.ts';
import { TestSimulator } from '../../kit/test-simulator.ts';
import { bytesPattern, expectBytes } from '../support/frames.ts';
import { burn, TRIPLE } from '../support/online.ts';
import { Terminal } from '../../kit/terminal.ts';

type Written = Parameters<typeof unitFault.parse>[0];

function faulty(profile: string, ...faults: Written[]): Promise<TestSimulator> {
  return TestSimulator.start({
    profile,
    faults: { units: { '1': faults.map((fault) => unitFault.parse(fault)) } },
  });
}
const add = (simulator: TestSimulator, ...faults: UnitFault[]): Promise<void> =>
  simulator.inner.changeFaults(1, { add: faults });

const CONSOLE = { ask: 'VER?\r\n', answer: /VER .*\r\n/ };
/** READ_REG of the word that tells the chips apart, and the start of the reply. */
const ESP_MAGIC = {
  ask: slipFrame(Buffer.from('000a04000000000000100040', 'hex')),
  answer: bytesPattern('c0010a0400 .. .. .. .. .. .. .. .. c0'),
};

/** What each family is asked, and what it answers with when it is well. */
const QUESTIONS: Readonly<Record<string, { readonly ask: string | Uint8Array; readonly answer: RegExp }>> = {
  'at-module': { ask: 'AT+SYSADC?\r\n', answer: /\+SYSADC:\d+\r\n\r\nOK\r\n/ },
  camera: { ask: 'AT+FTIMG?\r\n', answer: /\+FTIMG:\d+,\d+\r\n\r\nOK\r\n/ },
  'picture-lock': { ask: 'AT+FTBAT?\r\n', answer: /\+FTBAT:\d+,\d+\r\n\r\nOK\r\n/ },
  'video-lock': { ask: 'AT+FTMOTOR?\r\n', answer: /\+FTMOTOR:1\r\n\r\nOK\r\n/ },
  'voice-ci03t': { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  'voice-su63t': { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  'voice-jx12f': { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  bl602: { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  ci130x: { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  xmodem: { ask: userFrame(0x02), answer: /\xaa\x55[^]\x82[^]{5}\x55\xaa/ },
  'ble-bulb': { ask: 'VER?\r\n', answer: /VER:.*\r\n/ },
  ampe: { ask: '{"action":"getDeviceInfo","event":"open","taskId":"t"}\n', answer: /"sn":"SN000001".*\n/ },
  llsync: CONSOLE,
  'llsync-wifi': CONSOLE,
  'llsync-ble': CONSOLE,
  'llsync-secure': CONSOLE,
  blufi: CONSOLE,
  'blufi-v2': CONSOLE,
  'tencent-combo': CONSOLE,
  'tencent-llsync7': CONSOLE,
  'described-full': CONSOLE,
  'described-sha256': CONSOLE,
  'described-md5': CONSOLE,
  'described-bcc': CONSOLE,
  'described-crc32': CONSOLE,
  'described-name': CONSOLE,
  'described-gatt': CONSOLE,
  'described-frames': {
    ask: frameOf(Buffer.of(0x01)),
    answer: bytesPattern(`5aa5000c81${' ..'.repeat(13)}`),
  },
  esp32: ESP_MAGIC,
  esp32s3: ESP_MAGIC,
  esp32c3: ESP_MAGIC,
};

async function ask(terminal: Terminal, profile: string, timeoutMs?: number): Promise<void> {
  await terminal.write(QUESTIONS[profile]!.ask);
  await terminal.expect(QUESTIONS[profile]!.answer, timeoutMs);
}

const speaksLines = (profile: string): boolean => QUESTIONS[profile]!.ask.toString().startsWith('AT');

/** How long a unit that is up has for an answer; one that is booting gives none. */
const UP_MS = 400;

/** Waits until it has booted and answers, echo off where it has one. */
async function booted(terminal: Terminal, profile: string): Promise<Terminal> {
  if (speaksLines(profile)) return terminal.wake();
  const answers = (): Promise<boolean> =>
    ask(terminal, profile, UP_MS).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { interval: 10 }).toBe(true);
  return terminal;
}

const talkTo = async (simulator: TestSimulator, profile: string): Promise<Terminal> =>
  booted(await Terminal.open(simulator.pathOf(1)), profile);

/** Families whose units have no port. */
const WITHOUT_PORT = ['ble-thermometer'];

describe.each(PROFILE_NAMES.filter((name) => !WITHOUT_PORT.includes(name)))(
  '%s: the faults of a serial port',
  (profile) => {
    it('take effect: silence, garbage, pieces, an echo, a restart, an unplugged cable', async () => {
      await using simulator = await faulty(profile);
      await using terminal = await talkTo(simulator, profile);
      await ask(terminal, profile);

      const used = (from: number): Promise<unknown> =>
        simulator.event('sim.faults', ({ faults }) => faults.length === 0, from);
      await add(simulator, { fault: 'silent', times: 1 });
      let at = simulator.events.length;
      let before = terminal.all.length;
      await terminal.write(QUESTIONS[profile]!.ask);
      await used(at);
      await ask(terminal, profile);
      const answers = terminal.all.slice(before).match(new RegExp(QUESTIONS[profile]!.answer, 'g'));
      expect(answers).toHaveLength(1);

      await add(simulator, unitFault.parse({ fault: 'garbage', bytes: 64, times: 1 }));
      before = terminal.all.length;
      await ask(terminal, profile);
      expect(terminal.all.length - before).toBeGreaterThan(64);

      await add(simulator, unitFault.parse({ fault: 'split', pieces: 4, pauseMs: 30, times: 1 }));
      const startMs = performance.now();
      await ask(terminal, profile);
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(90);

      // The modules with an AT console echo by themselves.
      if (!speaksLines(profile) && profile !== 'voice-jx12f' && profile !== 'bl602') {
        await add(simulator, { fault: 'echo-on' });
        before = terminal.all.length;
        await ask(terminal, profile);
        const question = Buffer.from(QUESTIONS[profile]!.ask).toString('latin1');
        expect(terminal.all.slice(before).startsWith(question)).toBe(true);
        await simulator.inner.changeFaults(1, { clear: true });
      }

      await add(simulator, { fault: 'reboot', times: 1 });
      at = simulator.events.length;
      await terminal.write(QUESTIONS[profile]!.ask);
      await used(at);
      await booted(terminal, profile);

      await add(simulator, { fault: 'unplug', afterBytes: 0, times: 1 });
      await simulator.event('sim.unplugged');
      await simulator.inner.cable(1, true);
      await using again = await Terminal.open(simulator.pathOf(1));
      await ask(again, profile);
    });
  },
);

describe('reboot', () => {
  it('happens after so many commands, in the middle of the last one', async () => {
    await using simulator = await faulty('at-module');
    await using terminal = await simulator.talkTo();
    await add(simulator, { fault: 'reboot', afterCommands: 3, times: 1 });
    await terminal.ask('AT');
    await terminal.ask('AT');
    await terminal.write('AT+TCMODULE\r\n');
    await terminal.expect(/^\r\nready\r\n/);
    expect(await terminal.ask('AT')).toBe('AT\r\n\r\nOK\r\n');
  });

  it('happens after so many bytes, and the rest of the command is lost', async () => {
    await using simulator = await faulty('at-module');
    await using terminal = await simulator.talkTo();
    await add(simulator, { fault: 'reboot', afterBytes: 20, times: 1 });
    await terminal.write('AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","IyXmUW5sU/q1vnb5yzTkeQ=="\r\n');
    await terminal.expect(/^\r\nready\r\n/);
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toContain('+CME ERROR:207');
    expect(simulator.inner.flashOf(1)).toMatchObject({ identity: null, identityWrites: 0 });
  });

  it('happens repeatedly during a motor movement, a login and a burn, and loses no committed data', async () => {
    await using simulator = await faulty('picture-lock');
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    await add(simulator, { fault: 'reboot', times: 2 });
    await terminal.write('AT+FTMOTOR=0\r\n');
    await terminal.expect(/ready\r\n/);
    await terminal.write(`AT+TCDEVINFOSET=1,"OTHER","dev2","${TRIPLE.secret}"\r\n`);
    await terminal.expect(/ready\r\n/);
    await terminal.wake();
    expect(await terminal.ask('AT+FTMOTOR?')).toContain('+FTMOTOR:1\r\n');
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toContain('"CS0SLTKSYA","dev1",60');
    expect(simulator.inner.flashOf(1)).toMatchObject({ identityWrites: 1 });
  });

  it('is completed after a power loss in the middle of it', async () => {
    await using simulator = await faulty('at-module', { fault: 'reboot' });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/ready\r\n/);
    await terminal.write('AT\r\n');
    await simulator.inner.power(1, false);
    await simulator.inner.changeFaults(1, { clear: true });
    await simulator.inner.power(1, true);
    await terminal.expect(/ready\r\n/);
    await terminal.ask('AT');
  });
});

describe('drift', () => {
  const adc = async (terminal: Terminal): Promise<number> =>
    Number(/SYSADC:\s*(-?\d+)/.exec(await terminal.ask('AT+SYSADC?'))?.[1]);

  it('moves a value with each power-on', async () => {
    await using simulator = await faulty('at-module', { fault: 'drift', value: 'adc', perRun: 100 });
    const seen: number[] = [];
    for (let run = 0; run < 3; run++) {
      await using terminal = await simulator.talkTo();
      seen.push(await adc(terminal), await adc(terminal));
      await simulator.inner.power(1, false);
      await simulator.inner.power(1, true);
    }
    for (const [at, usual] of [912, 912, 1_012, 1_012, 1_112, 1_112].entries()) {
      expect(Math.abs(seen[at]! - usual)).toBeLessThanOrEqual(2);
    }
  });

  it('moves it with each reading, with time, and from the start', async () => {
    await using simulator = await faulty('at-module', { fault: 'drift', by: -300, perReading: -50 });
    await using terminal = await simulator.talkTo();
    for (const usual of [462, 412, 362])
      expect(Math.abs((await adc(terminal)) - usual)).toBeLessThanOrEqual(2);
    await add(simulator, { fault: 'drift', value: 'adc', perMinute: 60_000 });
    const startMs = performance.now();
    const first = await adc(terminal);
    await expect.poll(() => adc(terminal)).toBeGreaterThan(first + 50);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(40);
    await simulator.inner.changeFaults(1, { clear: true });
    expect(Math.abs((await adc(terminal)) - 812)).toBeLessThanOrEqual(2);
  });

  it('without a rate moves everything a little further with each power-on', async () => {
    await using simulator = await faulty('ble-bulb', { fault: 'drift' });
    await using terminal = await simulator.seeBoot();
    await terminal.expect(/READY\r\n/);
    for (let run = 2; run < 4; run++) {
      await simulator.inner.power(1, false);
      await simulator.inner.power(1, true);
      await terminal.expect(/READY\r\n/);
    }
    const mV = Number(/VCC:(\d+)/.exec(await terminal.ask('VCC?', /\r\n/))?.[1]);
    expect(Math.abs(mV - 3_280)).toBeLessThanOrEqual(6);
  });

  it('of a value that the family does not have is refused, at the start and later', async () => {
    const fault = { fault: 'drift', value: 'torque' } as const;
    await expect(faulty('camera', fault)).rejects.toThrow(/"torque".*cannot drift/);
    await using simulator = await faulty('camera');
    await expect(add(simulator, fault)).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.stringMatching(/sharpness/),
    });
  });
});

describe('echo-on', () => {
  it('sends back to a voice module what was sent to it', async () => {
    await using simulator = await faulty('voice-su63t', { fault: 'echo-on' });
    await using terminal = await talkTo(simulator, 'voice-su63t');
    const question = userFrame(0x04);
    await terminal.write(question);
    await expectBytes(
      terminal,
      question.toString('hex') + userFrame(0x84, Buffer.of(0, 0, 3)).toString('hex'),
    );
  });
});
