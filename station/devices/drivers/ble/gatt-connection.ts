import type { Characteristic, Peripheral, Service } from '@stoprocent/noble';
import { Semaphore, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import type { BleCharacteristic, BleConnection, BleLimits } from '../../../core/platform/index.ts';
import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/** How long the end of a link may take before the adapter is suspected. */
const END_TIMEOUT_MS = 2000;

/** Reasons with which noble itself ends links when its adapter goes: "hardware failure", and its own word. */
const BY_NOBLE: readonly unknown[] = [0x03, 'cleanup'];
const ADAPTER_NEWS_MS = 500;

export interface ConnectionParts {
  readonly radio: Radio;
  readonly peripheral: Peripheral;
  readonly address: string;
  /** The link has ended, in whatever way. */
  readonly onEnd: () => void;
  /** The adapter leaves something unanswered: finds out whether it still works. */
  readonly probe: () => Promise<void>;
}

/** A link over noble, with what noble lacks: time limits, one thing at a time, and an end that everybody hears of. */
export class GattConnection implements BleConnection {
  readonly address: string;
  readonly #parts: ConnectionParts;
  readonly #lost = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #exchange = new Semaphore(1);
  readonly #services = new Map<string, Service>();
  readonly #characteristics = new Map<string, Map<string, Characteristic>>();
  #closing = false;
  #ending: Promise<void> | null = null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.address = parts.address;
    const { peripheral, radio, onEnd } = parts;
    const onRadioLost = (): void => over(radio.lost.reason as Fault);
    const onDisconnect = (reason: unknown): void => {
      const why = typeof reason === 'number' ? ` (HCI reason 0x${reason.toString(16)})` : '';
      const fault = linkLost(parts.address, `broke${why}`);
      if (!BY_NOBLE.includes(reason)) return over(fault);
      // noble ends its links first and says afterwards that its adapter is gone.
      setTimeout(() => over(fault), ADAPTER_NEWS_MS).unref();
    };
    const over = (fault: Fault): void => {
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
    const tell = (): void => {
      if (!this.#closing) listener(signal.reason as Fault);
    };
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
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
    return this.#do(`a read of ${characteristic}`, () => found.readAsync(), limits);
  }

  async write(
    service: string,
    characteristic: string,
    bytes: Uint8Array,
    options: BleLimits & { readonly response: boolean },
  ): Promise<void> {
    const found = await this.#find(service, characteristic, options);
    const data = Buffer.from(bytes);
    await this.#do(`a write to ${characteristic}`, () => found.writeAsync(data, !options.response), options);
  }

  async subscribe(
    service: string,
    characteristic: string,
    listener: (value: Uint8Array) => void,
    limits: BleLimits,
  ): Promise<Disposable> {
    const found = await this.#find(service, characteristic, limits);
    await this.#do(`a subscription to ${characteristic}`, () => found.subscribeAsync(), limits);
    const hear = (value: Buffer, isNotification: boolean): void => {
      if (isNotification) listener(value);
    };
    found.on('data', hear);
    return { [Symbol.dispose]: () => void found.removeListener('data', hear) };
  }

  rssi(limits: BleLimits): Promise<number> {
    return this.#do('a question for its strength', () => this.#parts.peripheral.updateRssiAsync(), limits);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.#end();
  }

  /** Ends the link once, however often it is asked to. */
  #end(): Promise<void> {
    return (this.#ending ??= this.#disconnect());
  }

  async #disconnect(): Promise<void> {
    if (this.#lost.signal.aborted) return;
    this.#parts.peripheral.disconnect();
    await withDeadline(this.#ended.promise, {
      timeoutMs: END_TIMEOUT_MS,
      graceMs: ANSWER_GRACE_MS,
      onTimeout: async () => {
        await this.#parts.probe().catch(() => undefined);
        this.#lost.abort(linkLost(this.address, 'does not end'));
        this.#parts.onEnd();
      },
    });
  }

  async #findServices(limits: BleLimits): Promise<void> {
    if (this.#services.size > 0) return;
    const { peripheral } = this.#parts;
    const found = await this.#do(
      'a question for its services',
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
    const found = await this.#do(
      `a question for the characteristics of ${uuid}`,
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

  /** One exchange. When it is not over in time the link is given up: noble cannot tell a late answer from the next. */
  async #do<T>(what: string, work: () => Promise<T>, { timeoutMs, signal }: BleLimits): Promise<T> {
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
        // An adapter that hangs keeps the link from ending, and then the unit was not to blame.
        if (error.code !== 'device-silent') void this.#end();
        else {
          await this.#end();
          const { lost: gone } = this.#parts.radio;
          if (gone.aborted) throw gone.reason;
        }
        throw error;
      }
      // noble's own rejections are about the link: it broke. Why, is known when its end is.
      await withDeadline(this.#ended.promise, {
        timeoutMs: END_TIMEOUT_MS,
        graceMs: ANSWER_GRACE_MS,
        onTimeout: () => {
          throw linkLost(this.address, `broke in ${what}`);
        },
      });
      throw lost.reason;
    }
  }

  #absent(what: string, has: readonly string[]): Fault {
    return new Fault('device-rejected', `${this.address} has no ${what}`, {
      hint: `It has ${has.join(', ') || 'none'}.`,
      details: { address: this.address, missing: what },
    });
  }
}

export function linkLost(address: string, what: string): Fault {
  return new Fault('ble-lost', `the Bluetooth link to ${address} ${what}`, {
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
