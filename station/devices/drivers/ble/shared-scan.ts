import type { Noble, Peripheral } from '@stoprocent/noble';
import { Semaphore, Sequencer, withDeadline } from '#node-kit/async/index.ts';
import { abortFault, throwIfAborted } from '#shared/domain/fault.ts';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import type { BleAdvertisement } from '../../../core/platform/index.ts';

import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/** How long the adapter may take to start or stop a scan. */
const SWITCH_TIMEOUT_MS = 3000;

interface Receiver {
  /** Null for the advertisements of all units. */
  readonly address: string | null;
  onAdvertisement(advertisement: BleAdvertisement): void;
  /** The scan was started or stopped. */
  onScanning(on: boolean): void;
}

/**
 * One scan of the adapter for all slots: on while a slot receives, off while a slot connects, because most controllers do
 * not do both. Each receiver gets the advertisements of its own address.
 */
export class SharedScan {
  readonly #radio: Radio;
  readonly #hasAddresses: boolean;
  readonly #receivers = new Set<Receiver>();
  readonly #known = new Map<string, { readonly peripheral: Peripheral; atMs: number }>();
  readonly #quiet = new Semaphore(1);
  #on = false;
  #pauses = 0;
  readonly #switches = new Sequencer();
  #lastReceivedMs = 0;

