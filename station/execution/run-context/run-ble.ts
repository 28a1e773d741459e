import { Fault } from '#shared/domain/fault.ts';
import { BLE_DEVICE_DEFAULTS } from '#shared/recipe/index.ts';
import type { BleIdentify, DeviceSettings } from '#shared/recipe/index.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import type { UnitPlaceholders } from '#shared/recipe/index.ts';
import type {
  BleAdvertisement,
  BleCentral,
  BleConnection,
  BleTaken,
  Clock,
} from '../../core/platform/index.ts';
import { hearConnection, type UnitInfo, type ValueListener } from '../../devices/protocols/index.ts';
import { fieldsOf, infoOf, readFields, selectionOf } from './identify-over-ble.ts';
import { searchOf } from './ble-search.ts';

export interface RunBleOptions {
  readonly central: BleCentral;
  readonly device: Pick<DeviceSettings, 'ble'>;
  /** ProductId of the recipe; units that advertise another one are not taken. */
  readonly product: string;
  readonly clock: Pick<Clock, 'sleep'>;
  /** `null` when it is not known. */
  readonly serialNumber: () => string | null;
  /** `null` until the unit was identified. */
  readonly chipId: () => string | null;
  /** Who hears every value of the unit. */
  readonly values: () => ValueListener | null;
}

/** Faults after which a connection is unusable. */
const ENDS_CONNECTION: readonly string[] = [
  'ble-lost',
  'device-silent',
  'ble-missing',
  'ble-off',
  'cancelled',
  'timeout',
];

/** Bluetooth of one run: the address of its unit, and one connection, which lasts between steps and ends with the run. */
export class RunBle implements AsyncDisposable {
  readonly #options: RunBleOptions;
  #connection: BleConnection | null = null;
  /** What the unit was found under, where the recipe finds it in place of its address. */
  #found: string | null = null;
  /** The unit that `identify` has found; no other slot is given it. */
  #taken: BleTaken | null = null;

  constructor(options: RunBleOptions) {
    this.#options = options;
  }

  /** The values of placeholders. Faults: `recipe-invalid` before the unit was identified, `serial-blank`. */
  readonly placeholders: UnitPlaceholders = (name) => {
    switch (name) {
      case 'mac':
        return formatChipId(this.#mac());
      case 'macHex':
        return this.#mac();
      case 'macTail':
        return this.#mac().slice(-6);
      case 'bleAddress':
        return this.#addressOfMac();
      case 'serialNumber':
        return this.#serialNumber();
    }
  };

  /** What the unit was found under; else the address that it advertises: its MAC plus `device.ble.addressOffset`. */
  address(): string {
    return this.#found ?? this.#addressOfMac();
  }

  #addressOfMac(): string {
    const { addressOffset } = this.#device;
    const number = (BigInt(`0x${this.#mac()}`) + BigInt(addressOffset)) & 0xffffffffffffn;
    return formatChipId(number.toString(16).toUpperCase().padStart(12, '0'));
  }

