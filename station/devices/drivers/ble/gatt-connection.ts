import type { Characteristic, Peripheral, Service } from '@stoprocent/noble';
import { Semaphore, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import type {
  BleCharacteristic,
  BleConnection,
  BleLimits,
  BleWriteOptions,
} from '../../../core/platform/index.ts';

import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/** When ending a connection takes longer, the adapter is checked. */
const END_TIMEOUT_MS = 2000;

/** Reasons with which noble ends connections when its adapter is lost: "hardware failure", and a text of noble. */
const ADAPTER_REASONS: readonly unknown[] = [0x03, 'cleanup'];
/** noble reports the loss of its adapter within this time after it ended the connections. */
const ADAPTER_LOSS_DELAY_MS = 500;

/** Opcode and handle of a write (Core Specification Vol 3 Part F 3.4.5.3). */
const WRITE_HEADER_BYTES = 3;

export interface GattConnectionOptions {
  readonly radio: Radio;
  readonly peripheral: Peripheral;
  readonly address: string;
  /** The MTU of the connection, in bytes. */
  readonly mtu: number;
  /** Called once when the connection has ended. */
  readonly onEnd: () => void;
  /** Checks whether the adapter still works, and gives it up when it does not. */
  readonly probe: () => Promise<void>;
}

/** A connection over noble with limits, one operation at a time, and one event for its end. */
export class GattConnection implements BleConnection {
  readonly address: string;
  readonly #options: GattConnectionOptions;
  readonly #lost = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #exchange = new Semaphore(1);
  readonly #services = new Map<string, Service>();
  readonly #characteristics = new Map<string, Map<string, Characteristic>>();
  #closing = false;
  #ending: Promise<void> | null = null;

  constructor(options: GattConnectionOptions) {
    this.#options = options;
    this.address = options.address;
    const { peripheral, radio, onEnd } = options;
    const onRadioLost = (): void => end(radio.lost.reason as Fault);
    const onDisconnect = (reason: unknown): void => {
      const detail = typeof reason === 'number' ? ` (HCI reason 0x${reason.toString(16)})` : '';
      const fault = connectionLost(options.address, `broke${detail}`);
      if (!ADAPTER_REASONS.includes(reason)) return end(fault);
      // noble ends its connections first and reports the loss of its adapter afterwards.
      setTimeout(() => end(fault), ADAPTER_LOSS_DELAY_MS).unref();
    };
    const end = (fault: Fault): void => {
      if (this.#lost.signal.aborted) return;
      peripheral.removeListener('disconnect', onDisconnect);
      radio.lost.removeEventListener('abort', onRadioLost);
      this.#lost.abort(fault);
      this.#ended.resolve();
      onEnd();
    };
    peripheral.once('disconnect', onDisconnect);
    if (radio.lost.aborted) onRadioLost();
    else if (peripheral.state !== 'connected') onDisconnect(null);
    else radio.lost.addEventListener('abort', onRadioLost, { once: true });
  }

  onLost(listener: (fault: Fault) => void): void {
    const { signal } = this.#lost;
    const notify = (): void => {
      if (!this.#closing) listener(signal.reason as Fault);
    };
    if (signal.aborted) notify();
    else signal.addEventListener('abort', notify, { once: true });
  }

  async services(limits: BleLimits): Promise<readonly string[]> {
    await this.#findServices(limits);
    return [...this.#services.keys()];
  }

  async characteristics(service: string, limits: BleLimits): Promise<readonly BleCharacteristic[]> {
    const found = await this.#findCharacteristics(service, limits);
    return [...found].map(([uuid, { properties }]) => ({ uuid, properties }));
  }

  async read(service: string, characteristic: string, limits: BleLimits): Promise<Uint8Array> {
    const found = await this.#find(service, characteristic, limits);
    return this.#perform(`a read of ${characteristic}`, () => found.readAsync(), limits);
  }

  async write(
    service: string,
    characteristic: string,
    bytes: Uint8Array,
    options: BleLimits & BleWriteOptions,
  ): Promise<void> {
    const found = await this.#find(service, characteristic, options);
    const room = this.#options.mtu - WRITE_HEADER_BYTES;
    if (!options.response && bytes.length > room) throw this.#tooLong(characteristic, bytes.length, room);
    const data = Buffer.from(bytes);
    await this.#perform(
      `a write to ${characteristic}`,
      () => found.writeAsync(data, !options.response),
      options,
    );
  }

  async subscribe(
    service: string,
    characteristic: string,
    listener: (value: Uint8Array) => void,
    limits: BleLimits,
  ): Promise<Disposable> {
    const found = await this.#find(service, characteristic, limits);
    await this.#perform(`a subscription to ${characteristic}`, () => found.subscribeAsync(), limits);
    const onValue = (value: Buffer, isNotification: boolean): void => {
      if (isNotification) listener(value);
    };
    found.on('data', onValue);
    return { [Symbol.dispose]: () => void found.removeListener('data', onValue) };
  }

  rssi(limits: BleLimits): Promise<number> {
    return this.#perform(
      'a request for its signal strength',
      () => this.#options.peripheral.updateRssiAsync(),
      limits,
    );
  }

  mtu({ signal }: BleLimits): Promise<number> {
    const ended = AbortSignal.any([this.#lost.signal, signal]);
    return ended.aborted ? Promise.reject(ended.reason as Fault) : Promise.resolve(this.#options.mtu);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.#end();
  }

  /** Ends the connection; further calls wait for the same end. */
  #end(): Promise<void> {
    return (this.#ending ??= this.#disconnect());
  }

  async #disconnect(): Promise<void> {
    if (this.#lost.signal.aborted) return;
    this.#options.peripheral.disconnect();
    await withDeadline(this.#ended.promise, {
      timeoutMs: END_TIMEOUT_MS,
      graceMs: ANSWER_GRACE_MS,
      onTimeout: async () => {
        await this.#options.probe().catch(() => undefined);
        this.#lost.abort(connectionLost(this.address, 'does not end'));
        this.#options.onEnd();
      },
    });
  }

  async #findServices(limits: BleLimits): Promise<void> {
    if (this.#services.size > 0) return;
    const { peripheral } = this.#options;
    const found = await this.#perform(
      'a request for its services',
      () => peripheral.discoverServicesAsync([]),
      limits,
    );
    for (const service of found) this.#services.set(normalizeUuid(service.uuid) ?? service.uuid, service);
  }

  async #findCharacteristics(uuid: string, limits: BleLimits): Promise<Map<string, Characteristic>> {
    const known = this.#characteristics.get(uuid);
    if (known !== undefined) return known;
    await this.#findServices(limits);
    const service = this.#services.get(uuid);
    if (service === undefined) throw this.#absent(`service ${uuid}`, [...this.#services.keys()]);
    const found = await this.#perform(
      `a request for the characteristics of ${uuid}`,
      () => service.discoverCharacteristicsAsync([]),
      limits,
    );
    const byUuid = new Map(found.map((own) => [normalizeUuid(own.uuid) ?? own.uuid, own]));
    this.#characteristics.set(uuid, byUuid);
    return byUuid;
  }

  async #find(service: string, uuid: string, limits: BleLimits): Promise<Characteristic> {
    const known = await this.#findCharacteristics(service, limits);
    const found = known.get(uuid);
    if (found !== undefined) return found;
    throw this.#absent(`characteristic ${uuid} in service ${service}`, [...known.keys()]);
  }

  /** One operation. When it takes too long the connection is ended: noble cannot distinguish a late answer from the next one. */
  async #perform<T>(what: string, work: () => Promise<T>, { timeoutMs, signal }: BleLimits): Promise<T> {
    const lost = this.#lost.signal;
    const until = AbortSignal.any([lost, signal]);
    using _permit = await this.#exchange.acquire(until);
    try {
      return await withDeadline(work(), {
        timeoutMs,
        graceMs: ANSWER_GRACE_MS,
        signal: until,
        onTimeout: () => {
          throw silent(this.address, what, timeoutMs);
        },
      });
    } catch (error) {
      if (error instanceof Fault) {
        if (lost.aborted) throw error;
        this.#closing = true;
        // An adapter that hangs keeps the connection from ending; then the fault is the adapter's.
        if (error.code !== 'device-silent') void this.#end();
        else {
          await this.#end();
          const { lost: gone } = this.#options.radio;
          if (gone.aborted) throw gone.reason;
        }
        throw error;
      }
      // noble rejects when the connection broke; the reason is known when it has ended.
      await withDeadline(this.#ended.promise, {
        timeoutMs: END_TIMEOUT_MS,
        graceMs: ANSWER_GRACE_MS,
        onTimeout: () => {
          throw connectionLost(this.address, `broke in ${what}`);
        },
      });
      throw lost.reason;
    }
  }

  #tooLong(characteristic: string, bytes: number, room: number): Fault {
    return new Fault(
      'recipe-invalid',
      `${bytes} bytes do not fit in one write without response to ${characteristic}: the MTU of the connection leaves ${room}`,
      { hint: 'Write them with a confirmation, or in parts.' },
    );
  }

  #absent(what: string, has: readonly string[]): Fault {
    return new Fault('device-rejected', `${this.address} has no ${what}`, {
      hint: `It has ${has.join(', ') || 'none'}.`,
      details: { address: this.address, missing: what },
    });
  }
}

export function connectionLost(address: string, what: string): Fault {
  return new Fault('ble-lost', `the Bluetooth connection to ${address} ${what}`, {
    hint: 'Test it again; when it breaks again, the unit is faulty.',
    details: { address },
  });
}

function silent(address: string, what: string, timeoutMs: number): Fault {
  return new Fault('device-silent', `${address} did not answer ${what} over Bluetooth in ${timeoutMs} ms`, {
    hint: 'Test it again; when it stays silent, the unit is faulty.',
    details: { address, timeoutMs },
  });
}
