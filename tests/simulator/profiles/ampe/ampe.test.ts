import { describe, expect, it } from 'vitest';

import { TestSimulator } from '../../../kit/test-simulator.ts';
import { AmpeClient } from './client.ts';

const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'ampe', ...options });
const connect = async (simulator: TestSimulator, slot = 1): Promise<AmpeClient> =>
  (await AmpeClient.open(simulator.pathOf(slot))).wake();

describe('an AMPE terminal', () => {
  it.each([{ tcp: false }, { tcp: true }])('reports its identity ($tcp)', async ({ tcp }) => {
    await using simulator = await start({ tcp });
    expect(simulator.pathOf(1)).toMatch(tcp ? /^tcp:\/\/127\.0\.0\.1:\d+$/ : /^\/dev\//);
    await using client = await connect(simulator);
    const { data, ...envelope } = await client.call('getDeviceInfo');
    expect(envelope).toMatchObject({
      action: 'getDeviceInfo',
      event: 'open',
      success: true,
      message: '成功',
    });
    // The firmware number of the device, not the size of a screen.
    expect(data).toMatchObject({ sn: 'SN000001', devicedDisplay: expect.stringMatching(/^HHA-T1-\d{6}$/) });
  });

  it('formats messages as the document, or in the opposite dialect', async () => {
    await using documented = await start();
    await using opposite = await start({ dialect: 'opposite' });
    await using first = await connect(documented);
    await using second = await connect(opposite);
    expect(first.raw[0]).toMatch(/"success":true,.*"message ":"成功","data":\{"sn":"SN000001"/);
    expect(second.raw[0]).toMatch(/"success":true,.*"message":"成功","data":"\{\\"sn\\":\\"SN000001\\"/);
    await opposite.inner.stimulate(1, { kind: 'scan', code: '42' });
    expect(await second.message(({ data }) => JSON.stringify(data) === '{"qrCode":42}')).toEqual({
      data: { qrCode: 42 },
    });
  });

  it('refuses messages that are not an action, call or request, and continues', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const refused = { success: false, message: expect.stringMatching(/不支持/) };
    expect(await client.call('toString')).toMatchObject(refused);
    client.send('{"call":"toString","taskId":"c1"}');
    expect(await client.reply(({ taskId }) => taskId === 'c1')).toMatchObject(refused);
    const unanswered = [
      'not json',
      JSON.stringify({ action: 'getDeviceInfo', event: 'open', taskId: 't', params: [] }),
      // The document requires `event`.
      JSON.stringify({ action: 'getDeviceInfo', taskId: 't' }),
    ];
    for (const line of unanswered) client.send(line);
    await expect
      .poll(() => client.replies.filter(({ taskId }) => taskId === ''))
      .toHaveLength(unanswered.length);
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('scans one code for one request, and sends other codes to the listener', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    expect((await client.call('getQRCode')).data).toEqual({ qrCode: 'GW-FIXTURE-0001' });
    await simulator.inner.changeFaults(1, { add: [{ fault: 'no-code', times: 1 }] });
    const taskId = client.begin('getQRCode');
    await client.call('speechStop');
    await simulator.inner.stimulate(1, { kind: 'scan', code: 'https://example.test/?a=1' });
    await simulator.inner.stimulate(1, { kind: 'scan', code: 'second' });
    expect(await client.reply((reply) => reply.taskId === taskId)).toMatchObject({
      success: true,
      data: { qrCode: 'https://example.test/?a=1' },
    });
    expect(await client.message(({ listener }) => listener === 'initQRListener')).toEqual({
      listener: 'initQRListener',
      data: { qrCode: 'second' },
    });
  });

  it('waits for an identity card while other requests run, and stops on request', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const parts = await client.call('getIDCardInfo', { infoType: 'photo,base' });
    expect(Object.keys(parts.data)).toEqual(['photoBase64', 'name', 'idNum']);
    expect(await client.call('getIDCardInfo', { infoType: 'base, photo' })).toMatchObject({ success: false });
    await simulator.inner.stimulate(1, { kind: 'card', card: 'id', present: false });
    const waiting = client.begin('getIDCardInfo');
    expect(await client.call('closeIDCardInfo')).toMatchObject({ event: 'close', message: '关闭成功' });
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
    expect(client.replies.filter(({ taskId }) => taskId === waiting)).toEqual([]);
  });

  it('passes commands to a chip card that was read and to its PSAMs, unless the loop runs', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const mac = simulator.inner.units[0]!.mac.replaceAll(':', '');
    const apdu = (commandApdus: string[], more: object = {}) =>
      client.call('sendCPUCardApduCommands', { commandApdus, type: '1', ...more });
    expect(await apdu(['0084000008'])).toMatchObject({ success: false, message: '失败:-1' });
    expect((await client.call('readOnceCPUCardInfo')).data).toEqual({
      nfc_cardInfo: `1078800220908698${mac}0000`,
    });
    expect((await apdu(['00A40000023F00', '0084000008'])).data).toEqual({
      nfc_commandResults: ['6F0484023F009000', expect.stringMatching(/^[0-9A-F]{16}9000$/)],
    });
    expect((await apdu(['00B0960006'], { type: 2, slot: 2 })).data).toEqual({
      nfc_commandResults: [`${mac}9000`],
    });
    expect(await apdu(['00A40000023F00', '00A40000024711', '0084000008'])).toMatchObject({
      success: false,
      message: '失败:-100',
      data: { nfc_commandResults: ['6F0484023F009000', '6A82'] },
    });
    expect(await apdu(['0084000008'], { type: '2', slot: '3' })).toMatchObject({ message: '失败:-1' });
    expect(await apdu([])).toMatchObject({ success: false, message: '参数有误' });
    // A status of the card is a result, not a failure of the terminal.
    const single = { commandApdu: '8084000008', type: '1' };
    expect((await client.call('sendCPUCardCommand', single)).data).toEqual({ nfc_resultInfo: '6E00' });
    expect((await client.call('psamCardColdReset', { slot: '1' })).data).toEqual({
      nfc_resultInfo: expect.stringMatching(/^3B/),
    });
    await client.call('startCPUCardLoopRead', { intervalTime: '1000' });
    expect(await client.call('psamCardColdReset')).toMatchObject({
      success: true,
      data: { nfc_resultInfo: '-1' },
    });
    await client.call('stopCPUCardLoopRead');
    await simulator.inner.changeFaults(1, { add: [{ fault: 'no-card' }] });
    expect(await client.call('readOnceCPUCardInfo')).toMatchObject({
      success: true,
      data: { nfc_cardInfo: '-2' },
    });
  });

  it('beeps, prints and speaks, and reports failures', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const wrong = { success: false, message: '参数有误' };
    expect(await client.call('startBuzzer', { beep: 50 })).toMatchObject({ success: true });
    for (const params of [{}, { beep: '0' }, { beep: '1.5' }])
      expect(await client.call('startBuzzer', params)).toMatchObject(wrong);
    const text = { text: 'a', textSize: 26, bold: false, algin: 'left' };
    for (const printList of [[], 'a', [{ text: 'a' }], [{ ...text, algin: 'top' }], [{ imageBase64: 'x' }]])
      expect(await client.call('receiptPrinting', { printList })).toMatchObject(wrong);
    await simulator.inner.changeFaults(1, { add: [{ fault: 'paper-out', times: 1 }] });
    expect(await client.call('receiptPrinting', { printList: [text] })).toMatchObject({ success: false });
    expect(await client.call('receiptPrinting', { printList: [text] })).toMatchObject({ success: true });
    expect(await client.call('speech', { text: '您好' })).toMatchObject({ success: true });
    expect(await client.call('speech')).toMatchObject(wrong);
  });

  it('reports a person in front of it until it is stopped', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    expect(await client.call('startInfraredInductionListener', { intervalTime: 1_000 })).toMatchObject({
      success: false,
    });
    await client.call('startInfraredInductionListener', { intervalTime: 2_000 });
    const seen = (inductionCode: string) =>
      client.message((message) => JSON.stringify(message['data']) === JSON.stringify({ inductionCode }));
    await seen('1');
    await simulator.inner.stimulate(1, { kind: 'person', present: false });
    await seen('0');
    await client.call('stopInfraredInductionListener');
    const told = client.messages.length;
    // Without a card it waits for several intervals.
    await simulator.inner.stimulate(1, { kind: 'card', card: 'id', present: false });
    expect(await client.call('getIDCardInfo')).toMatchObject({ success: false, message: '超时' });
    expect(client.messages.slice(told).filter(({ listener }) => listener !== undefined)).toEqual([]);
  });

  it('keeps its settings, its second screen, its microphone and its face component', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const config = (deviceConfig: object) => client.call('deviceConfig', { deviceConfig });
    expect(await config({ hideNavigationBar: 1, hindeNotificationBar: 2 })).toMatchObject({ success: true });
    for (const refused of [{ hideNavigationBar: 3 }, { toString: 1 }])
      expect(await config(refused)).toMatchObject({ success: false });
    expect(await client.call('openSecondaryScreen')).toMatchObject({ success: false });
    await client.call('openSecondaryScreen', { secondaryScreenBase64: '/9j/' });
    expect((await client.call('getSecondaryScreenState')).data).toEqual({ getSecondaryScreenState: 1 });
    await client.call('startMicrophoneListener');
    await client.call('startMicrophone');
    expect((await client.call('getMicrophoneState')).data).toEqual({
      microphoneListenerState: 1,
      microphoneState: 1,
    });
    // A blank after the comma of `scope` keeps the consent box away.
    expect(await client.call('initFace', { scope: 'auth_user, yingpin' })).toMatchObject({ success: false });
    expect(await client.call('getFaceInfo')).toMatchObject({ message: expect.stringMatching(/E69016/) });
    const second = { appid: 'a', orgOutId: 'o', componentOutId: 'c', isvPid: 'i', uniqueId: 'u' };
    expect(await client.call('doStorageFaceInfo', second)).toMatchObject({
      success: false,
      message: '失败',
      data: { eventData: { subCode: '90004' } },
    });
  });
});

