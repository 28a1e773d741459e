import type { BleConnection } from '../../../station/core/platform/index.ts';
import { NEVER_ABORTED } from '../never-aborted.ts';

const LIMITS = { timeoutMs: 5_000, signal: NEVER_ABORTED };

/** What the app's packages do with what the phone's Bluetooth tells them. */
export interface PhoneListener {
  onBLECharacteristicValueChange(of: {
    readonly serviceId: string;
    readonly characteristicId: string;
    readonly value: ArrayBuffer;
  }): Promise<void>;
  onBleConnectionStateChange(of: { readonly connected: boolean }): void;
}

interface Named {
  readonly characteristicId: string;
}

/** Characteristics of a service, 128 bits, and whether they notify; the others are written. */
export type PhoneCharacteristics = readonly { readonly uuid: string; readonly notifies: boolean }[];

/**
 * The Bluetooth of a phone as the mini-program interface of WeChat has it, over a connection of the station's own kind. Values that the
 * app writes are noted as the characteristic and hex: `FFE1 e0`.
 */
export class PhoneBluetooth {
  readonly written: string[] = [];
  listener: PhoneListener | null = null;
  readonly #open: () => BleConnection;
  readonly #service: string;
  readonly #characteristics: PhoneCharacteristics;
  #connection: BleConnection | null = null;

  constructor(open: () => BleConnection, service: string, characteristics: PhoneCharacteristics) {
    this.#open = open;
    this.#service = service;
    this.#characteristics = characteristics;
  }

  createBLEConnection(): Promise<void> {
    const connection = this.#open();
    connection.onLost(() => this.listener?.onBleConnectionStateChange({ connected: false }));
    this.#connection = connection;
    return Promise.resolve();
  }

  closeBLEConnection(): Promise<void> {
    this.#connection = null;
    return Promise.resolve();
  }

  getBLEDeviceServices(): Promise<object> {
    return Promise.resolve({ services: [{ uuid: this.#service }] });
  }

  getBLEDeviceCharacteristics(): Promise<object> {
    const characteristics = this.#characteristics.map(({ uuid, notifies }) => ({
      uuid,
      properties: { notify: notifies, write: !notifies },
    }));
    return Promise.resolve({ characteristics });
  }

  async notifyBLECharacteristicValueChange({ characteristicId }: Named): Promise<void> {
    await this.#link.subscribe(
      this.#service,
      characteristicId,
      (value) =>
        void this.listener?.onBLECharacteristicValueChange({
          serviceId: this.#service,
          characteristicId,
          value: Uint8Array.from(value).buffer,
        }),
      LIMITS,
    );
  }

  async writeBLECharacteristicValue({
    characteristicId,
    value,
  }: Named & { readonly value: ArrayBuffer }): Promise<void> {
    const bytes = new Uint8Array(value);
    this.written.push(`${characteristicId.slice(4, 8)} ${Buffer.from(bytes).toString('hex')}`);
    await this.#link.write(this.#service, characteristicId, bytes, { ...LIMITS, response: true });
  }

  async getBLEMTU(): Promise<object> {
    return { mtu: await this.#link.mtu(LIMITS) };
  }

  /** A phone fails when the link gets less than was asked for. */
  async setBLEMTU({ mtu }: { readonly mtu: number }): Promise<object> {
    const has = await this.#link.mtu(LIMITS);
    if (has < mtu) throw Object.assign(new Error('the MTU was not changed'), { errCode: -1, mtu: has });
    return { mtu };
  }

  get #link(): BleConnection {
    if (this.#connection === null) throw new Error('the phone is not connected');
    return this.#connection;
  }
}
