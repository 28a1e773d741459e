import { Semaphore, withDeadline } from '#node-kit/async/index.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { BleCentral, BleConnection } from '../../../core/platform/index.ts';
import { type AdapterChoice, parseAdapter } from './adapter-choice.ts';
import { connectPeripheral, type ConnectWays } from './connect-peripheral.ts';
import { Answers, findByAdvertisement, findByAnswer } from './find-unit.ts';
import { GattConnection } from './gatt-connection.ts';
import { openRadio, type Radio, READY_TIMEOUT_MS } from './radio.ts';
import { SharedScan } from './shared-scan.ts';
import { selectUnit } from './take-unit.ts';

export interface BleCentralOptions {
  /** Connections at a time; common controllers take seven to ten. */
  readonly maxConnections?: number;
  readonly readyTimeoutMs?: number;
  /** When more addresses are known, the adapter is reopened as soon as it is unused. */
  readonly maxAddresses?: number;
  /** Whether units are known by their addresses. Default: not with the adapter of a Mac, which hides them. */
  readonly hasAddresses?: boolean;
}

const MAX_CONNECTIONS = 8;
/** A unit whose advertisement is not older than this is connected to without a scan. */
const MAX_ADVERTISEMENT_AGE_MS = 2000;
/** For one unit that is asked who it is. */
const ASK_TIMEOUT_MS = 4000;
const ADDRESS = /^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/;
/** Longer than every limit of opening an adapter, whose own faults say more. */
const OPEN_TIMEOUT_MS = 60_000;
/** noble keeps every address it received, and in a factory that is every telephone nearby. */
const MAX_ADDRESSES = 2000;

interface OpenAdapter {
  readonly radio: Radio;
  readonly scan: SharedScan;
  readonly answers: Answers;
  readonly connections: Semaphore;
  /** Operations and connections that use the adapter now. */
  useCount: number;
}

/**
 * One Bluetooth adapter for all slots of a station, opened at first use, and again after it was lost. Faults: `bad-input`
 * for an adapter that `parseAdapter` cannot read.
 */