describe('a TCP port of a simulator', () => {
  it('serves one client at a time, and the next after it', async () => {
    await using simulator = await start({ tcp: true });
    {
      await using _first = await connect(simulator);
      await using second = await AmpeClient.open(simulator.pathOf(1));
      await expect.poll(() => second.closed).toBe(true);
    }
    await using third = await connect(simulator);
    expect(await third.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('disconnects its client when the cable is unplugged, refuses others, and keeps its address', async () => {
    await using simulator = await start({ tcp: true });
    const path = simulator.pathOf(1);
    await using client = await connect(simulator);
    await simulator.inner.cable(1, false);
    await expect.poll(() => client.closed).toBe(true);
    await expect(AmpeClient.open(path)).rejects.toThrow(/ECONNREFUSED/);
    await simulator.inner.cable(1, true);
    expect(simulator.pathOf(1)).toBe(path);
    await using again = await connect(simulator);
    expect(await again.call('getDeviceInfo')).toMatchObject({ success: true });
  });

  it('has the faults of a serial port', async () => {
    await using simulator = await start({ tcp: true });
    await using client = await connect(simulator);
    await simulator.inner.changeFaults(1, { add: [{ fault: 'split', pieces: 5, pauseMs: 20 }] });
    const startMs = performance.now();
    expect(await client.call('getDeviceInfo')).toMatchObject({ success: true });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(80);
  });
});
