import { describe, expect, it } from 'vitest';

import { passwordAt } from '../../../../simulator/parts/lock/index.ts';
import { PICTURE_LOCK_MODEL } from '../../../../simulator/profiles/picture-lock/index.ts';
import { VIDEO_LOCK_MODEL } from '../../../../simulator/profiles/video-lock/model.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { burn, goOnline, heardOf, startCloud, tell, TRIPLE } from '../../support/online.ts';

type Options = Parameters<typeof TestSimulator.start>[0];
const pictureLock = (options: Options = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'picture-lock', ...options });
const videoLock = (options: Options = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'video-lock', ...options });
const passwordNow = (): string => passwordAt(TRIPLE.secret, Date.now());

describe('a door lock', () => {
  it.each([
    ['picture-lock', PICTURE_LOCK_MODEL],
    ['video-lock', VIDEO_LOCK_MODEL],
  ])('%s: reports every property of its thing model', async (profile, model) => {
    await using broker = await startCloud();
    await using simulator = await TestSimulator.start({ profile, mqttUrl: broker.url });
    await using _terminal = await goOnline(simulator, broker);
    const { params } = await heardOf(broker, 'property');
    expect(Object.keys(params as object).toSorted()).toEqual(model.properties.map(({ id }) => id).toSorted());
    expect(params).toMatchObject({ lock_motor_state: 1, battery_percentage: 96 });
  });

  it('moves its bolt in the time of a motor, and reports it', async () => {
    await using simulator = await pictureLock({ timeScale: 0.25 });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+FTMOTOR?')).toBe('+FTMOTOR:1\r\n\r\nOK\r\n');
    const startMs = performance.now();
    const told = await terminal.ask('AT+FTMOTOR=0', /FTMOTOR:\w+,.*\r\n/);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(195);
    expect(told).toMatch(/^OK\r\n\+EVENT:8\r\n\+FTMOTOR:OK,(7[89]|80|81)\d,(29|3[0-3])\d\r\n$/);
    expect(await terminal.ask('AT+FTMOTOR?')).toContain('+FTMOTOR:0\r\n');
    expect(await terminal.ask('AT+FTMOTOR=1', /FTMOTOR:\w+,.*\r\n/)).toContain('+EVENT:9\r\n');
    expect(await terminal.ask('AT+FTMOTOR=2')).toBe('+CME ERROR:204\r\n');
  });

  it('keeps the position of its bolt without power', async () => {
    await using simulator = await pictureLock();
    await using terminal = await simulator.talkTo();
    await terminal.ask('AT+FTMOTOR=0', /FTMOTOR:OK,.*\r\n/);
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    await terminal.expect(/ready\r\n/);
    expect(await terminal.ask('AT+FTMOTOR?')).toContain('+FTMOTOR:0\r\n');
  });

  it('opens for the temporary password of its own secret, and only while it is locked', async () => {
    await using simulator = await pictureLock();
    await using terminal = await simulator.talkTo();
    const answer = /FTPWD:.*\r\n/;
    expect(await terminal.ask(`AT+FTPWD=${passwordNow()}`, answer)).toBe('OK\r\n+FTPWD:FAIL,3\r\n');
    await burn(terminal);
    const wrong = passwordNow() === '000000' ? '000001' : '000000';
    expect(await terminal.ask(`AT+FTPWD=${wrong}`, answer)).toBe('OK\r\n+FTPWD:FAIL,1\r\n');
    expect(await terminal.ask(`AT+FTPWD=${passwordNow()}`, /NOTICE:.*\r\n/)).toMatch(
      /^OK\r\n\+FTPWD:OK\r\n\+EVENT:8\r\n\+FTMOTOR:OK,\d+,\d+\r\n\+NOTICE:8\r\n$/,
    );
    expect(await terminal.ask(`AT+FTPWD=${passwordNow()}`, answer)).toBe('OK\r\n+FTPWD:FAIL,2\r\n');
    expect(await terminal.ask('AT+FTPWD=12345')).toBe('+CME ERROR:204\r\n');
    // The one of half a minute ago is still good: people type slowly.
    await terminal.ask('AT+FTMOTOR=1', /FTMOTOR:OK,.*\r\n/);
    const before = passwordAt(TRIPLE.secret, Date.now() - 15_000, 0);
    expect(await terminal.ask(`AT+FTPWD="${before}"`, answer)).toContain('+FTPWD:OK');
  });

  it('freezes after five wrong passwords, and reports it', async () => {
    await using simulator = await pictureLock();
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    const good = new Set([-2, -1, 0, 1, 2].map((aside) => passwordAt(TRIPLE.secret, Date.now(), aside)));
    const wrong = ['111111', '222222', '333333', '444444', '555555', '666666'].find(
      (word) => !good.has(word),
    );
    for (let n = 1; n < 5; n++) await terminal.ask(`AT+FTPWD=${wrong}`, /FAIL,1\r\n/);
    await terminal.ask(`AT+FTPWD=${wrong}`, /FAIL,1\r\n\+EVENT:5\r\n/);
    await terminal.ask(`AT+FTPWD=${passwordNow()}`, /FAIL,4\r\n/);
  });

  it('clock-off: refuses a password of the real time', async () => {
    await using simulator = await pictureLock({
      faults: { units: { '1': [{ fault: 'clock-off', seconds: 90 }] } },
    });
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    expect(await terminal.ask(`AT+FTPWD=${passwordNow()}`, /FTPWD:.*\r\n/)).toContain('FAIL,1');
    const itsOwn = passwordAt(TRIPLE.secret, Date.now() + 90_000);
    await terminal.ask(`AT+FTPWD=${itsOwn}`, /FTPWD:OK\r\n/);
  });

  it('motor-stuck: reports the direction, and the bolt stays in its position', async () => {
    await using simulator = await pictureLock({
      faults: { units: { '1': [{ fault: 'motor-stuck', times: 2 }] } },
    });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+FTMOTOR=0', /FTMOTOR:\w+,.*\r\n/)).toBe(
      'OK\r\n+NOTICE:12,2\r\n+FTMOTOR:FAIL,1\r\n',
    );
    expect(await terminal.ask('AT+FTMOTOR?')).toContain('+FTMOTOR:1\r\n');
    expect(await terminal.ask('AT+FTMOTOR=1', /FTMOTOR:\w+,.*\r\n/)).toContain('+NOTICE:12,1');
  });

  it('sends its notices with their extensions to the console and to the cloud', async () => {
    await using broker = await startCloud();
    await using simulator = await pictureLock({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    expect(await terminal.ask('AT+FTNOTICE=1,3', /NOTICE:.*\r\n/)).toBe('OK\r\n+NOTICE:1,3\r\n');
    expect(await heardOf(broker, 'event')).toMatchObject({
      method: 'event_post',
      eventId: 'notice',
      params: { notice_id: 1, ext: { unlock_type: 3 } },
    });
    // The same number under the other key is something else, and nothing at all is the general text.
    for (const [told, params] of [
      ['12,3', { notice_id: 12, ext: { unknown_info_id: 3 } }],
      ['1', { notice_id: 1 }],
      ['9', { notice_id: 9 }],
    ] as const) {
      await terminal.ask(`AT+FTNOTICE=${told}`, /NOTICE:.*\r\n/);
      const heard = await heardOf(
        broker,
        'event',
        (event) => JSON.stringify(event['params']) === JSON.stringify(params),
      );
      expect(heard).toMatchObject({ eventId: 'notice', params });
    }
    for (const wrong of ['1,10', '12,7', '9,1', '1,0'])
      expect(await terminal.ask(`AT+FTNOTICE=${wrong}`)).toBe('+CME ERROR:204\r\n');
    expect(await terminal.ask('AT+FTNOTICE=13')).toBe('+CME ERROR:204\r\n');
    expect(await terminal.ask('AT+FTEVENT=1')).toBe('+CME ERROR:204\r\n');
    expect(await terminal.ask('AT+FTEVENT=4', /EVENT:.*\r\n/)).toContain('+EVENT:4');
    await simulator.inner.control({ stimulus: { unit: 1, what: { kind: 'notice', id: 9 } } });
    await terminal.expect(/^\+NOTICE:9\r\n/);
  });

  it('opens on an action of the cloud, replies with the result and reports its new state', async () => {
    await using broker = await startCloud();
    await using simulator = await pictureLock({ mqttUrl: broker.url });
    await using terminal = await goOnline(simulator, broker);
    await tell(broker, 'action', {
      method: 'action',
      clientToken: 'a-1',
      actionId: 'unlock_remote',
      params: {},
    });
    const reply = await heardOf(broker, 'action');
    expect(reply).toEqual({
      method: 'action_reply',
      clientToken: 'a-1',
      code: 0,
      status: '',
      response: { result: 1 },
    });
    await heardOf(broker, 'property', ({ params }) => JSON.stringify(params) === '{"lock_motor_state":0}');
    await terminal.expect(/\+EVENT:8\r\n/);
    await tell(broker, 'action', { method: 'action', clientToken: 'a-2', actionId: 'self_destruct' });
    const refusal = await heardOf(broker, 'action', ({ clientToken }) => clientToken === 'a-2');
    expect(refusal).toMatchObject({ code: -1, response: {} });
  });

  it('has a battery that may drift, and warns of it when it is low', async () => {
    await using broker = await startCloud();
    await using simulator = await pictureLock({
      mqttUrl: broker.url,
      faults: { units: { '1': [{ fault: 'drift', value: 'battery', by: -60, perRun: -10 }] } },
    });
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+FTBAT?')).toMatch(/^\+FTBAT:26,45\d\d\r\n/);
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    await terminal.expect(/ready\r\n/);
    await terminal.close();
    await using again = await goOnline(simulator, broker);
    await again.expect(/\+NOTICE:5\r\n/);
    expect((await heardOf(broker, 'property'))['params']).toMatchObject({ battery_percentage: 16 });
  });
});

describe('a lock with a video stream', () => {
  it('sleeps, does not open then, and is woken by the cloud', async () => {
    await using broker = await startCloud();
    // Half a minute awake is a second and a half here.
    await using simulator = await videoLock({ mqttUrl: broker.url, timeScale: 0.05 });
    await using _terminal = await goOnline(simulator, broker);
    await heardOf(broker, 'property', ({ params }) => wakeupState(params) === 0);
    const from = broker.heard.length;
    const action = (clientToken: string, actionId: string) =>
      tell(broker, 'action', { method: 'action', clientToken, actionId, params: {} });
    await action('a-1', 'unlock_remote');
    expect(await heardOf(broker, 'action')).toMatchObject({
      code: -1,
      status: 'asleep',
      response: { result: 0 },
    });
    await action('a-2', 'wake_up');
    expect(await heardOf(broker, 'action', ({ clientToken }) => clientToken === 'a-2')).toMatchObject({
      code: 0,
      response: { wakeup_state: 1 },
    });
    await heardOf(broker, 'property', ({ params }) => wakeupState(params) === 1, from);
    // Together, so that it does not fall asleep in between.
    await action('a-3', 'wake_up');
    await action('a-4', 'unlock_remote');
    expect(await heardOf(broker, 'action', ({ clientToken }) => clientToken === 'a-4')).toMatchObject({
      code: 0,
      response: { result: 1 },
    });
  });

  it('stores its cards, over a restart too', async () => {
    await using broker = await startCloud();
    await using simulator = await videoLock({ mqttUrl: broker.url });
    const cards = [{ id: '04A1B2', card_name: '门卡' }];
    {
      await using _terminal = await goOnline(simulator, broker);
      await tell(broker, 'property', {
        method: 'control',
        clientToken: 'c-1',
        params: { cards: [{ id: 5 }] },
      });
      expect(await heardOf(broker, 'property', ({ clientToken }) => clientToken === 'c-1')).toMatchObject({
        code: -1,
      });
      await tell(broker, 'property', { method: 'control', clientToken: 'c-2', params: { cards } });
      await heardOf(broker, 'property', ({ params }) => JSON.stringify(params ?? 0).includes('04A1B2'));
    }
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    const from = broker.heard.length;
    await using again = await simulator.talkTo();
    await again.ask('AT+TCMQTTCONN=1,5000,240,1,0', /TCMQTTCONN:OK\r\n/);
    const report = await heardOf(broker, 'property', ({ method }) => method === 'report', from);
    expect(report['params']).toMatchObject({ cards });
  });
});

function wakeupState(params: unknown): unknown {
  return (params as { readonly wakeup_state?: unknown } | undefined)?.wakeup_state;
}
