import { Fault } from '#shared/domain/fault.ts';
import { BLE_DEVICE_DEFAULTS } from '#shared/recipe/index.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import type { UnitPlaceholders } from '#shared/recipe/index.ts';
import type { BleAdvertisement, BleCentral, BleConnection } from '../../core/platform/index.ts';

export interface RunBleParts {
  readonly central: BleCentral;
  readonly recipe: Recipe;
  readonly serialNumber: string | null;
  /** What the unit said it is, once it did. */
  readonly chipId: () => string | null;
}

/** Faults after which a link is of no use any more. */
const ENDS_LINK: readonly string[] = [
  'ble-lost',
  'device-silent',
  'ble-missing',
  'ble-off',
  'cancelled',
  'timeout',
];

/** Bluetooth for one run: its own unit by its address, and one link, kept between steps and ended with the run. */
export class RunBle implements AsyncDisposable {
  readonly #parts: RunBleParts;
  #link: BleConnection | null = null;

  constructor(parts: RunBleParts) {
    this.#parts = parts;
  }

  /** The words that a recipe may use for the unit. Faults: `recipe-invalid` before the unit said who it is. */
  readonly words: UnitPlaceholders = (word) => {
    switch (word) {
      case 'mac':
        return formatChipId(this.#mac());
      case 'macHex':
        return this.#mac();
      case 'macTail':
        return this.#mac().slice(-6);
      case 'bleAddress':
        return this.address();
      case 'serialNumber':
        return this.#serialNumber();
    }
  };

  /** Where the unit is found: its MAC, and what the recipe says is to be added to it. */
  address(): string {
    const { addressOffset } = this.#device;
    const number = (BigInt(`0x${this.#mac()}`) + BigInt(addressOffset)) & 0xffffffffffffn;
    return formatChipId(number.toString(16).toUpperCase().padStart(12, '0'));
  }

  /** See `BleCentral.scan`. */
  async scan(
    hear: (advertisement: BleAdvertisement) => boolean,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    // Most units do not advertise while they are linked.
    await this.leave();
    return this.#parts.central.scan(this.address(), hear, { withinMs, signal });
  }

  /** Does something over the link, which is made where none stands; one that broke is made anew by the next. */
  async use<T>(work: (link: BleConnection) => Promise<T>, signal: AbortSignal): Promise<T> {
    const link = (this.#link ??= await this.#connect(signal));
    try {
      return await work(link);
    } catch (error) {
      if (error instanceof Fault && ENDS_LINK.includes(error.code)) await this.leave();
      throw error;
    }
  }

  /** Ends the link, if one stands: a unit that is tested otherwise does not keep the adapter from the others. */
  async leave(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    if (link === null) return;
    await link[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #connect(signal: AbortSignal): Promise<BleConnection> {
    const { connectMs: timeoutMs } = this.#device;
    return this.#parts.central.connect(this.address(), { timeoutMs, signal });
  }

  #serialNumber(): string {
    const { serialNumber } = this.#parts;
    if (serialNumber !== null) return serialNumber;
    throw new Fault('serial-blank', 'the recipe asks for the serial number, and none was scanned', {
      hint: 'Scan it, then start the unit again.',
    });
  }

  get #device(): typeof BLE_DEVICE_DEFAULTS {
    return this.#parts.recipe.device.ble ?? BLE_DEVICE_DEFAULTS;
  }

  #mac(): string {
    const chipId = this.#parts.chipId();
    if (chipId === null)
      throw new Fault('recipe-invalid', 'a Bluetooth step needs an identify step before it');
    if (/^[0-9A-F]{12}$/.test(chipId)) return chipId;
    throw new Fault('recipe-invalid', `${chipId} is no MAC, so the unit cannot be found over Bluetooth`);
  }
}
