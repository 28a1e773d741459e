import type { Noble, Peripheral } from '@stoprocent/noble';
import { Semaphore, Sequencer, withDeadline } from '#node-kit/async/index.ts';
import { abortFault, throwIfAborted } from '#shared/domain/fault.ts';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import type { BleAdvertisement } from '../../../core/platform/index.ts';
import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/** How long the adapter may take to start or stop listening. */
const SWITCH_TIMEOUT_MS = 3000;

interface Listener {
  readonly address: string;
  /** True when it has heard enough. */
  hear(advertisement: BleAdvertisement): void;
  /** The air can be heard from now on, or can no longer. */
  listening(on: boolean): void;
}

/**
 * One scan of the adapter for all slots: on while anybody listens, off while anybody connects, because most controllers
 * do not do both. Each listener gets what its own address says and nothing else.
 */
export class SharedScan {
  readonly #radio: Radio;
  readonly #listeners = new Set<Listener>();
  readonly #known = new Map<string, { readonly peripheral: Peripheral; atMs: number }>();
  readonly #quiet = new Semaphore(1);
  #on = false;
  #pauses = 0;
  readonly #switches = new Sequencer();
  #heardAt = 0;

  constructor(radio: Radio) {
    this.#radio = radio;
    radio.noble.on('discover', (peripheral: Peripheral) => this.#hear(peripheral));
  }

  /** Addresses heard since the adapter was opened; noble forgets none of them. */
  get knownAddresses(): number {
    return this.#known.size;
  }

  /** A unit that was heard no longer ago than this, milliseconds. */
  known(address: string, withinMs: number): Peripheral | null {
    const known = this.#known.get(address);
    return known !== undefined && performance.now() - known.atMs <= withinMs ? known.peripheral : null;
  }

  /** See `BleCentral.listen`. */
  async listen(
    address: string,
    hear: (advertisement: BleAdvertisement) => boolean,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const signals = AbortSignal.any([signal, this.#radio.lost]);
    throwIfAborted(signals);
    this.#forget(address);
    const result = Promise.withResolvers<boolean>();
    const began = performance.now();
    let leftMs = withinMs;
    let since: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listener: Listener = {
      address,
      hear(advertisement) {
        if (hear(advertisement)) result.resolve(true);
      },
      listening(on) {
        clearTimeout(timer);
        if (since !== null) leftMs -= performance.now() - since;
        since = on ? performance.now() : null;
        if (on) timer = setTimeout(() => result.resolve(false), Math.max(0, leftMs));
      },
    };
    const stop = (): void => result.reject(abortFault(signals));
    signals.addEventListener('abort', stop, { once: true });
    this.#listeners.add(listener);
    if (this.#on) listener.listening(true);
    this.#switch();
    try {
      const enough = await result.promise;
      // Silence all around may be the adapter's and not the unit's: then it gets the blame.
      if (!enough && this.#heardAt < began) await this.probe(signals);
      return enough;
    } finally {
      clearTimeout(timer);
      signals.removeEventListener('abort', stop);
      this.#listeners.delete(listener);
      this.#switch();
    }
  }

  /** Does something for which nobody may listen, one at a time. `probe` within it makes the adapter answer. */
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

  /** Makes the adapter answer, or gives it up. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.pausedFor((probe) => probe(), [signal]);
  }

  async #probe(): Promise<void> {
    await this.#command('start', true);
    await this.#command('stop', false);
    throwIfAborted(this.#radio.lost);
    this.#heardAt = performance.now();
  }

  /** Resolves when the scan is as it should be. */
  async #switched(): Promise<void> {
    this.#switch();
    await this.#switches.whenIdle();
    throwIfAborted(this.#radio.lost);
  }

  #switch(): void {
    void this.#switches.run(async () => {
      const wanted = this.#listeners.size > 0 && this.#pauses === 0;
      if (wanted === this.#on || this.#radio.lost.aborted) return;
      this.#on = wanted;
      if (!wanted) this.#tell(false);
      await this.#command(wanted ? 'start' : 'stop', wanted);
      if (wanted && !this.#radio.lost.aborted) this.#tell(true);
    });
  }

  #tell(on: boolean): void {
    for (const listener of this.#listeners) listener.listening(on);
  }

  /** A command of the scan; an adapter that leaves it unanswered is lost. Never rejects. */
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

  #hear(peripheral: Peripheral): void {
    const address = addressOf(peripheral);
    this.#heardAt = performance.now();
    this.#known.set(address, { peripheral, atMs: this.#heardAt });
    for (const listener of this.#listeners) {
      if (listener.address === address) listener.hear(toAdvertisement(address, peripheral));
    }
  }

  /**
   * noble adds up everything an address ever said, and a unit that is tested again would be judged by its past. The
   * object in which it adds up is the one it hands out, so it can be emptied here.
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

/** macOS hides addresses and gives an id of its own instead. */
function addressOf(peripheral: Peripheral): string {
  const text =
    peripheral.address === '' || peripheral.address === 'unknown' ? peripheral.id : peripheral.address;
  return text.replaceAll('-', ':').toUpperCase();
}

function toAdvertisement(address: string, { advertisement, rssi }: Peripheral): BleAdvertisement {
  // noble's types promise more than an advertisement holds.
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
