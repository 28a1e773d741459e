import { Semaphore, withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { BleCentral, BleConnection } from '../../../core/platform/index.ts';
import { type AdapterChoice, parseAdapter } from './adapter-choice.ts';
import { establish } from './connect.ts';
import { GattConnection } from './gatt-connection.ts';
import { openRadio, type Radio, READY_TIMEOUT_MS } from './radio.ts';
import { SharedScan } from './shared-scan.ts';

export interface BleCentralOptions {
  /** How many links at a time; common controllers take seven to ten. */
  readonly maxLinks?: number;
  readonly readyTimeoutMs?: number;
  /** Addresses that may be remembered before the adapter is opened anew in a quiet moment. */
  readonly maxAddresses?: number;
}

const MAX_LINKS = 8;
/** A unit heard so recently is connected to without being looked for. */
const FRESH_MS = 2000;
/** Beyond every limit of opening an adapter; that has its own, with words of its own. */
const OPEN_TIMEOUT_MS = 60_000;
/** noble keeps every address it ever heard, and in a factory that is every telephone that walks by. */
const MAX_ADDRESSES = 2000;

interface Open {
  readonly radio: Radio;
  readonly scan: SharedScan;
  readonly links: Semaphore;
  users: number;
}

/**
 * One Bluetooth adapter for all slots of a station, opened at first use, and opened again after it was lost. `adapter`
 * as `parseAdapter` reads it. Faults: `bad-input` at once for a name that is none.
 */
export function createBleCentral(
  adapter: string | AdapterChoice,
  options: BleCentralOptions = {},
): BleCentral {
  const choice = typeof adapter === 'string' ? parseAdapter(adapter) : adapter;
  const closed = new AbortController();
  let opening: Promise<Open> | null = null;

  function open(): Promise<Open> {
    throwIfAborted(closed.signal);
    opening ??= openRadio(choice, options.readyTimeoutMs ?? READY_TIMEOUT_MS, closed.signal).then(
      (radio) => {
        const scan = new SharedScan(radio);
        // The next one who asks opens the adapter anew: it may be back, or another in its place.
        const forget = (): void => {
          opening = null;
          radio[Symbol.dispose]();
        };
        radio.lost.addEventListener('abort', forget, { once: true });
        return {
          radio,
          scan,
          links: new Semaphore(options.maxLinks ?? MAX_LINKS),
          users: 0,
        };
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  }

  /** The adapter is not put away while somebody works with it. */
  async function use<T>(signal: AbortSignal, work: (it: Open) => Promise<T>): Promise<T> {
    const onTimeout = (): never => {
      throw new Fault('timeout', 'no adapter yet');
    };
    const it = await withDeadline(open(), { timeoutMs: OPEN_TIMEOUT_MS, signal, onTimeout });
    it.users += 1;
    try {
      return await work(it);
    } finally {
      leave(it);
    }
  }

  function leave(it: Open): void {
    it.users -= 1;
    const many = it.scan.knownAddresses > (options.maxAddresses ?? MAX_ADDRESSES);
    if (it.users === 0 && many) it.radio.lose('is opened anew');
  }

  async function connect(
    it: Open,
    address: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<BleConnection> {
    const { radio, scan } = it;
    const place = await it.links.acquire(AbortSignal.any([signal, radio.lost]));
    try {
      // Looking for it is no burden to others; waiting for one that is not there, with the adapter taken, would be.
      let peripheral = scan.known(address, FRESH_MS);
      if (peripheral === null && (await scan.listen(address, () => true, timeoutMs, signal)))
        peripheral = scan.known(address, Infinity);
      if (peripheral === null) throw unseen(address, timeoutMs);
      const unit = peripheral;
      await scan.pausedFor((probe) => establish(radio, unit, address, timeoutMs, signal, probe), [signal]);
      it.users += 1;
      let ended = false;
      const onEnd = (): void => {
        if (ended) return;
        ended = true;
        place[Symbol.dispose]();
        leave(it);
      };
      return new GattConnection({ radio, peripheral, address, onEnd, probe: () => scan.probe(radio.lost) });
    } catch (error) {
      place[Symbol.dispose]();
      throw error;
    }
  }

  return {
    ready: (signal) => use(signal, () => Promise.resolve()),
    listen: (address, hear, { withinMs, signal }) =>
      use(signal, ({ scan }) => scan.listen(address, hear, withinMs, signal)),
    connect: (address, { timeoutMs, signal }) => use(signal, (it) => connect(it, address, timeoutMs, signal)),
    async [Symbol.asyncDispose]() {
      closed.abort(new Fault('cancelled', 'the station was closed'));
      const it = await opening?.catch(() => null);
      it?.radio[Symbol.dispose]();
    },
  };
}

function unseen(address: string, timeoutMs: number): Fault {
  return new Fault('ble-unseen', `${address} was not heard over Bluetooth in ${timeoutMs} ms`, {
    hint: 'Check that the unit has power, then test it again.',
    details: { address, timeoutMs },
  });
}
