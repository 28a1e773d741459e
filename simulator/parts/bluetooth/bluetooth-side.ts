import {
  type Antenna,
  advertisingData,
  type GattService,
  nameScanResponse,
  type Peripheral,
  startPeripheral,
} from '../../radio/index.ts';
import type { VirtualAir } from '../../radio/index.ts';
import { createRandom } from '../../platform/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import { Bulb } from './bulb.ts';
import { standardServices } from './device-information.ts';

export interface BluetoothModel {
  readonly model: string;
  readonly firmware: string;
  /** What it advertises under; when left out, `智能设备_` and the MAC with colons, as the example of document 000. */
  readonly name?: string;
  /** Whether it has the light of document 003; it does when left out. */
  readonly light?: boolean;
  /** Whether it advertises now, for a unit that does so at times only, and who tells when that changes. */
  readonly advertises?: () => boolean;
  readonly watch?: (changed: () => void) => void;
  /** The light, where something else looks at it, too. */
  readonly bulb?: Bulb;
}

const BOOT_MS = 200;
const NAME_PREFIX = '智能设备_';
const LIGHT = { service: 'FFF0', command: 'FFF1', status: 'FFF2' } as const;
/** "For internal use", Bluetooth Assigned Numbers 7. */
const COMPANY = 0xffff;
/** A unit on a fixture, half a metre from the adapter. */
const NEAR_RSSI_DBM = -46;
const RSSI_SPREAD_DB = 4;
/** What one packet takes longer for each step of `slow`. */
const SLOW_STEP_MS = 20;

/** The Bluetooth half of a unit: a light that says its MAC in every way there is. */
export class BluetoothSide {
  readonly #context: DeviceContext;
  readonly #air: VirtualAir;
  readonly #model: BluetoothModel;
  #starting: Promise<Peripheral> | null = null;
  #power: AbortController | null = null;
  #rising: Promise<void> = Promise.resolve();
  #isUp = false;
  readonly #bulb: Bulb;

  constructor(context: DeviceContext, air: VirtualAir, model: BluetoothModel) {
    this.#context = context;
    this.#air = air;
    this.#model = model;
    this.#bulb = model.bulb ?? new Bulb();
  }

  powerOn(): void {
    const power = new AbortController();
    this.#power = power;
    this.#bulb.reset();
    this.#rising = this.#rise(power.signal).catch((error: unknown) => {
      if (!power.signal.aborted) this.#context.trouble(error);
    });
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    this.#isUp = false;
    await this.#rising;
    if (this.#starting !== null) (await this.#starting).controller.onAir = false;
  }

  async #rise(signal: AbortSignal): Promise<void> {
    // Its host lives on without power, unheard: only the radio goes on and off with the unit.
    this.#starting ??= this.#start();
    const { controller } = await this.#starting;
    await this.#context.wait(BOOT_MS, signal);
    this.#isUp = true;
    controller.onAir = this.#model.advertises?.() ?? true;
  }

  /** Looks anew whether it is to be on air. */
  refresh(): void {
    void this.#starting?.then(({ controller }) => {
      if (this.#isUp) controller.onAir = this.#model.advertises?.() ?? true;
    });
  }

  #start(): Promise<Peripheral> {
    const { mac, faults } = this.#context;
    const { model, firmware, name = NAME_PREFIX + mac, light = true } = this.#model;
    const shownName = (): string => faults.get('ble-wrong-name')?.name ?? name;
    const services = [...(light ? [LIGHT.service] : []), '180F', '180A'];
    const data = Buffer.from(mac.replaceAll(':', ''), 'hex');
    return startPeripheral(this.#air, {
      address: mac,
      name,
      antenna: this.#antenna(),
      advertisement: advertisingData({ services, manufacturer: { company: COMPANY, data } }),
      // The usual name is 30 bytes of UTF-8: with its header one more than a scan response takes. So it is said in an
      // extended one.
      scanResponse: nameScanResponse(name) ?? Buffer.alloc(0),
      liveScanResponse: () => nameScanResponse(shownName()) ?? Buffer.alloc(0),
      extendedAdvertisement: () => advertisingData({ name: shownName(), services }),
      services: [...(light ? [this.#lightService()] : []), ...standardServices(mac, model, firmware)],
    });
  }

  #lightService(): GattService {
    return {
      uuid: LIGHT.service,
      characteristics: [
        { uuid: LIGHT.command, write: (command) => this.#obey(command) },
        { uuid: LIGHT.status, read: () => this.#bulb.status, notifies: true },
      ],
    };
  }

  #obey(command: Uint8Array): boolean {
    const { faults } = this.#context;
    if (faults.take('ble-drop') !== null) {
      void this.#starting?.then(({ controller }) => controller.breakLinks());
      return true;
    }
    if (!this.#bulb.obey(command)) return false;
    const status = this.#bulb.status;
    const last = status.length - 1;
    if (faults.take('ble-wrong-reply') !== null) status.writeUInt8(status.readUInt8(last) ^ 0xff, last);
    // After the confirmation of the write, as a device does that has to switch something first.
    setImmediate(() => {
      void this.#starting?.then((peripheral) => peripheral.notify(LIGHT.status, status));
    });
    return true;
  }

  #antenna(): Antenna {
    const { faults, mac } = this.#context;
    const random = createRandom(mac, 'ble');
    return {
      rssiDbm: () =>
        (faults.get('ble-weak')?.rssiDbm ?? NEAR_RSSI_DBM) + random.integer(-RSSI_SPREAD_DB, RSSI_SPREAD_DB),
      transmits: () => faults.get('ble-silent') === null,
      dataDelayMs: () => ((faults.get('slow')?.factor ?? 1) - 1) * SLOW_STEP_MS,
      losesData: () => faults.get('ble-mute') !== null,
    };
  }
}