  /** See `GattLink.identify`. A unit that was found is asked again, so that it cannot be exchanged during a run. */
  async identify(signal: AbortSignal): Promise<UnitInfo> {
    const { identify } = this.#device;
    if (identify === undefined)
      throw new Fault(
        'recipe-invalid',
        'the recipe has no device.ble.identify, by which a unit is identified',
      );
    const { central, product, serialNumber } = this.#options;
    let advertised = this.#taken?.advertisement ?? null;
    if (this.#taken === null) {
      const selection = selectionOf(identify, { product, serialNumber: serialNumber() });
      this.#taken = await central.take(selection, { timeoutMs: identify.withinMs, signal });
      advertised = this.#taken.advertisement;
      this.#found = advertised.address;
    } else if (this.#connection === null) advertised = await this.#hearAgain(identify, signal);
    const fields = advertised === null ? null : fieldsOf(identify, advertised);
    if (advertised === null || fields === null)
      throw new Fault(
        'ble-unseen',
        `${this.address()} no longer advertises what device.ble.identify expects`,
        {
          hint: 'Check that the unit has power, then test it again.',
          details: { address: this.address(), timeoutMs: identify.withinMs },
        },
      );
    const read =
      identify.read.length === 0
        ? {}
        : await this.use((connection) => readFields(identify, connection, signal), signal);
    return infoOf({ ...fields, ...read }, advertised.address);
  }

  /** The next advertisement of the unit that fits; `null` when none comes in time. */
  async #hearAgain(identify: BleIdentify, signal: AbortSignal): Promise<BleAdvertisement | null> {
    let heard: BleAdvertisement | null = null;
    await this.#options.central.scan(
      this.address(),
      (advertisement) => {
        if (fieldsOf(identify, advertisement) === null) return false;
        heard = advertisement;
        return true;
      },
      { timeoutMs: identify.withinMs, signal },
    );
    return heard;
  }

  /** See `BleCentral.scan`. */
  async scan(
    isEnough: (advertisement: BleAdvertisement) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    // Most units do not advertise while they are connected.
    await this.disconnect();
    const address = await this.#locate(signal);
    const isDone = await this.#options.central.scan(address, isEnough, { timeoutMs, signal });
    // A unit that changes its address is found again by the next attempt.
    if (!isDone) this.#forget();
    return isDone;
  }

  /** Uses the connection, and connects first when there is none. A connection that fails is closed. */
  async use<T>(work: (connection: BleConnection) => Promise<T>, signal: AbortSignal): Promise<T> {
    const connection = (this.#connection ??= await this.#connect(signal));
    try {
      return await work(connection);
    } catch (error) {
      if (error instanceof Fault && ENDS_CONNECTION.includes(error.code)) await this.disconnect();
      throw error;
    }
  }

  /** Does nothing when there is no connection. */
  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await connection?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
    this.#taken?.[Symbol.dispose]();
    this.#taken = null;
  }

  /** What was found by a search is looked for again; a unit that was identified stays that of the run. */
  #forget(): void {
    if (this.#taken === null) this.#found = null;
  }

  async #connect(signal: AbortSignal): Promise<BleConnection> {
    const { connectMs: timeoutMs, settleMs, mtu } = this.#device;
    const address = await this.#locate(signal);
    try {
      const connection = await this.#options.central.connect(address, { timeoutMs, signal, mtu });
      if (settleMs > 0) await this.#settle(connection, settleMs, signal);
      return hearConnection(connection, this.#options.values());
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  async #settle(connection: BleConnection, settleMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(settleMs, signal);
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The address of the unit, which is found first when `device.ble.find` says so. Faults: those of `BleCentral.find`. */
  async #locate(signal: AbortSignal): Promise<string> {
    const { find } = this.#device;
    if (find === undefined || this.#taken !== null) return this.address();
    if (this.#found === null) {
      const search = searchOf(find, this.placeholders);
      const { address } = await this.#options.central.find(search, { timeoutMs: find.withinMs, signal });
      this.#found = address;
    }
    return this.#found;
  }

  #serialNumber(): string {
    const serialNumber = this.#options.serialNumber();
    if (serialNumber !== null) return serialNumber;
    throw new Fault('serial-blank', 'the recipe needs the serial number, and none was scanned', {
      hint: 'Scan it, then start the unit again.',
    });
  }

  get #device(): NonNullable<DeviceSettings['ble']> {
    return this.#options.device.ble ?? BLE_DEVICE_DEFAULTS;
  }

  #mac(): string {
    const chipId = this.#options.chipId();
    if (chipId === null)
      throw new Fault('recipe-invalid', 'a Bluetooth step needs an identify step before it');
    if (/^[0-9A-F]{12}$/.test(chipId)) return chipId;
    throw new Fault('recipe-invalid', `${chipId} is not a MAC, so the unit cannot be found over Bluetooth`);
  }
}
