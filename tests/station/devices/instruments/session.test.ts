import { describe, expect, it } from 'vitest';
import { startSimInstruments } from '#simulator';
import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import { instrumentSetting } from '#shared/domain/instrument.ts';
import { createNodePlatform } from '#station';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { InstrumentSession } from '../../../../station/devices/instruments/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const ALL = { checksErrors: true };

/** Opens a session with an instrument, as a run does. */
async function open(address: string, more: Partial<InstrumentSetting> = {}): Promise<InstrumentSession> {
  const dir = tempDir('instruments');
  const { devicePorts: ports, clock } = createNodePlatform(dir.path);
  dir[Symbol.dispose]();
  const setting = instrumentSetting.parse({ name: 'psu', address, ...more });
  return InstrumentSession.open(setting, { ports, clock, mask: new SecretMask() }, false, NEVER_ABORTED);
}

describe('a session with an instrument', () => {
  it('asks over TCP and over a serial port', async () => {
    for (const serial of [false, true]) {
      await using sim = await startSimInstruments({ serial, timeScale: 0 });
      await using psu = await open(sim.supply.address);
      const ask = (text: string): Promise<string> =>
        psu.exchange(() => psu.query(text, PATIENCE_MS, NEVER_ABORTED), ALL, NEVER_ABORTED);
      expect(await ask('*IDN?')).toContain('SIM-PSU');
      expect(await ask('VOLT 5;OUTP ON;*OPC?')).toBe('1');
      expect(Number(await ask('MEAS:VOLT?'))).toBeCloseTo(5, 1);
    }
  });

  it('says what the error queue has, also of a command that has no answer', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using psu = await open(sim.supply.address);
    const sent = psu.exchange(() => psu.send('VOLT 31', NEVER_ABORTED), ALL, NEVER_ABORTED);
    const refused = await faultOf(() => sent);
    expect(refused.code).toBe('instrument-error');
    expect(refused.message).toContain('-222 Data out of range');
    const asked = psu.exchange(() => psu.query('VOLTS?', 50, NEVER_ABORTED), ALL, NEVER_ABORTED);
    expect((await faultOf(() => asked)).message).toContain('-113 Undefined header');
    // The queue is empty now.
    await psu.exchange(() => psu.send('VOLT 3', NEVER_ABORTED), ALL, NEVER_ABORTED);
  });

  it('forgets errors that it found', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    {
      await using before = await open(sim.supply.address, { checksErrors: false });
      await before.send('FOO', NEVER_ABORTED);
      await before.query('*OPC?', PATIENCE_MS, NEVER_ABORTED);
    }
    await using psu = await open(sim.supply.address);
    await psu.exchange(() => psu.send('VOLT 3', NEVER_ABORTED), ALL, NEVER_ABORTED);
  });

  it('tells silence, a broken connection and noise apart', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    const ask = async (): Promise<string> => {
      await using psu = await open(sim.supply.address, { checksErrors: false });
      const asking = psu.exchange(() => psu.query('*IDN?', 50, NEVER_ABORTED), ALL, NEVER_ABORTED);
      return (await faultOf(() => asking)).code;
    };
    sim.supply.setFaults([{ fault: 'silent', times: 1 }]);
    expect(await ask()).toBe('instrument-silent');
    sim.supply.setFaults([{ fault: 'drop', times: 1 }]);
    expect(await ask()).toBe('instrument-unreachable');
    const { address } = sim.supply;
    await sim[Symbol.asyncDispose]();
    expect((await faultOf(() => open(address))).code).toBe('instrument-unreachable');
  });

  it('reads blocks up to a limit', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using dmm = await open(sim.meter.address);
    await dmm.query('SAMP:COUN 1000;:READ?', PATIENCE_MS, NEVER_ABORTED);
    const block = async (maxBytes: number): Promise<Uint8Array> => {
      await dmm.send('TRAC:DATA?', NEVER_ABORTED);
      const spec = { what: 'TRAC:DATA?', timeoutMs: PATIENCE_MS, maxBytes };
      return dmm.exchange(() => dmm.readBlock(spec, NEVER_ABORTED), ALL, NEVER_ABORTED);
    };
    expect((await block(65_000)).length).toBe(4000);
    const tooLong = await faultOf(() => block(100));
    expect(tooLong.code).toBe('instrument-error');
    expect(tooLong.message).toContain('4000 bytes');
    await dmm.send('*IDN?', NEVER_ABORTED);
    const none = dmm.readBlock({ what: '*IDN?', timeoutMs: PATIENCE_MS, maxBytes: 100 }, NEVER_ABORTED);
    expect((await faultOf(() => none)).message).toContain('is no block');
  });

  it('says that an answer has a second line, and goes on', async () => {
    for (const serial of [false, true]) {
      await using sim = await startSimInstruments({ serial, timeScale: 0 });
      await using psu = await open(sim.supply.address);
      const ask = (text: string): Promise<string> =>
        psu.exchange(() => psu.query(text, PATIENCE_MS, NEVER_ABORTED), ALL, NEVER_ABORTED);
      sim.supply.setFaults([{ fault: 'two-lines', text: '9.999', ms: 0, times: 1 }]);
      const fault = await faultOf(() => ask('VOLT 4;VOLT?'));
      expect(fault.code).toBe('instrument-error');
      expect(fault.message).toContain('sent "9.999" besides the answer');
      expect(Number(await ask('VOLT?'))).toBe(4);
    }
  });

  it('is not left with an answer that was not awaited', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using psu = await open(sim.supply.address);
    const sent = (text: string): Promise<void> =>
      psu.exchange(() => psu.send(text, NEVER_ABORTED), { checksErrors: false }, NEVER_ABORTED);
    await sent('VOLT?');
    expect((await faultOf(() => sent('CURR?'))).message).toContain('was not awaited');
  });

  it('asks a device of lines nothing more after a question without an answer', async () => {
    await using sim = await startSimInstruments({ serial: true, timeScale: 0 });
    await using psu = await open(sim.supply.address, { kind: 'text' });
    const ask = (timeoutMs: number): Promise<string> =>
      psu.exchange(() => psu.query('VOLT?', timeoutMs, NEVER_ABORTED), ALL, NEVER_ABORTED);
    sim.supply.setFaults([{ fault: 'silent', times: 1 }]);
    expect((await faultOf(() => ask(30))).code).toBe('instrument-silent');
    expect((await faultOf(() => ask(PATIENCE_MS))).message).toContain('may still answer an earlier question');
  });

  it('gives no answer to another question, whatever comes late or twice', async () => {
    for (const serial of [false, true]) {
      await using sim = await startSimInstruments({ serial });
      await using psu = await open(sim.supply.address);
      const ask = (text: string, timeoutMs: number): Promise<string> =>
        psu.exchange(() => psu.query(text, timeoutMs, NEVER_ABORTED), ALL, NEVER_ABORTED);
      expect(await ask('VOLT 5;CURR 0.25;*OPC?', PATIENCE_MS)).toBe('1');
      let answered = 0;
      for (let turn = 0; turn < 40; turn++) {
        const ms = [0, 5, 20, 60][turn % 4] ?? 0;
        if (turn % 3 === 0) sim.supply.setFaults([{ fault: 'two-lines', text: '0', ms, times: 1 }]);
        if (turn % 3 === 1) sim.supply.setFaults([{ fault: 'late-answer', ms: ms + 5, times: 1 }]);
        const [question, value] = turn % 2 === 0 ? (['VOLT?', 5] as const) : (['CURR?', 0.25] as const);
        try {
          expect([turn, Number(await ask(question, 15))]).toEqual([turn, value]);
          answered += 1;
        } catch (error) {
          const { code } = await faultOf(() => {
            throw error;
          });
          expect(['instrument-error', 'instrument-silent']).toContain(code);
        }
      }
      sim.supply.setFaults([]);
      expect(answered).toBeGreaterThan(0);
    }
  });

  it('waits for the silence of a device of lines that has left a question open', async () => {
    await using sim = await startSimInstruments({ serial: true });
    const { devicePorts: ports, clock: own } = createNodePlatform('/nowhere');
    // A quarter of the times of the station: 0.5 s in place of 2 s.
    const clock = { ...own, sleep: (ms: number, signal: AbortSignal) => own.sleep(ms / 4, signal) };
    const setting = instrumentSetting.parse({ name: 'psu', address: sim.supply.address, kind: 'text' });
    const surroundings = { ports, clock, mask: new SecretMask() };
    const ask = async (text: string, timeoutMs: number, isDoubtful: boolean, lateMs = 0): Promise<string> => {
      await using psu = await InstrumentSession.open(setting, surroundings, isDoubtful, NEVER_ABORTED);
      if (lateMs > 0) sim.supply.setFaults([{ fault: 'late-answer', overtaken: true, ms: lateMs, times: 1 }]);
      return await psu.exchange(() => psu.query(text, timeoutMs, NEVER_ABORTED), ALL, NEVER_ABORTED);
    };
    expect(await ask('VOLT 5;CURR 0.25;*OPC?', PATIENCE_MS, false)).toBe('1');
    expect((await faultOf(() => ask('VOLT?', 20, false, 150))).code).toBe('instrument-silent');
    expect(Number(await ask('CURR?', PATIENCE_MS, true, 300))).toBe(0.25);
  });

  it('takes no late answer of an instrument that answers out of order', async () => {
    for (const serial of [false, true]) {
      await using sim = await startSimInstruments({ serial });
      await using psu = await open(sim.supply.address);
      const ask = (text: string, timeoutMs: number): Promise<string> =>
        psu.exchange(() => psu.query(text, timeoutMs, NEVER_ABORTED), ALL, NEVER_ABORTED);
      expect(await ask('VOLT 5;CURR 0.25;*OPC?', PATIENCE_MS)).toBe('1');
      sim.supply.setFaults([{ fault: 'late-answer', overtaken: true, ms: 400, times: 1 }]);
      expect((await faultOf(() => ask('VOLT?', 15))).code).toBe('instrument-silent');
      // Its own answer comes after that of the question before.
      sim.supply.setFaults([{ fault: 'late-answer', overtaken: true, ms: 700, times: 1 }]);
      expect(Number(await ask('CURR?', PATIENCE_MS))).toBe(0.25);
    }
  });

  it('sends what is set for giving it back, and waits until it is done', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    await using psu = await open(sim.supply.address, { onRelease: 'OUTP OFF' });
    await psu.query('VOLT 5;OUTP ON;*OPC?', PATIENCE_MS, NEVER_ABORTED);
    expect(sim.isOn()).toBe(true);
    await psu.release();
    expect(sim.isOn()).toBe(false);
  });
});
