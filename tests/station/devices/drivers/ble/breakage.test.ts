import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fault } from '#shared/domain/fault.ts';
import {
  createAbsentBle,
  createBleCentral,
  parseAdapter,
} from '../../../../../station/devices/drivers/ble/index.ts';
import { loadLibc, openPty } from '../../../../../simulator/pty/index.ts';
import { type AdapterConnection, openBleTestBed, WAIT_OPTIONS } from './ble-test-bed.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';
import { timesOpen } from '../../../../support/processes.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (fault: Fault) => fault,
  );
}

test('an adapter is named in one way only, and a wrong name is refused at once', () => {
  expect(parseAdapter('hci')).toEqual({ kind: 'system', index: null });
  expect(parseAdapter('hci1')).toEqual({ kind: 'system', index: 1 });
  expect(parseAdapter('uart:/dev/ttyACM0?115200')).toEqual({
    kind: 'uart',
    path: '/dev/ttyACM0',
    baudRate: 115_200,
  });
  expect(parseAdapter('tcp://[::1]:4000')).toEqual({ kind: 'tcp', hostname: '::1', port: 4000 });
  for (const wrong of ['', 'usb', 'tcp://host', 'uart:', 'hci-1', 'uart:/dev/x?fast']) {
    expect(() => parseAdapter(wrong)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  }
});

test('no adapter, no such port, no port at all: one sentence each', async () => {
  const file = join(tmpdir(), `gongwei-no-port-${process.pid}`);
  writeFileSync(file, '');
  const wrong: readonly [string, RegExp][] = [
    ['uart:/dev/gongwei-nowhere', /is not there$/],
    [`uart:${file}`, /is not a serial port$/],
    ['hci99', /is not there$/],
    ['tcp://127.0.0.1:9', /at tcp:\/\/127\.0\.0\.1:9 cannot be reached$/],
  ];
  for (const [adapter, words] of wrong) {
    await using ble = createBleCentral(adapter);
    const fault = await faultOf(ble.ready(NEVER_ABORTED));
    expect([fault.code, fault.message]).toEqual(['ble-missing', expect.stringMatching(words)]);
    expect(fault.hint).toBeTruthy();
  }
  expect(await faultOf(createAbsentBle().connect('', WAIT_OPTIONS))).toMatchObject({ code: 'ble-missing' });
});

test('an adapter that never answers fails after its limit', async () => {
  const pty = openPty(loadLibc());
  try {
    await using ble = createBleCentral(`uart:${pty.path}`, { readyTimeoutMs: 300 });
    const fault = await faultOf(ble.ready(NEVER_ABORTED));
    expect([fault.code, fault.message]).toEqual([
      'ble-missing',
      expect.stringContaining('does not answer, or another program uses it'),
    ]);
    const stop = new AbortController();
    const waiting = faultOf(ble.ready(stop.signal));
    stop.abort();
    expect((await waiting).code).toBe('cancelled');
  } finally {
    pty.close();
  }
});

test('an adapter that is given up while its port is being opened does not keep the port', async () => {
  const pty = openPty(loadLibc());
  try {
    // That of the pair itself. An adapter of the test before, whose terminal had this number, may still be closing it.
    const before = 1;
    await expect.poll(() => timesOpen(pty.path)).toBe(before);
    for (let round = 0; round < 5; round += 1) {
      await using ble = createBleCentral(`uart:${pty.path}`);
      const stop = new AbortController();
      const waiting = faultOf(ble.ready(stop.signal));
      await expect.poll(() => timesOpen(pty.path), { interval: 1 }).toBeGreaterThan(before);
      stop.abort();
      expect((await waiting).code).toBe('cancelled');
    }
    await expect.poll(() => timesOpen(pty.path)).toBe(before);
  } finally {
    pty.close();
  }
});

test.each<AdapterConnection>(['uart', 'tcp'])(
  'an adapter that is pulled out ends whatever is under way, and is found again when it is back (%s)',
  async (connection) => {
    await using testBed = await openBleTestBed(connection, 2);
    const [first = '', second = ''] = testBed.macs;
    await testBed.waitUntilAdvertising();
    await using link = await testBed.ble.connect(first, WAIT_OPTIONS);
    await link.services(WAIT_OPTIONS);
    const told = Promise.withResolvers<Fault>();
    link.onLost(told.resolve);
    const listening = faultOf(
      testBed.ble.scan(second, () => false, { timeoutMs: 30_000, signal: NEVER_ABORTED }),
    );
    const asking = faultOf(
      (async () => {
        for (;;) await link.read('180A', '2A25', WAIT_OPTIONS);
      })(),
    );
    testBed.unplugAdapter();
    const faults = await Promise.all([listening, asking, told.promise]);
    expect(faults.map(({ code }) => code)).toEqual(['ble-missing', 'ble-missing', 'ble-missing']);
    expect(faults[0].message).toContain('went away while in use');
    expect(await faultOf(testBed.ble.ready(NEVER_ABORTED))).toMatchObject({ code: 'ble-missing' });

    testBed.plugOtherAdapter();
    await testBed.waitUntilAdvertising();
  },
);

test('an adapter that hangs during an operation is detected, and no unit is blamed', async () => {
  await using testBed = await openBleTestBed('uart', 2);
  const [first = '', second = ''] = testBed.macs;
  await testBed.waitUntilAdvertising();
  await using link = await testBed.ble.connect(first, WAIT_OPTIONS);
  await link.services(WAIT_OPTIONS);
  testBed.simulator.inner.bluetooth?.adapter.controller.freeze(true);
  const faults = await Promise.all([
    faultOf(link.read('180A', '2A25', { timeoutMs: 200, signal: NEVER_ABORTED })),
    faultOf(testBed.ble.scan(second, () => true, { timeoutMs: 200, signal: NEVER_ABORTED })),
    faultOf(testBed.ble.connect(second, { timeoutMs: 200, signal: NEVER_ABORTED })),
  ]);
  expect(faults.map(({ code }) => code)).toEqual(['ble-missing', 'ble-missing', 'ble-missing']);
  expect(faults[0].message).toContain('no longer answers');
});

test('a unit that is silent, far, deaf or gone is its own fault, and the others go on', async () => {
  await using testBed = await openBleTestBed('in-process', 2, {
    faults: { units: { 2: [{ fault: 'ble-silent' }] } },
  });
  const { inner } = testBed.simulator;
  const [good = '', bad = ''] = testBed.macs;
  await testBed.waitUntilAdvertising(1);

  const [unseen, link] = await Promise.all([
    faultOf(testBed.ble.connect(bad, { timeoutMs: 400, signal: NEVER_ABORTED })),
    testBed.ble.connect(good, WAIT_OPTIONS),
  ]);
  expect(unseen.code).toBe('ble-unseen');
  await inner.changeFaults(2, { clear: true, add: [{ fault: 'ble-mute' }] });
  const deaf = await testBed.ble.connect(bad, WAIT_OPTIONS);
  expect(await faultOf(deaf.services({ timeoutMs: 300, signal: NEVER_ABORTED }))).toMatchObject({
    code: 'device-silent',
  });
  expect(await faultOf(deaf.services(WAIT_OPTIONS))).toMatchObject({ code: 'ble-lost' });

  expect(Buffer.from(await link.read('180A', '2A25', WAIT_OPTIONS)).toString()).toBe(good);
  expect(await faultOf(link.read('180D', '2A37', WAIT_OPTIONS))).toMatchObject({
    code: 'device-rejected',
    hint: expect.stringContaining('FFF0') as string,
  });
  expect(await link.rssi(WAIT_OPTIONS)).toBeLessThan(-30);
  const lost = Promise.withResolvers<Fault>();
  link.onLost(lost.resolve);
  await inner.power(1, false);
  expect((await lost.promise).code).toBe('ble-lost');
  expect(await faultOf(link.read('180A', '2A25', WAIT_OPTIONS))).toMatchObject({ code: 'ble-lost' });
});

test('a link that breaks in the middle of an exchange ends it, and the next link works', async () => {
  await using testBed = await openBleTestBed('in-process', 1);
  const [mac = ''] = testBed.macs;
  await testBed.simulator.inner.changeFaults(1, { add: [{ fault: 'ble-drop', times: 1 }] });
  await testBed.waitUntilAdvertising();
  const command = Buffer.from('0132aabbcc', 'hex');
  {
    await using link = await testBed.ble.connect(mac, WAIT_OPTIONS);
    const notified = Promise.withResolvers<never>();
    link.onLost(notified.reject);
    using _heard = await link.subscribe('FFF0', 'FFF2', () => undefined, WAIT_OPTIONS);
    const wrote = link.write('FFF0', 'FFF1', command, { ...WAIT_OPTIONS, response: true });
    expect(await faultOf(Promise.all([wrote, notified.promise]))).toMatchObject({ code: 'ble-lost' });
  }
  await using link = await testBed.ble.connect(mac, WAIT_OPTIONS);
  await link.write('FFF0', 'FFF1', command, { ...WAIT_OPTIONS, response: true });
  expect(Buffer.from(await link.read('FFF0', 'FFF2', WAIT_OPTIONS))).toEqual(command);
});

test('a stop ends every wait at once', async () => {
  await using testBed = await openBleTestBed('in-process', 1);
  const [mac = ''] = testBed.macs;
  await testBed.waitUntilAdvertising();
  await using link = await testBed.ble.connect(mac, WAIT_OPTIONS);
  await link.services(WAIT_OPTIONS);
  await testBed.simulator.inner.changeFaults(1, { add: [{ fault: 'ble-mute' }] });
  const stop = new AbortController();
  const limits = { timeoutMs: 20_000, signal: stop.signal };
  const waits = [
    faultOf(link.read('180A', '2A25', limits)),
    faultOf(testBed.ble.scan(mac, () => false, { timeoutMs: 20_000, signal: stop.signal })),
    faultOf(testBed.ble.connect('00:00:00:00:00:01', limits)),
  ];
  stop.abort();
  expect((await Promise.all(waits)).map(({ code }) => code)).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

test('more slots than links wait their turn', async () => {
  await using testBed = await openBleTestBed('in-process', 3, { maxConnections: 1 });
  await testBed.waitUntilAdvertising();
  const order: string[] = [];
  await Promise.all(
    testBed.macs.map(async (mac) => {
      await using link = await testBed.ble.connect(mac, WAIT_OPTIONS);
      order.push(`+${mac}`);
      await link.read('180A', '2A25', WAIT_OPTIONS);
      order.push(`-${mac}`);
    }),
  );
  expect(order).toHaveLength(6);
  for (let at = 0; at < 6; at += 2) expect(order[at + 1]).toBe(order[at]?.replace('+', '-'));
});

test('earlier advertisements of a unit do not count when it is tested again', async () => {
  await using testBed = await openBleTestBed('in-process', 1);
  const [mac = ''] = testBed.macs;
  const names: (string | null)[] = [];
  const listen = (wanted: string): Promise<boolean> =>
    testBed.ble.scan(
      mac,
      ({ localName }) => {
        names.push(localName);
        return localName === wanted;
      },
      { timeoutMs: PATIENCE_MS, signal: NEVER_ABORTED },
    );
  await testBed.simulator.inner.changeFaults(1, { add: [{ fault: 'ble-wrong-name', name: 'old' }] });
  await listen('old');
  await testBed.simulator.inner.changeFaults(1, { clear: true });
  // What was on air before the change may still come.
  await listen(`智能设备_${mac}`);
  names.length = 0;
  await listen(`智能设备_${mac}`);
  expect(names).not.toContain('old');
  expect(names.at(-1)).toBe(`智能设备_${mac}`);
});

test('the library does not end a station without its own handler of Ctrl-C', async () => {
  const before = process.listenerCount('SIGINT');
  await using testBed = await openBleTestBed('uart', 1);
  await testBed.waitUntilAdvertising();
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('an adapter that is pulled out while the station closes takes nothing along', async () => {
  await using testBed = await openBleTestBed('uart', 1);
  await testBed.waitUntilAdvertising();
  const link = await testBed.ble.connect(testBed.macs[0] ?? '', WAIT_OPTIONS);
  await link.services(WAIT_OPTIONS);
  const asking = faultOf(link.read('180A', '2A25', WAIT_OPTIONS));
  const listening = faultOf(
    testBed.ble.scan(testBed.macs[0] ?? '', () => false, { timeoutMs: 20_000, signal: NEVER_ABORTED }),
  );
  testBed.unplugAdapter();
  await testBed.ble[Symbol.asyncDispose]();
  expect([(await asking).code, (await listening).code]).toEqual(['ble-missing', 'ble-missing']);
  // What was under way on the port fails a moment later, while the next station works, and harms neither.
  await using next = await openBleTestBed('uart', 1);
  await next.waitUntilAdvertising();
});
