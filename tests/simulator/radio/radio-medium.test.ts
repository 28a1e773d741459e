import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Noble, Peripheral } from '@stoprocent/noble';
import {
  advertisingData,
  installVirtualDriver,
  nameScanResponse,
  openHciPort,
  startPeripheral,
  VIRTUAL_DRIVER,
  RadioMedium,
  VirtualController,
} from '../../../simulator/radio/index.ts';
import { systemId } from '../../../simulator/parts/bluetooth/device-information.ts';
import { loadLibc, openPty } from '../../../simulator/pty/index.ts';
import { stopNoble } from '../support/stop-noble.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

// Before noble is loaded: here it is used as it is, without the station's driver around it.
installVirtualDriver();

const LONG_NAME = '智能设备_AA:BB:CC:DD:01:02';
let medium: RadioMedium;
const started: Noble[] = [];
beforeEach(() => {
  medium = new RadioMedium({ timeScale: 0 });
});
afterEach(async () => {
  // The hosts first: noble's UART driver does not take it well when its port goes before it.
  started.splice(0).forEach(stopNoble);
  await medium[Symbol.asyncDispose]();
});

async function nobleOver(binding: { hciDriver: unknown; bindParams: unknown }): Promise<Noble> {
  const { withBindings } = await import('@stoprocent/noble');
  const noble = withBindings('hci', binding as never);
  started.push(noble);
  await noble.waitForPoweredOnAsync(PATIENCE_MS);
  return noble;
}

function nobleIn(extended: boolean): Promise<Noble> {
  const controller = new VirtualController(medium, { address: 'C0:FF:EE:00:00:01', extended });
  return nobleOver({ hciDriver: VIRTUAL_DRIVER, bindParams: { controller } });
}

const nobleOn = (port: string): Promise<Noble> =>
  nobleOver({ hciDriver: 'uart', bindParams: { uart: { port, baudRate: 1_000_000 } } });

/** The first advertisement that fits. */
function heard(noble: Noble, fits: (peripheral: Peripheral) => boolean): Promise<Peripheral> {
  return new Promise((resolve, reject) => {
    noble.on('discover', (peripheral) => {
      if (fits(peripheral)) resolve(peripheral);
    });
    noble.startScanningAsync([], true).catch(reject);
  });
}

async function device(address: string, name: string, rssiDbm = -50) {
  let value = Buffer.from('nothing yet');
  const peripheral = await startPeripheral(medium, {
    address,
    name,
    advertisement: advertisingData({ services: ['FFF0'] }),
    scanResponse: nameScanResponse(name) ?? Buffer.alloc(0),
    extendedAdvertisement: () => advertisingData({ name, services: ['FFF0'] }),
    radioModel: {
      rssiDbm: () => rssiDbm,
      transmits: () => true,
      losesAdvertisement: () => false,
      dataLosses: () => 0,
      dataDelayMs: () => 0,
      losesData: () => false,
    },
    services: [
      {
        uuid: 'FFF0',
        characteristics: [
          {
            uuid: 'FFF1',
            write(next) {
              value = Buffer.from(next);
              setImmediate(() => peripheral.notify('FFF2', value));
              return true;
            },
          },
          { uuid: 'FFF2', read: () => value, notifies: true },
        ],
      },
    ],
  });
  peripheral.controller.radioOn = true;
  return peripheral;
}

test('a scanner without Bluetooth 5 receives legacy advertisements only, a newer one all', async () => {
  // With its header the name takes 32 bytes.
  expect(nameScanResponse(LONG_NAME)).toBeNull();
  await device('AA:BB:CC:DD:01:02', LONG_NAME);
  await device('AA:BB:CC:DD:01:03', 'lamp', -77);

  const old = await nobleIn(false);
  const lamp = await heard(old, ({ address }) => address === 'aa:bb:cc:dd:01:03');
  expect([lamp.advertisement.localName, lamp.rssi, lamp.advertisement.serviceUuids]).toEqual([
    'lamp',
    -77,
    ['fff0'],
  ]);
  const nameless = await heard(old, ({ address }) => address === 'aa:bb:cc:dd:01:02');
  expect([nameless.advertisement.localName, nameless.advertisement.serviceUuids]).toEqual([
    undefined,
    ['fff0'],
  ]);
  await old.stopScanningAsync();

  const young = await nobleIn(true);
  const named = await heard(young, ({ advertisement }) => advertisement.localName === LONG_NAME);
  expect([named.address, named.rssi, named.connectable]).toEqual(['aa:bb:cc:dd:01:02', -50, 1]);
});

