import { describe, expect, it } from 'vitest';

import { CAMERA_MODEL } from '../../../../simulator/profiles/camera/model.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { goOnline, heardOf, startCloud, tell } from '../../support/online.ts';

const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'camera', ...options });

describe('a camera', () => {
  it('is a module with another name', async () => {
    await using simulator = await start();
    await using terminal = await simulator.talkTo();
    const told = await terminal.ask('AT+TCMODULE');
    expect(told).toContain('Module HW name: GW-CAM-1\r\n');
    expect(told).toContain('Module Flash size: 8MB\r\n');
    expect(await terminal.ask('AT+FTNOTICE=1')).toContain('ERROR');
  });

  it('reports what its thing model has, and its peer-to-peer address a moment later', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+FTXP2P?')).toBe('+FTXP2P:-1003\r\n\r\nOK\r\n');
    await terminal.close();
    await using again = await goOnline(simulator, broker);
    const report = await heardOf(broker, 'property');
    expect(report['params']).toEqual({
      _sys_xp2p_info: '',
      _sys_cs_days: 0,
      _sys_cs_status: 0,
      _sys_cs_type: 2,
    });
    expect(Object.keys(report['params'] as object)).toEqual(CAMERA_MODEL.properties.map(({ id }) => id));
    const found = await heardOf(broker, 'property', ({ params }) =>
      /xp2p_info":"\w/.test(JSON.stringify(params)),
    );
    expect(found['params']).toEqual({ _sys_xp2p_info: expect.stringMatching(/^(?!XP2P)\w{1,64}$/) });
    expect(await again.ask('AT+FTXP2P?')).toBe('+FTXP2P:0\r\n\r\nOK\r\n');
  });

  it('executes control requests that match its thing model, and refuses others completely', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using _terminal = await goOnline(simulator, broker);
    const params = { _sys_cs_status: 1, _sys_cs_type: 3 };
    await tell(broker, 'property', { method: 'control', clientToken: 'c-1', params });
    const refusal = await heardOf(broker, 'property', ({ clientToken }) => clientToken === 'c-1');
    expect(refusal).toMatchObject({
      method: 'control_reply',
      code: -1,
      status: expect.stringMatching(/_sys_cs_type/),
    });
    await tell(broker, 'property', { method: 'control', clientToken: 'c-2', params: { _sys_cs_status: 1 } });
    expect(await heardOf(broker, 'property', ({ clientToken }) => clientToken === 'c-2')).toMatchObject({
      code: 0,
    });
    const after = await heardOf(broker, 'property', ({ params: all }) =>
      /"_sys_cs_status":1/.test(JSON.stringify(all)),
    );
    expect(after).toMatchObject({ method: 'report', params: { _sys_cs_status: 1, _sys_cs_type: 2 } });
  });

  it('reports events that the console or the simulator triggers', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    expect(await terminal.ask('AT+FTEVENT=1', /EVENT:\d+\r\n/)).toBe('OK\r\n+EVENT:1\r\n');
    expect(await heardOf(broker, 'event')).toMatchObject({
      method: 'event_post',
      eventId: 'cs_event',
      type: 'info',
      version: '1.0',
      params: { event_id: 1 },
    });
    // A camera rings no bell.
    expect(await terminal.ask('AT+FTEVENT=3')).toBe('+CME ERROR:204\r\n');
    await simulator.inner.stimulate(1, { kind: 'event', id: 2 });
    await terminal.expect(/^\+EVENT:2\r\n/);
    await heardOf(broker, 'event', ({ params }) => (params as { event_id: number }).event_id === 2);
    await expect(simulator.inner.stimulate(1, { kind: 'event', id: 3 })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(simulator.inner.stimulate(1, { kind: 'hear', word: '打开灯光' })).rejects.toThrow(
      /打开灯光/,
    );
  });

  it('measures its test picture, with and without drift', async () => {
    await using simulator = await start();
    await using terminal = await simulator.talkTo();
    const measure = async (): Promise<number[]> =>
      (/FTIMG:(\d+),(\d+)/.exec(await terminal.ask('AT+FTIMG?')) ?? []).slice(1).map(Number);
    const [luma, sharpness] = await measure();
    expect(luma).toBeGreaterThan(110);
    expect(luma).toBeLessThan(146);
    await simulator.inner.changeFaults(1, {
      add: [{ fault: 'drift', value: 'sharpness', perReading: -100 }],
    });
    await measure();
    const [lumaLater, sharpnessLater] = await measure();
    expect(Math.abs(lumaLater! - luma!)).toBeLessThan(10);
    expect(sharpness! - sharpnessLater!).toBeGreaterThan(170);
  });

  it('xp2p: reports the error of its peer-to-peer service, and has no address', async () => {
    await using broker = await startCloud();
    await using simulator = await start({
      mqttUrl: broker.url,
      faults: { units: { '1': [{ fault: 'xp2p', code: -1017 }] } },
    });
    await using terminal = await goOnline(simulator, broker);
    expect(await terminal.ask('AT+FTXP2P?')).toContain('+FTXP2P:-1017\r\n');
    await heardOf(broker, 'property', ({ params }) => JSON.stringify(params) === '{"_sys_xp2p_info":""}');
  });
});
