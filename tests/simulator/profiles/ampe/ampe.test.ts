import { describe, expect, it } from 'vitest';

import { ACTIONS } from '../../../../simulator/profiles/ampe/actions/index.ts';
import { TestBench } from '../../support/bench.ts';
import { AmpeClient } from './client.ts';

const start = (options: Parameters<typeof TestBench.start>[0] = {}): Promise<TestBench> =>
  TestBench.start({ profile: 'ampe', ...options });
const connect = async (bench: TestBench, slot = 1): Promise<AmpeClient> =>
  (await AmpeClient.open(bench.pathOf(slot))).wake();

describe('an AMPE terminal', () => {
  it.each([{ tcp: false }, { tcp: true }])('says what it is ($tcp)', async ({ tcp }) => {
    await using bench = await start({ tcp });
    expect(bench.pathOf(1)).toMatch(tcp ? /^tcp:\/\/127\.0\.0\.1:\d+$/ : /^\/dev\//);
    await using client = await connect(bench);
    const { data, ...envelope } = await client.call('getDeviceInfo');
    expect(envelope).toMatchObject({ action: 'getDeviceInfo', event: 'open', success: true, message: '' });
    expect(Object.keys(data)).toEqual([
      'sn',
      'deviceModel',
      'appVersion',
      'androidVersion',
      'deviceIP',
      'devicedDisplay',
    ]);
    expect(data['sn']).toBe('SN000001');
  });

  it('writes as the document prints it, or as others do', async () => {
    await using bench = await start({ count: 2, dialect: 'per-unit' });
    await using first = await connect(bench, 1);
    await using second = await connect(bench, 2);
    expect(first.raw[0]).toMatch(/"success":true,"message ":"","data":\{"sn":"SN000001"/);
    expect(second.raw[0]).toMatch(/"success":true,"message":"","data":"\{\\"sn\\":\\"SN000002\\"/);
  });

  it('knows the 32 actions of the document and refuses any other, and what is no request', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    expect(Object.keys(ACTIONS)).toHaveLength(32);
    expect(await client.call('toString')).toMatchObject({
      success: false,
      message: expect.stringMatching(/不支持/),
    });
    client.send('not json');
    expect(await client.reply(({ taskId }) => taskId === '')).toMatchObject({ success: false, data: {} });
    client.send(JSON.stringify({ action: 'getDeviceInfo', params: [] }));
    await expect.poll(() => client.replies.filter(({ taskId }) => taskId === '')).toHaveLength(2);
    client.send('x'.repeat(20_000));
    await expect.poll(() => client.replies.filter(({ taskId }) => taskId === '')).toHaveLength(3);
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('scans the code on the fixture and any other that is shown to it, until it is told to stop', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    const taskId = client.begin('getQRCode');
    const told = (code: string) =>
      client.reply(({ event, data }) => event === 'initQRListener' && data['code'] === code);
    expect(await told('GW-FIXTURE-0001')).toMatchObject({ action: 'getQRCode', taskId, success: true });
    await bench.bench.stimulate(1, { kind: 'scan', code: 'https://example.test/?a=1' });
    expect(await told('https://example.test/?a=1')).toMatchObject({ taskId });
    expect(await client.call('getQRCode', {}, 'close')).toMatchObject({ success: true });
    await expect(bench.bench.stimulate(1, { kind: 'scan', code: 'late' })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(await client.call('getQRCode', {}, 'close')).toMatchObject({ success: false });
  });

  it('reads an identity card, waits for one that is not there while others are served, and stops when told', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    expect((await client.call('getIDCardInfo', { types: ['base', 'other'] })).data).toMatchObject({
      name: '测试卡',
      issuer: '测试机关',
    });
    await bench.bench.stimulate(1, { kind: 'card', card: 'id', present: false });
    // What is asked meanwhile is answered first: it has waited.
    const inVain = client.begin('getIDCardInfo');
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
    expect(await client.reply(({ taskId }) => taskId === inVain)).toMatchObject({
      success: false,
      message: '读卡超时',
    });
    const waiting = client.begin('getIDCardInfo');
    expect(await client.call('closeIDCardInfo')).toMatchObject({ success: true });
    expect(await client.reply(({ taskId }) => taskId === waiting)).toMatchObject({
      success: false,
      message: '主动退出',
    });
    // While one waits, others are served.
    client.begin('getIDCardInfo');
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('passes commands to a chip card and to its PSAMs', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    const mac = bench.bench.units[0]!.mac.replaceAll(':', '');
    const apdu = (apduCommands: string[], more: object = {}) =>
      client.call('sendCPUCardApduCommands', { apduCommands, ...more });
    const { data } = await apdu(['00A40000023F00', '0084000008']);
    expect(data).toEqual({
      code: 0,
      apduResults: ['6F0484023F009000', expect.stringMatching(/^[0-9A-F]{16}9000$/)],
    });
    expect((await apdu(['00B0960006'], { type: 2, slot: 2 })).data).toEqual({
      code: 0,
      apduResults: [`${mac}9000`],
    });
    expect(await apdu(['00A40000023F00', '00A40000024711', '0084000008'])).toMatchObject({
      success: false,
      data: { code: -100, apduResults: ['6F0484023F009000', '6A82'] },
    });
    expect(await apdu(['00A4xx'])).toMatchObject({ success: false, data: { code: -2 } });
    expect(await apdu(['0084000008'], { type: 2, slot: 3 })).toMatchObject({
      success: false,
      data: { code: -1 },
    });
    expect(await apdu([])).toMatchObject({ success: false, message: '参数有误' });
    expect((await client.call('sendCPUCardCommand', { apduCommand: '8084000008' })).data).toEqual({
      code: -100,
      apduResult: '6E00',
    });
    expect((await client.call('psamCardColdReset', { slot: 1 })).data).toEqual({
      code: 0,
      atr: expect.stringMatching(/^3B/),
    });
    expect(await client.call('psamCardColdReset', { slot: 4 })).toMatchObject({
      success: false,
      data: { code: -2 },
    });
    const once = await client.call('readOnceCPUCardInfo');
    expect(once.data).toMatchObject({ uid: `8698${mac}` });
    await bench.bench.changeFaults(1, { add: [{ fault: 'no-card' }] });
    expect(await client.call('readOnceCPUCardInfo')).toMatchObject({
      success: false,
      message: '寻卡失败',
      data: { code: -2 },
    });
  });

  it('beeps, prints and speaks, and says when it cannot', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    expect(await client.call('startBuzzer', { beep: 2 })).toMatchObject({ success: true });
    expect(await client.call('startBuzzer', { beep: 0 })).toMatchObject({ success: false });
    expect((await client.call('receiptPrinting', { content: ['a', 'b', 'c'] })).data).toEqual({
      lines: 3,
      ms: 120,
    });
    await bench.bench.changeFaults(1, { add: [{ fault: 'paper-out', times: 1 }] });
    expect(await client.call('receiptPrinting', { content: 'a\nb' })).toMatchObject({
      success: false,
      message: '打印机缺纸',
    });
    expect(await client.call('speech', { text: '您好' })).toMatchObject({ success: true });
    expect(await client.call('speech')).toMatchObject({ success: false });
  });

  it('tells who stands in front of it as often as it is asked to', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    expect(await client.call('startInfraredInductionListener', { interval: 1_000 })).toMatchObject({
      success: false,
    });
    const taskId = client.begin('startInfraredInductionListener', { interval: 2_000 });
    const seen = (inductionCode: number) =>
      client.reply(
        ({ event, data }) =>
          event === 'initInfraredInductionListener' && data['inductionCode'] === inductionCode,
      );
    expect(await seen(1)).toMatchObject({ taskId });
    await bench.bench.stimulate(1, { kind: 'person', present: false });
    await seen(0);
    expect(await client.call('stopInfraredInductionListener')).toMatchObject({ success: true });
    expect(await client.call('stopInfraredInductionListener')).toMatchObject({ success: false });
  });

  it('keeps its settings and its second screen, and has no face component', async () => {
    await using bench = await start();
    await using client = await connect(bench);
    expect(
      await client.call('deviceConfig', { hideNavigationBar: 1, hindeNotificationBar: 2 }),
    ).toMatchObject({ success: true });
    expect(await client.call('deviceConfig', { hideNavigationBar: 3 })).toMatchObject({ success: false });
    expect(await client.call('deviceConfig', { toString: 1 })).toMatchObject({ success: false });
    await client.call('openSecondaryScreen');
    expect((await client.call('getSecondaryScreenState')).data).toEqual({ state: 1 });
    expect(await client.call('initFace')).toMatchObject({ success: false, data: { subCode: 'E69015' } });
    expect(await client.call('getSocialSecurityCardInfo')).toMatchObject({ success: false });
    await client.call('socialSecurityCardConfig', { areaCode: '000000' });
    expect(await client.call('getSocialSecurityCardInfo')).toMatchObject({ success: true });
    await client.call('startMicrophoneListener');
    expect((await client.call('getMicrophoneState')).data).toEqual({ state: 1 });
    await client.reply(({ event }) => event === 'initMicrophoneListener');
  });
});

describe('a TCP port of a bench', () => {
  it('has one guest at a time, and the next when that is gone', async () => {
    await using bench = await start({ tcp: true });
    {
      await using _first = await connect(bench);
      await using second = await AmpeClient.open(bench.pathOf(1));
      await expect.poll(() => second.closed).toBe(true);
    }
    await using third = await connect(bench);
    expect(await third.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('loses its guest when the cable is pulled, refuses others, and is where it was when it is back', async () => {
    await using bench = await start({ tcp: true });
    const path = bench.pathOf(1);
    await using client = await connect(bench);
    await bench.bench.cable(1, false);
    await expect.poll(() => client.closed).toBe(true);
    await expect(AmpeClient.open(path)).rejects.toThrow(/ECONNREFUSED/);
    await bench.bench.cable(1, true);
    expect(bench.pathOf(1)).toBe(path);
    await using again = await connect(bench);
    expect(await again.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('has the faults of a line', async () => {
    await using bench = await start({ tcp: true });
    await using client = await connect(bench);
    await bench.bench.changeFaults(1, { add: [{ fault: 'split', pieces: 5, pauseMs: 20 }] });
    const startMs = performance.now();
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(79);
  });
});
