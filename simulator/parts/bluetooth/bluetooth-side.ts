import {
  type AdvertisedContent,
  type RadioModel,
  advertisingData,
  type GattService,
  nameScanResponse,
  type Peripheral,
  startPeripheral,
} from '../../radio/index.ts';
import type { RadioMedium } from '../../radio/index.ts';
import { createRandom } from '../../platform/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import { Bulb } from './bulb.ts';
import { standardServices } from './device-information.ts';

export interface BluetoothModel {
  readonly model: string;
  readonly firmware: string;
  /** Advertised name. Default: `智能设备_` and the MAC with colons, as in the example of document 000. */
  readonly name?: string;
  /** Whether it has the light service of document 003. Default true. */
  readonly light?: boolean;
  /** Whether the unit advertises now. Default: always. `watch` registers a listener for changes of that. */
  readonly advertises?: () => boolean;
  readonly watch?: (changed: () => void) => void;
  /** The light, when another part of the unit shares it. */
  readonly bulb?: Bulb;
  /** What it advertises besides its name, asked for each advertisement. Default: its services, and its MAC as manufacturer data. */
  readonly advertised?: () => AdvertisedContent;
  /** Called when a connection has ended. */
  readonly onDisconnect?: () => void;
  /** A service of the unit. */
  readonly service?: (link: BluetoothLink) => GattService;
  /** Several services of the unit, of which those with 16-bit UUIDs are advertised. */
  readonly services?: (link: BluetoothLink) => readonly GattService[];
  /** Advertised data of company FFFF. Default: the MAC. */
  readonly manufacturerData?: Uint8Array;
}

/** What a service of the unit does on the air besides reads and writes. */
export interface BluetoothLink {
  /** Sends a value of a characteristic to all subscribers. */
  notify(characteristicUuid: string, value: Uint8Array): void;
  /** Breaks all connections without a farewell. */
  breakConnections(): void;
}

const BOOT_MS = 200;
const SHORT_UUID_DIGITS = 4;
/** What bleno agrees to. */
const USUAL_MAX_MTU_BYTES = 256;
const NAME_PREFIX = '智能设备_';
const LIGHT = { service: 'FFF0', command: 'FFF1', status: 'FFF2' } as const;
/** "For internal use", Bluetooth Assigned Numbers 7. */
const COMPANY = 0xffff;
/** RSSI of a unit on a fixture, half a metre from the adapter. */
const NEAR_RSSI_DBM = -46;
const RSSI_SPREAD_DB = 4;
/** Additional delay of one packet for each step of the fault `slow`. */
const SLOW_STEP_MS = 20;
/** More in a row would end the connection by its supervision timeout. */
const MAX_LOSSES = 40;

/**
 * The Bluetooth peripheral of a unit: light, battery and device information. It publishes the unit's MAC as address,
 * manufacturer data and name.
 */
export class BluetoothSide {
  readonly #context: DeviceContext;
  readonly #medium: RadioMedium;
  readonly #model: BluetoothModel;
  #peripheral: Promise<Peripheral> | null = null;
  #power: AbortController | null = null;
  #booting: Promise<void> = Promise.resolve();
  #booted = false;
  readonly #bulb: Bulb;

  constructor(context: DeviceContext, medium: RadioMedium, model: BluetoothModel) {
    this.#context = context;
    this.#medium = medium;
    this.#model = model;
    this.#bulb = model.bulb ?? new Bulb();
  }

