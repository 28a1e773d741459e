import { expect, test } from 'vitest';
import type { BleAdvertisement, BleCentral } from '../../../../../station/core/platform/index.ts';
import { openBleTestBed, WAIT_OPTIONS, type AdapterConnection } from './ble-test-bed.ts';
import { PATIENCE_MS } from '../../../../support/patience.ts';

interface Told {
  readonly name: string | null;
  readonly services: readonly string[];
  readonly status: string;
  readonly mac: string;
}

/** What a slot learns of its unit, by nothing but its address. */
async function examine(ble: BleCentral, mac: string): Promise<Told> {
  let heard: BleAdvertisement | null = null;
  await ble.scan(
    mac,
    (advertisement) => {
      heard = advertisement;
      return advertisement.localName !== null;
    },
    { timeoutMs: PATIENCE_MS, signal: WAIT_OPTIONS.signal },
  );
  const { localName, serviceUuids } = heard as unknown as BleAdvertisement;
  await using link = await ble.connect(mac, WAIT_OPTIONS);
  const tail = mac.replaceAll(':', '').slice(-6).toLowerCase();
  const answer = Promise.withResolvers<Uint8Array>();
  using _heard = await link.subscribe('FFF0', 'FFF2', answer.resolve, WAIT_OPTIONS);
  await link.write('FFF0', 'FFF1', Buffer.from(`0164${tail}`, 'hex'), { ...WAIT_OPTIONS, response: true });
  const status = Buffer.from(await answer.promise).toString('hex');
  const own = await link.read('180A', '2A25', WAIT_OPTIONS);
  return { name: localName, services: serviceUuids, status, mac: Buffer.from(own).toString() };
}

test.each<AdapterConnection>(['in-process', 'uart', 'tcp'])(
  'sixteen slots share one adapter and each meets its own unit (%s)',
  async (connection) => {
    await using testBed = await openBleTestBed(connection, 16);
    const told = await Promise.all(testBed.macs.map((mac) => examine(testBed.ble, mac)));
    expect(told).toEqual(
      testBed.macs.map((mac) => ({
        name: `智能设备_${mac}`,
        services: ['FFF0', '180F', '180A'],
        status: `0164${mac.replaceAll(':', '').slice(-6).toLowerCase()}`,
        mac,
      })),
    );
  },
);