test.each(['in process', 'over a serial port'])('noble and bleno meet, %s', async (how) => {
  const { controller } = await device('AA:BB:CC:DD:01:02', LONG_NAME);
  const port = openHciPort(medium, openPty(loadLibc()), { address: 'C0:FF:EE:00:00:02' });
  const noble = await (how === 'in process' ? nobleIn(true) : nobleOn(port.path));
  const found = await heard(noble, () => true);
  await noble.stopScanningAsync();
  for (let round = 1; round <= 3; round++) {
    await found.connectAsync();
    const { characteristics } = await found.discoverAllServicesAndCharacteristicsAsync();
    const by = (uuid: string) => characteristics.find((own) => own.uuid === uuid)!;
    expect((await by('2a00').readAsync()).toString()).toBe(LONG_NAME);
    const notified = once(by('fff2'), 'data');
    await by('fff2').subscribeAsync();
    // Longer than one packet of data, so that it goes over in fragments both ways.
    const long = Buffer.alloc(200, round);
    await by('fff1').writeAsync(long, false);
    expect((await notified)[0]).toEqual(long);
    expect(await by('fff2').readAsync()).toEqual(long);
    const gone = once(found, 'disconnect');
    if (round === 2) controller.breakConnections();
    else await found.disconnectAsync();
    expect((await gone)[0]).toBe(round === 2 ? 0x08 : 0x16);
  }
});

test('a killed host leaves no state for the next one on the same port', async () => {
  const { controller } = await device('AA:BB:CC:DD:01:02', LONG_NAME);
  const port = openHciPort(medium, openPty(loadLibc()), { address: 'C0:FF:EE:00:00:02' });
  const first = await nobleOn(port.path);
  await (await heard(first, () => true)).connectAsync();
  expect(controller.connectionCount).toBe(1);
  // The port closes with a link open and in the middle of a scan, as when a process is killed.
  const socket = (first as unknown as { _bindings: { _hci: { _socket: { stop(): void } } } })._bindings._hci
    ._socket;
  socket.stop();
  const second = await nobleOn(port.path);
  const found = await heard(second, () => true);
  await second.stopScanningAsync();
  await found.connectAsync();
  expect(controller.connectionCount).toBe(1);
});

test('a unit without power is not received, and its connections break', async () => {
  const { controller } = await device('AA:BB:CC:DD:01:02', 'lamp');
  const noble = await nobleIn(true);
  const found = await heard(noble, () => true);
  await noble.stopScanningAsync();
  await found.connectAsync();
  const gone = once(found, 'disconnect');
  controller.radioOn = false;
  expect((await gone)[0]).toBe(0x08);
  let seen = 0;
  noble.removeAllListeners('discover');
  noble.on('discover', ({ address }) => {
    if (address === 'aa:bb:cc:dd:01:02') seen += 1;
  });
  await noble.startScanningAsync([], true);
  await device('AA:BB:CC:DD:01:04', 'other');
  await heard(noble, ({ address }) => address === 'aa:bb:cc:dd:01:04');
  expect(seen).toBe(0);
  controller.radioOn = true;
  await heard(noble, ({ address }) => address === 'aa:bb:cc:dd:01:02');
});

test('the System ID of a unit matches the specification', () => {
  expect(systemId('AC:DE:48:23:45:67')).toEqual(Buffer.from('674523feff48deac', 'hex'));
});