  /** @param hasAddresses false where the system gives an id of its own instead, as macOS does */
  constructor(radio: Radio, hasAddresses: boolean) {
    this.#radio = radio;
    this.#hasAddresses = hasAddresses;
    radio.noble.on('discover', (peripheral: Peripheral) => this.#onDiscover(peripheral));
  }

  /** Number of addresses received since the adapter was opened; noble keeps all of them. */
  get knownAddresses(): number {
    return this.#known.size;
  }

  /** A unit whose last advertisement is not older than `maxAgeMs`; null when there is none. */
  known(address: string, maxAgeMs: number): Peripheral | null {
    const known = this.#known.get(address);
    return known !== undefined && performance.now() - known.atMs <= maxAgeMs ? known.peripheral : null;
  }

  /** See `BleCentral.scan`. `address`: null for the advertisements of all units. */
  async receive(
    address: string | null,
    onAdvertisement: (advertisement: BleAdvertisement) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const signals = AbortSignal.any([signal, this.#radio.lost]);
    throwIfAborted(signals);
    if (address !== null) this.#forget(address);
    const result = Promise.withResolvers<boolean>();
    const startedMs = performance.now();
    let leftMs = timeoutMs;
    let scanningSinceMs: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const receiver: Receiver = {
      address,
      onAdvertisement(advertisement) {
        if (onAdvertisement(advertisement)) result.resolve(true);
      },
      onScanning(on) {
        clearTimeout(timer);
        if (scanningSinceMs !== null) leftMs -= performance.now() - scanningSinceMs;
        scanningSinceMs = on ? performance.now() : null;
        if (on) timer = setTimeout(() => result.resolve(false), Math.max(0, leftMs));
      },
    };
    const stop = (): void => result.reject(abortFault(signals));
    signals.addEventListener('abort', stop, { once: true });
    this.#receivers.add(receiver);
    if (this.#on) receiver.onScanning(true);
    this.#switch();
    try {
      const enough = await result.promise;
      // When nothing at all was received, the adapter may be the cause.
      if (!enough && this.#lastReceivedMs < startedMs) await this.probe(signals);
      return enough;
    } finally {
      clearTimeout(timer);
      signals.removeEventListener('abort', stop);
      this.#receivers.delete(receiver);
      this.#switch();
    }
  }

  /** Performs work during which no scan runs, one at a time. `probe` checks the adapter within it. */
  async pausedFor<T>(
    work: (probe: () => Promise<void>) => Promise<T>,
    signals: readonly AbortSignal[],
  ): Promise<T> {
    this.#pauses += 1;
    try {
      using _turn = await this.#quiet.acquire(AbortSignal.any([...signals, this.#radio.lost]));
      await this.#switched();
      return await work(() => this.#probe());
    } finally {
      this.#pauses -= 1;
      this.#switch();
    }
  }

  /** Checks that the adapter answers, and gives it up when it does not. Faults: that of the lost adapter. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.pausedFor((probe) => probe(), [signal]);
  }

  async #probe(): Promise<void> {
    await this.#command('start', true);
    await this.#command('stop', false);
    throwIfAborted(this.#radio.lost);
    this.#lastReceivedMs = performance.now();
  }

  /** Resolves when the scan is on or off as needed. */
  async #switched(): Promise<void> {
    this.#switch();
    await this.#switches.whenIdle();
    throwIfAborted(this.#radio.lost);
  }

  #switch(): void {
    void this.#switches.run(async () => {
      const wanted = this.#receivers.size > 0 && this.#pauses === 0;
      if (wanted === this.#on || this.#radio.lost.aborted) return;
      this.#on = wanted;
      if (!wanted) this.#notify(false);
      await this.#command(wanted ? 'start' : 'stop', wanted);
      if (wanted && !this.#radio.lost.aborted) this.#notify(true);
    });
  }

  #notify(on: boolean): void {
    for (const receiver of this.#receivers) receiver.onScanning(on);
  }

  /** Starts or stops the scan; an adapter that does not answer is given up. Never rejects. */
  async #command(what: string, on: boolean): Promise<void> {
    const { noble, lost } = this.#radio;
    if (lost.aborted) return;
    const onTimeout = (): never => {
      throw new Error('no answer');
    };
    try {
      await withDeadline(switchScan(noble, on), {
        timeoutMs: SWITCH_TIMEOUT_MS,
        graceMs: ANSWER_GRACE_MS,
        signal: lost,
        onTimeout,
      });
    } catch {
      this.#radio.lose(`no longer answers (${what} scan)`);
    }
  }

  #onDiscover(peripheral: Peripheral): void {
    const address = this.#hasAddresses ? addressOf(peripheral) : peripheral.id.toUpperCase();
    this.#lastReceivedMs = performance.now();
    this.#known.set(address, { peripheral, atMs: this.#lastReceivedMs });
    for (const receiver of this.#receivers) {
      if (receiver.address === null || receiver.address === address)
        receiver.onAdvertisement(toAdvertisement(address, peripheral));
    }
  }

  /**
   * Empties what noble has collected of an address, so that a unit that is tested again is not measured by earlier
   * advertisements. noble collects in the object that it hands out.
   */
  #forget(address: string): void {
    const advertisement = this.#known.get(address)?.peripheral.advertisement;
    if (advertisement === undefined) return;
    const past: { localName?: unknown; manufacturerData?: unknown } = advertisement;
    past.localName = undefined;
    past.manufacturerData = undefined;
    advertisement.serviceUuids.length = 0;
    advertisement.serviceData.length = 0;
  }
}

function switchScan(noble: Noble, on: boolean): Promise<void> {
  return on ? noble.startScanningAsync([], true) : noble.stopScanningAsync();
}

function addressOf({ address, id }: Peripheral): string {
  return (address === '' || address === 'unknown' ? id : address).replaceAll('-', ':').toUpperCase();
}

function toAdvertisement(address: string, { advertisement, rssi }: Peripheral): BleAdvertisement {
  // By noble's types every advertisement has all of these.
  const { localName, serviceUuids, manufacturerData }: Partial<typeof advertisement> = advertisement;
  return {
    address,
    localName: localName === undefined || localName === '' ? null : localName,
    serviceUuids: (serviceUuids ?? []).flatMap((uuid) => normalizeUuid(uuid) ?? []),
    manufacturerData: manufacturerData ?? null,
    rssiDbm: rssi,
    atMs: performance.now(),
  };
}
