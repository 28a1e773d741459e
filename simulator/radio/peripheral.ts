import type { Characteristic } from '@stoprocent/bleno';

import type { Antenna } from './radio-model.ts';
import { quietly } from './without-exit-handlers.ts';
import type { VirtualAir } from './radio-medium.ts';
import { VirtualController } from './virtual-controller.ts';
import { installVirtualDriver, VIRTUAL_DRIVER } from './virtual-hci-socket.ts';

/** A characteristic as a device offers it; UUIDs as `FFF1`. */
export interface GattCharacteristic {
  readonly uuid: string;
  readonly read?: () => Uint8Array;
  /** False refuses the value. */
  readonly write?: (value: Uint8Array) => boolean;
  readonly notifies?: boolean;
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

export interface PeripheralOptions {
  /** `AA:BB:CC:DD:01:02`. */
  readonly address: string;
  /** What the characteristic Device Name (2A00) says. */
  readonly name: string;
  readonly services: readonly GattService[];
  /** Legacy advertisement and scan response, 31 bytes each at most. */
  readonly advertisement: Uint8Array;
  readonly scanResponse: Uint8Array;
  readonly extendedAdvertisement?: () => Buffer | null;
  readonly liveScanResponse?: () => Buffer | null;
  readonly antenna?: Antenna;
}

/** A device that advertises and serves its characteristics: bleno, a foreign host, over a virtual controller. */
export interface Peripheral {
  readonly controller: VirtualController;
  /** Sends a value to whoever has subscribed. */
  notify(characteristicUuid: string, value: Uint8Array): void;
  close(): void;
}

type Bleno = ReturnType<typeof import('@stoprocent/bleno').withBindings>;

/**
 * Starts a device off the air; it is heard once its controller is put `onAir`. Faults: none, but whatever bleno throws
 * is a defect of the simulator.
 */
export async function startPeripheral(air: VirtualAir, options: PeripheralOptions): Promise<Peripheral> {
  installVirtualDriver();
  const { default: blenoModule, withBindings } = await import('@stoprocent/bleno');
  const controller = new VirtualController(air, { ...options });
  controller.onAir = false;
  const bleno = named(options.name, () => withBindings('hci', bindings(controller)));
  lookOnce(bleno);
  const subscribers = new Map<string, Set<(value: Buffer) => void>>();
  const { PrimaryService, Characteristic: BlenoCharacteristic } = blenoModule;

  const characteristic = (own: GattCharacteristic): Characteristic => {
    const listeners = new Map<unknown, (value: Buffer) => void>();
    const key = own.uuid.toLowerCase();
    const all = subscribers.get(key) ?? new Set();
    subscribers.set(key, all);
    return new BlenoCharacteristic({
      uuid: key,
      properties: [
        ...(own.read === undefined ? [] : (['read'] as const)),
        ...(own.write === undefined ? [] : (['write', 'writeWithoutResponse'] as const)),
        ...(own.notifies === true ? (['notify'] as const) : []),
      ],
      onReadRequest: (_link, offset, answer) =>
        answer(BlenoCharacteristic.RESULT_SUCCESS, Buffer.from(own.read?.() ?? []).subarray(offset)),
      onWriteRequest: (_link, value, _offset, _blind, answer) =>
        answer(
          own.write?.(value) === true
            ? BlenoCharacteristic.RESULT_SUCCESS
            : BlenoCharacteristic.RESULT_UNLIKELY_ERROR,
        ),
      onSubscribe: (link, _size, update) => {
        listeners.set(link, update);
        all.add(update);
      },
      onUnsubscribe: (link) => {
        const update = listeners.get(link);
        if (update !== undefined) all.delete(update);
        listeners.delete(link);
      },
    });
  };
  await quietly(() => bleno.waitForPoweredOnAsync());
  await bleno.setServicesAsync(
    options.services.map(
      ({ uuid, characteristics }) =>
        new PrimaryService({
          uuid: uuid.toLowerCase(),
          characteristics: characteristics.map(characteristic),
        }),
    ),
  );
  await bleno.startAdvertisingWithEIRDataAsync(
    Buffer.from(options.advertisement),
    Buffer.from(options.scanResponse),
  );
  const close = (): void => {
    bleno.stop();
    controller.close();
  };
  const forget = air.onDispose(close);
  return {
    controller,
    notify(uuid, value) {
      for (const update of subscribers.get(uuid.toLowerCase()) ?? []) update(Buffer.from(value));
    },
    close() {
      forget();
      close();
    },
  };
}

function bindings(
  controller: VirtualController,
): Parameters<typeof import('@stoprocent/bleno').withBindings>[1] {
  return { hciDriver: VIRTUAL_DRIVER, bindParams: { controller } };
}

/** bleno takes the value of Device Name from the environment, once, when it is made. */
function named<T>(name: string, make: () => T): T {
  const before = process.env['BLENO_DEVICE_NAME'];
  process.env['BLENO_DEVICE_NAME'] = name;
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env['BLENO_DEVICE_NAME'];
    else process.env['BLENO_DEVICE_NAME'] = before;
  }
}

/**
 * bleno looks every second whether its adapter is up, for ever, also after `stop`, and with that keeps the process alive.
 * A virtual controller is up from the first look on, so that one is enough.
 */
function lookOnce(bleno: Bleno): void {
  const inside = bleno as unknown as { _bindings?: { _hci?: { pollIsDevUp?: () => void } } };
  const hci = inside._bindings?._hci;
  const look = hci?.pollIsDevUp;
  if (hci === undefined || look === undefined) return;
  let looked = false;
  hci.pollIsDevUp = (): void => {
    if (looked) return;
    looked = true;
    look.call(hci);
  };
}
