import { describe, expect, it } from 'vitest';

import { userFrame } from '../../../../simulator/parts/voice/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { bytesPattern, expectBoth, expectBytes } from '../../support/frames.ts';
import { goOnline, heardOf, startCloud, tell } from '../../support/online.ts';

const heard = (...data: number[]): string => userFrame(0x40, Buffer.from(data)).toString('hex');
const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'voice-jx12f', ...options });

describe('a JX-12F', () => {
  it('accepts AT and frames on one port', async () => {
    await using simulator = await start();
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+TCMODULE')).toContain('Module HW name: JX-12F\r\n');
    await terminal.write(userFrame(0x01));
    const mac = simulator.inner.units[0]!.mac.replaceAll(':', '');
    await expectBytes(terminal, userFrame(0x81, Buffer.from(mac, 'hex')).toString('hex'));
    await terminal.write(Buffer.concat([userFrame(0x02), Buffer.from('AT+GMR\r\n')]));
    const version = bytesPattern(userFrame(0x82, Buffer.of(1, 2, 0)).toString('hex'));
    await expectBoth(terminal, version, /Bin version:QCloud_AT_JX12F_v1\.2\.0\r\n/);
  });

  it('reports a word on its serial line and to its cloud', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    expect((await heardOf(broker, 'property'))['params']).toEqual({ power_switch: 0, volume: 3 });
    await simulator.inner.stimulate(1, { kind: 'hear', word: '打开灯光' });
    await expectBytes(terminal, heard(0x10, 1, 3));
    expect(await heardOf(broker, 'event')).toMatchObject({ eventId: 'word_heard', params: { word_id: 16 } });
    await heardOf(
      broker,
      'property',
      ({ params }) => JSON.stringify(params) === '{"power_switch":1,"volume":3}',
    );
  });

  it('executes control requests of the cloud, and reports them in its frames', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    await tell(broker, 'property', {
      method: 'control',
      clientToken: 'c-1',
      params: { power_switch: 1, volume: 5 },
    });
    expect(await heardOf(broker, 'property', ({ clientToken }) => clientToken === 'c-1')).toMatchObject({
      code: 0,
    });
    await terminal.write(userFrame(0x04));
    await expectBytes(terminal, userFrame(0x84, Buffer.of(0, 1, 5)).toString('hex'));
  });

  it('does not treat a payload as a frame, also if it looks like one', async () => {
    await using broker = await startCloud();
    await using simulator = await start({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    const payload = userFrame(0x01);
    await terminal.ask(`AT+TCMQTTPUBRAW="t/raw",1,${payload.length}`, />\r\n/);
    await terminal.write(Buffer.concat([payload, Buffer.from('\r\n')]));
    await terminal.expect(/PUBRAW:OK\r\n/);
  });
});
