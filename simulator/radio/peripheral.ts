import type { Characteristic } from '@stoprocent/bleno';

import type { RadioModel } from './radio-model.ts';
import { withoutExitHandlers } from './without-exit-handlers.ts';
import type { RadioMedium } from './radio-medium.ts';
import { VirtualController } from './virtual-controller.ts';
import { installVirtualDriver, VIRTUAL_DRIVER } from './virtual-hci-socket.ts';

/** A characteristic of a device. UUIDs are written as `FFF1`. */
export interface GattCharacteristic {
  readonly uuid: string;
  readonly read?: () => Uint8Array;
  /** Returns false to refuse the value. */
  readonly write?: (value: Uint8Array) => boolean;
  readonly notifies?: boolean;
  /** Values are confirmed by the central. */
  readonly indicates?: boolean;
  /** Called when a central subscribes, with the bytes that one notification carries. */
  readonly subscribed?: (valueBytes: number) => void;
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

export interface PeripheralOptions {
  /** `AA:BB:CC:DD:01:02`. */
  readonly address: string;
  /** Value of the characteristic Device Name (2A00). */
  readonly name: string;
  readonly services: readonly GattService[];
  /** Legacy advertisement and scan response, 31 bytes each at most. */
  readonly advertisement: Uint8Array;
  readonly scanResponse: Uint8Array;
  readonly extendedAdvertisement?: () => Buffer | null;
  readonly liveScanResponse?: () => Buffer | null;
  readonly liveAdvertisement?: () => Buffer | null;
  /** The largest MTU that it agrees to, bytes; asked for at each exchange. Default 256. */
  readonly maxMtu?: () => number;
  /** Called when a connection has ended. */
  readonly onDisconnect?: () => void;
  readonly radioModel?: RadioModel;
}

/** A device that advertises and serves its characteristics. Its host is bleno over a virtual controller. */
export interface Peripheral {
  readonly controller: VirtualController;
  /** Sends a value to all subscribers. */
  notify(characteristicUuid: string, value: Uint8Array): void;
  close(): void;
}

type Bleno = ReturnType<typeof import('@stoprocent/bleno').withBindings>;

/**
 * Starts a device with its radio off; set `controller.radioOn` to make it advertise. Rejects only for a defect of the
 * simulator or of bleno.
 */
export async function startPeripheral(medium: RadioMedium, options: PeripheralOptions): Promise<Peripheral> {
  installVirtualDriver();
  const { default: blenoModule, withBindings } = await import('@stoprocent/bleno');
  const controller = new VirtualController(medium, { ...options });
  controller.radioOn = false;
  const bleno = withDeviceName(options.name, () => withBindings('hci', bindings(controller)));
  pollOnce(bleno);
  if (options.maxMtu !== undefined) limitMtu(bleno, options.maxMtu);
  if (options.onDisconnect !== undefined) bleno.on('disconnect', options.onDisconnect);
  const subscribers = new Map<string, Set<(value: Buffer) => void>>();
  const { PrimaryService, Characteristic: BlenoCharacteristic } = blenoModule;

  const characteristic = (definition: GattCharacteristic): Characteristic => {
    const listeners = new Map<unknown, (value: Buffer) => void>();
    const key = definition.uuid.toLowerCase();
    const all = subscribers.get(key) ?? new Set();
    subscribers.set(key, all);
    return new BlenoCharacteristic({
      uuid: key,
      properties: [
        ...(definition.read === undefined ? [] : (['read'] as const)),
        ...(definition.write === undefined ? [] : (['write', 'writeWithoutResponse'] as const)),
        ...(definition.notifies === true ? (['notify'] as const) : []),
        ...(definition.indicates === true ? (['indicate'] as const) : []),
      ],
      onReadRequest: (_connection, offset, respond) =>
        respond(BlenoCharacteristic.RESULT_SUCCESS, Buffer.from(definition.read?.() ?? []).subarray(offset)),
      onWriteRequest: (_connection, value, _offset, _blind, respond) =>
        respond(
          definition.write?.(value) === true
            ? BlenoCharacteristic.RESULT_SUCCESS
            : BlenoCharacteristic.RESULT_UNLIKELY_ERROR,
        ),
      onSubscribe: (connection, size, update) => {
        definition.subscribed?.(size);
        listeners.set(connection, update);
        all.add(update);
      },
      onUnsubscribe: (connection) => {
        const update = listeners.get(connection);
        if (update !== undefined) all.delete(update);
        listeners.delete(connection);
      },
    });
  };
  await withoutExitHandlers(() => bleno.waitForPoweredOnAsync());
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
  const unregister = medium.onDispose(close);
  return {
    controller,
    notify(uuid, value) {
      for (const update of subscribers.get(uuid.toLowerCase()) ?? []) update(Buffer.from(value));
    },
    close() {
      unregister();
      close();
    },
  };
}

function bindings(
  controller: VirtualController,
): Parameters<typeof import('@stoprocent/bleno').withBindings>[1] {
  return { hciDriver: VIRTUAL_DRIVER, bindParams: { controller } };
}

/** bleno reads the value of Device Name from the environment once, when it is created. */
function withDeviceName<T>(name: string, make: () => T): T {
  const before = process.env['BLENO_DEVICE_NAME'];
  process.env['BLENO_DEVICE_NAME'] = name;
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env['BLENO_DEVICE_NAME'];
    else process.env['BLENO_DEVICE_NAME'] = before;
  }
}

/** bleno has no setting for the MTU; it reads this property when a central asks. */
function limitMtu(bleno: Bleno, maxMtu: () => number): void {
  const inside = bleno as unknown as { _bindings?: { _gatt?: object } };
  const gatt = inside._bindings?._gatt;
  if (gatt !== undefined) Object.defineProperty(gatt, 'maxMtu', { get: maxMtu });
}

/**
 * bleno polls every second whether its adapter is up. It does so after `stop` too and so keeps the process alive.
 * A virtual controller is up at the first poll, so that one poll is enough.
 */
function pollOnce(bleno: Bleno): void {
  const inside = bleno as unknown as { _bindings?: { _hci?: { pollIsDevUp?: () => void } } };
  const hci = inside._bindings?._hci;
  const poll = hci?.pollIsDevUp;
  if (hci === undefined || poll === undefined) return;
  let polled = false;
  hci.pollIsDevUp = (): void => {
    if (polled) return;
    polled = true;
    poll.call(hci);
  };
}