  powerOn(): void {
    const power = new AbortController();
    this.#power = power;
    this.#bulb.reset();
    this.#booting = this.#boot(power.signal).catch((error: unknown) => {
      if (!power.signal.aborted) this.#context.onError(error);
    });
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    this.#booted = false;
    await this.#booting;
    if (this.#peripheral !== null) (await this.#peripheral).controller.radioOn = false;
  }

  async #boot(signal: AbortSignal): Promise<void> {
    // The peripheral's host keeps running while the unit has no power. Only its radio is switched with the unit.
    this.#peripheral ??= this.#startPeripheral();
    const { controller } = await this.#peripheral;
    await this.#context.wait(BOOT_MS, signal);
    this.#booted = true;
    controller.radioOn = this.#model.advertises?.() ?? true;
  }

  /** Switches the radio on or off according to `advertises`. */
  refresh(): void {
    void this.#peripheral?.then(({ controller }) => {
      if (this.#booted) controller.radioOn = this.#model.advertises?.() ?? true;
    });
  }

  #startPeripheral(): Promise<Peripheral> {
    const { mac, faults } = this.#context;
    const { model, firmware, name = NAME_PREFIX + mac, light = true } = this.#model;
    const { advertised, onDisconnect } = this.#model;
    const link: BluetoothLink = {
      notify: (uuid, value) => this.#notify(uuid, value),
      breakConnections: () => this.#breakConnections(),
    };
    const single = this.#model.service?.(link);
    const own = [...(single === undefined ? [] : [single]), ...(this.#model.services?.(link) ?? [])];
    const shownName = (): string => faults.get('ble-wrong-name')?.name ?? name;
    const services = [
      ...(light ? [LIGHT.service] : []),
      ...own.map(({ uuid }) => uuid).filter((uuid) => uuid.length === SHORT_UUID_DIGITS),
      '180F',
      '180A',
    ];
    const data = this.#model.manufacturerData ?? Buffer.from(mac.replaceAll(':', ''), 'hex');
    return startPeripheral(this.#medium, {
      ...(advertised === undefined ? {} : { liveAdvertisement: () => advertisingData(advertised()) }),
      ...(onDisconnect === undefined ? {} : { onDisconnect }),
      maxMtu: () => faults.get('ble-mtu')?.bytes ?? USUAL_MAX_MTU_BYTES,
      address: mac,
      name,
      radioModel: this.#radioModel(),
      advertisement: advertisingData(
        advertised?.() ?? { services, manufacturer: { company: COMPANY, data } },
      ),
      // The usual name has 30 bytes of UTF-8. With its header it is one byte too long for a scan response, so that the
      // extended advertisement carries it.
      scanResponse: nameScanResponse(name) ?? Buffer.alloc(0),
      liveScanResponse: () => nameScanResponse(shownName()) ?? Buffer.alloc(0),
      extendedAdvertisement: () =>
        advertisingData({ name: shownName(), ...(advertised?.() ?? { services }) }),
      services: [...(light ? [this.#lightService()] : []), ...own, ...standardServices(mac, model, firmware)],
    });
  }

  #lightService(): GattService {
    return {
      uuid: LIGHT.service,
      characteristics: [
        { uuid: LIGHT.command, write: (command) => this.#execute(command) },
        { uuid: LIGHT.status, read: () => this.#bulb.status, notifies: true },
      ],
    };
  }

  #execute(command: Uint8Array): boolean {
    const { faults } = this.#context;
    if (faults.take('ble-drop') !== null) {
      this.#breakConnections();
      return true;
    }
    if (!this.#bulb.execute(command)) return false;
    const status = this.#bulb.status;
    const last = status.length - 1;
    if (faults.take('ble-wrong-reply') !== null) status.writeUInt8(status.readUInt8(last) ^ 0xff, last);
    // The notification follows the confirmation of the write, as on a device that has to switch something first.
    setImmediate(() => this.#notify(LIGHT.status, status));
    return true;
  }

  #breakConnections(): void {
    void this.#peripheral?.then(({ controller }) => controller.breakConnections());
  }

  #notify(characteristicUuid: string, value: Uint8Array): void {
    void this.#peripheral?.then((peripheral) => peripheral.notify(characteristicUuid, value));
  }

  #radioModel(): RadioModel {
    const { faults, mac } = this.#context;
    const random = createRandom(mac, 'ble');
    const lossRandom = createRandom(mac, 'ble-loss');
    const isLost = (): boolean => {
      const share = faults.get('ble-loss')?.share ?? 0;
      return share > 0 && lossRandom.next() < share;
    };
    return {
      rssiDbm: () =>
        (faults.get('ble-weak')?.rssiDbm ?? NEAR_RSSI_DBM) + random.integer(-RSSI_SPREAD_DB, RSSI_SPREAD_DB),
      transmits: () => faults.get('ble-silent') === null,
      losesAdvertisement: () => isLost(),
      dataLosses: () => {
        let losses = 0;
        while (losses < MAX_LOSSES && isLost()) losses += 1;
        return losses;
      },
      dataDelayMs: () => ((faults.get('slow')?.factor ?? 1) - 1) * SLOW_STEP_MS,
      losesData: () => faults.get('ble-mute') !== null,
    };
  }
}
