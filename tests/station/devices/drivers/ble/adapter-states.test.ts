import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createBleCentral } from '../../../../../station/devices/drivers/ble/index.ts';
import { openBleTestBed, WAIT_OPTIONS } from './ble-test-bed.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';

/** A system's HCI socket in a state in which it is of no use. */
class UselessSocket extends EventEmitter {
  bindRaw(): void {
    // noble binds before it looks.
  }
  setFilter(): void {
    // Nothing to filter.
  }
  write(): void {
    // Nobody there.
  }
  isDevUp(): boolean {
    return false;
  }
  start(): void {
    // It never gets up.
  }
  stop(): void {
    // Nor down.
  }
}

class ForbiddenSocket extends UselessSocket {
  override start(): void {
    setImmediate(() =>
      this.emit('error', Object.assign(new Error('Operation not permitted'), { code: 'EPERM' })),
    );
  }
}

const load = createRequire(import.meta.url);
const drivers = createRequire(load.resolve('@stoprocent/noble'))('@stoprocent/bluetooth-hci-socket') as {
  loadDriver: (name: string) => unknown;
};
const original = drivers.loadDriver;
drivers.loadDriver = (name) =>
  name === 'off' ? UselessSocket : name === 'forbidden' ? ForbiddenSocket : original(name);

test.each([
  ['off', 'ble-off', /is switched off$/, 300],
  ['forbidden', 'ble-denied', /^this user has no permission to use /, PATIENCE_MS],
])('an adapter that is %s says so in one sentence', async (driver, code, words, readyTimeoutMs) => {
  const said: unknown[] = [];
  const { log } = console;
  console.log = (...values: unknown[]): void => void said.push(values);
  try {
    await using ble = createBleCentral({ kind: 'driver', driver, parameters: {} }, { readyTimeoutMs });
    const fault = await ble.ready(WAIT_OPTIONS.signal).then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ code, message: expect.stringMatching(words) as string });
    expect((fault as { hint: string }).hint).toBeTruthy();
  } finally {
    console.log = log;
  }
  // Standard output belongs to JSON Lines.
  expect(said).toEqual([]);
});

test('an adapter with too many addresses is reopened when it is unused', async () => {
  await using testBed = await openBleTestBed('uart', 2, { maxAddresses: 1 });
  await testBed.waitUntilAdvertising();
  for (const mac of testBed.macs) {
    await using link = await testBed.ble.connect(mac, WAIT_OPTIONS);
    expect(Buffer.from(await link.read('180A', '2A25', WAIT_OPTIONS)).toString()).toBe(mac);
  }
});