export function createBleCentral(
  adapter: string | AdapterChoice,
  options: BleCentralOptions = {},
): BleCentral {
  const choice = typeof adapter === 'string' ? parseAdapter(adapter) : adapter;
  const closed = new AbortController();
  const hasAddresses = options.hasAddresses ?? !(choice.kind === 'system' && hostSystem().kind === 'macos');
  let opening: Promise<OpenAdapter> | null = null;
  /** Addresses of the units that slots have taken; they stay taken when the adapter is reopened. */
  const taken = new Set<string>();

  function open(): Promise<OpenAdapter> {
    throwIfAborted(closed.signal);
    opening ??= openRadio(choice, options.readyTimeoutMs ?? READY_TIMEOUT_MS, closed.signal).then(
      (radio) => {
        const scan = new SharedScan(radio, hasAddresses);
        // The next operation opens the adapter again: it may be back, or another one in its place.
        const forget = (): void => {
          opening = null;
          radio[Symbol.dispose]();
        };
        radio.lost.addEventListener('abort', forget, { once: true });
        return {
          radio,
          scan,
          answers: new Answers(),
          connections: new Semaphore(options.maxConnections ?? MAX_CONNECTIONS),
          useCount: 0,
        };
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  }

  /** Performs work with the open adapter, which is not reopened meanwhile. */
  async function use<T>(signal: AbortSignal, work: (adapter: OpenAdapter) => Promise<T>): Promise<T> {
    const onTimeout = (): never => {
      throw new Fault('timeout', 'the Bluetooth adapter did not open in time');
    };
    const adapter = await withDeadline(open(), { timeoutMs: OPEN_TIMEOUT_MS, signal, onTimeout });
    adapter.useCount += 1;
    try {
      return await work(adapter);
    } finally {
      release(adapter);
    }
  }

  function release(adapter: OpenAdapter): void {
    adapter.useCount -= 1;
    const isFull = adapter.scan.knownAddresses > (options.maxAddresses ?? MAX_ADDRESSES);
    if (adapter.useCount === 0 && isFull) adapter.radio.lose('is reopened');
  }

  async function connect(
    adapter: OpenAdapter,
    address: string,
    ways: ConnectWays,
    signal: AbortSignal,
  ): Promise<BleConnection> {
    const { timeoutMs } = ways;
    const { radio, scan } = adapter;
    const permit = await adapter.connections.acquire(AbortSignal.any([signal, radio.lost]));
    try {
      // Other slots go on while this one scans, but not while it waits for a connection: so the unit is found first.
      let peripheral = scan.known(address, MAX_ADVERTISEMENT_AGE_MS);
      if (peripheral === null && (await scan.receive(address, () => true, timeoutMs, signal)))
        peripheral = scan.known(address, Infinity);
      if (peripheral === null) throw notFound(address, timeoutMs);
      const unit = peripheral;
      const mtu = await scan.pausedFor(
        (probe) => connectPeripheral(radio, unit, address, ways, signal, probe),
        [signal],
      );
      adapter.useCount += 1;
      let ended = false;
      const onEnd = (): void => {
        if (ended) return;
        ended = true;
        permit[Symbol.dispose]();
        release(adapter);
      };
      const probe = (): Promise<void> => scan.probe(radio.lost);
      return new GattConnection({ radio, peripheral, address, mtu, onEnd, probe });
    } catch (error) {
      permit[Symbol.dispose]();
      throw error;
    }
  }

  function requireKnowable(address: string): void {
    if (hasAddresses || !ADDRESS.test(address)) return;
    throw new Fault(
      'recipe-invalid',
      'this computer shows no Bluetooth addresses, and the recipe finds its unit by one',
      {
        hint: 'Add device.ble.find to the recipe, or use an adapter on a serial port (--ble uart:…).',
      },
    );
  }

  return {
    ready: (signal) => use(signal, () => Promise.resolve()),
    async scan(address, onAdvertisement, { timeoutMs, signal }) {
      if (address !== null) requireKnowable(address);
      return use(signal, ({ scan }) => scan.receive(address, onAdvertisement, timeoutMs, signal));
    },
    find: (search, limits) =>
      use(limits.signal, async (adapter) => {
        const { scan, answers } = adapter;
        const ask = async (address: string, signal: AbortSignal): Promise<Uint8Array> => {
          const { service, characteristic } = search.question ?? { service: '', characteristic: '' };
          const asking = { timeoutMs: ASK_TIMEOUT_MS, signal };
          await using unit = await connect(
            adapter,
            address,
            { timeoutMs: ASK_TIMEOUT_MS, mtu: undefined },
            signal,
          );
          return await unit.read(service, characteristic, asking);
        };
        return search.question === null
          ? await findByAdvertisement(scan, search, limits)
          : await findByAnswer(scan, search, { ...limits, question: search.question, answers, ask });
      }),
    take: (selection, limits) =>
      use(limits.signal, async ({ scan }) => {
        const isTaken = (address: string): boolean => taken.has(address);
        const advertisement = await selectUnit(scan, selection, isTaken, limits);
        const { address } = advertisement;
        taken.add(address);
        return { advertisement, [Symbol.dispose]: () => void taken.delete(address) };
      }),
    async connect(address, { timeoutMs, signal, mtu }) {
      requireKnowable(address);
      return use(signal, (adapter) => connect(adapter, address, { timeoutMs, mtu }, signal));
    },
    async [Symbol.asyncDispose]() {
      closed.abort(new Fault('cancelled', 'the station was closed'));
      const open = await opening?.catch(() => null);
      open?.radio[Symbol.dispose]();
    },
  };
}

function notFound(address: string, timeoutMs: number): Fault {
  return new Fault('ble-unseen', `${address} did not advertise over Bluetooth in ${timeoutMs} ms`, {
    hint: 'Check that the unit has power, then test it again.',
    details: { address, timeoutMs },
  });
}
