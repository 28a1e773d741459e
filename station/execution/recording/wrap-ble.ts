import { Fault } from '#shared/domain/fault.ts';
import type {
  BleAdvertisement,
  BleCentral,
  BleCharacteristic,
  BleConnection,
  BleFound,
  BleLimits,
  BleTaken,
} from '../../core/platform/index.ts';
import { type FaultJson, type Json, toFault, toFaultJson } from './format.ts';
import type { IoReply, IoRequest, RunIo } from './run-io.ts';

/** Bluetooth whose actions are requests of the run. `real` is null in a replay. */
export function wrapBle(io: RunIo, real: BleCentral | null): BleCentral {
  return {
    async ready(signal) {
      await io.request({ kind: 'ble', key: 'ready', signal }, async () => {
        await requireReal(real).ready(signal);
        return {};
      });
    },
    async scan(address, onAdvertisement, limits) {
      const { timeoutMs, signal } = limits;
      let isEnough = false;
      const { value } = await io.request(
        {
          kind: 'ble',
          key: `listen ${address ?? 'to all'}`,
          parameters: `for ${timeoutMs} ms`,
          timeoutMs,
          signal,
        },
        async (notify) => ({
          value: await requireReal(real).scan(
            address,
            (advertisement) => {
              notify({ value: toAdvertisementJson(advertisement, io.clock.monotonicMs()) });
              return isEnough;
            },
            limits,
          ),
        }),
        (reply) => {
          // The caller gets no advertisement after the one that was enough.
          if (!isEnough)
            isEnough = onAdvertisement(toAdvertisement(reply.value as unknown as AdvertisementJson));
          return isEnough;
        },
      );
      return isEnough || value === true;
    },
    async find(search, limits) {
      const { timeoutMs, signal } = limits;
      const { value } = await io.request(
        { kind: 'ble', key: `find ${search.key}`, parameters: `for ${timeoutMs} ms`, signal },
        async () => ({ value: (await requireReal(real).find(search, limits)) as unknown as Json }),
      );
      return value as unknown as BleFound;
    },
    async take(selection, limits) {
      const { timeoutMs, signal } = limits;
      let taken: BleTaken | null = null;
      const { value } = await io.request(
        { kind: 'ble', key: `take ${selection.key}`, parameters: `for ${timeoutMs} ms`, signal },
        async () => {
          taken = await requireReal(real).take(selection, limits);
          return { value: toAdvertisementJson(taken.advertisement, io.clock.monotonicMs()) };
        },
      );
      return {
        advertisement: toAdvertisement(value as unknown as AdvertisementJson),
        [Symbol.dispose]: () => taken?.[Symbol.dispose](),
      };
    },
    async connect(address, limits) {
      let connection: BleConnection | null = null;
      const lostListeners: ((fault: Fault) => void)[] = [];
      let lost: Fault | null = null;
      await io.request(
        { kind: 'ble', key: `connect ${address}`, signal: limits.signal },
        async (notify) => {
          connection = await requireReal(real).connect(address, limits);
          connection.onLost((fault) => notify({ value: { lost: toFaultJson(fault) } as unknown as Json }));
          return {};
        },
        ({ value }) => {
          lost = toFault((value as unknown as { lost: FaultJson }).lost);
          for (const listener of lostListeners) listener(lost);
          return false;
        },
      );
      return wrapConnection(io, address, connection, (listener) => {
        if (lost === null) lostListeners.push(listener);
        else listener(lost);
      });
    },
    [Symbol.asyncDispose]: () => real?.[Symbol.asyncDispose]() ?? Promise.resolve(),
  };
}

function wrapConnection(
  io: RunIo,
  address: string,
  real: BleConnection | null,
  onLost: BleConnection['onLost'],
): BleConnection {
  const request = async (
    what: string,
    limits: BleLimits | null,
    perform: (connection: BleConnection, notify: (reply: IoReply) => void) => Promise<IoReply>,
    more: Pick<IoRequest, 'bytes' | 'stream'> = {},
    onNotification?: (reply: IoReply) => boolean,
  ): Promise<IoReply> =>
    io.request(
      {
        kind: 'ble',
        key: `${what} of ${address}`,
        ...(limits === null ? {} : { signal: limits.signal }),
        ...more,
      },
      (notify) => perform(requireReal(real), notify),
      onNotification,
    );
  return {
    address,
    onLost,
    async services(limits) {
      const { value } = await request('services', limits, async (connection) => ({
        value: await connection.services(limits),
      }));
      return value as readonly string[];
    },
    async characteristics(service, limits) {
      const { value } = await request(`characteristics ${service}`, limits, async (connection) => ({
        value: (await connection.characteristics(service, limits)) as unknown as Json,
      }));
      return value as unknown as readonly BleCharacteristic[];
    },
    async rssi(limits) {
      const { value } = await request('rssi', limits, async (connection) => ({
        value: await connection.rssi(limits),
      }));
      return Number(value);
    },
    async mtu(limits) {
      const { value } = await request('mtu', limits, async (connection) => ({
        value: await connection.mtu(limits),
      }));
      return Number(value);
    },
    async read(service, characteristic, limits) {
      const stream = `${service}/${characteristic}`;
      const { bytes } = await request(
        `read ${stream}`,
        limits,
        async (connection) => ({ bytes: await connection.read(service, characteristic, limits) }),
        { stream },
      );
      return bytes ?? new Uint8Array();
    },
    async write(service, characteristic, bytes, options) {
      const stream = `${service}/${characteristic}`;
      await request(
        `write${options.response ? '' : ' unconfirmed'} ${stream}`,
        options,
        async (connection) => {
          await connection.write(service, characteristic, bytes, options);
          return {};
        },
        { stream, bytes: options.secret === true ? asterisksFor(bytes) : bytes },
      );
    },
    async subscribe(service, characteristic, listener, limits) {
      const stream = `${service}/${characteristic}`;
      let isSubscribed = true;
      let subscription: Disposable | null = null;
      await request(
        `subscribe ${stream}`,
        limits,
        async (connection, notify) => {
          subscription = await connection.subscribe(
            service,
            characteristic,
            (bytes) => notify({ bytes }),
            limits,
          );
          return {};
        },
        { stream },
        ({ bytes }) => {
          if (isSubscribed) listener(bytes ?? new Uint8Array());
          return false;
        },
      );
      return {
        [Symbol.dispose]() {
          isSubscribed = false;
          subscription?.[Symbol.dispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await request('end', null, async (connection) => {
        await connection[Symbol.asyncDispose]();
        return {};
      });
    },
  };
}

/** Slices cut a secret in pieces that the mask does not know. */
function asterisksFor({ length }: Uint8Array): Uint8Array {
  return Buffer.alloc(length, '*');
}

function requireReal<T>(real: T | null): T {
  if (real === null) throw new Fault('ble-missing', 'a replay has no Bluetooth');
  return real;
}

interface AdvertisementJson extends Omit<BleAdvertisement, 'manufacturerData'> {
  /** Hex. */
  readonly manufacturerData: string | null;
}

/** @param atMs time of the run's own clock, which a replay returns again. */
function toAdvertisementJson(advertisement: BleAdvertisement, atMs: number): Json {
  const { manufacturerData: data } = advertisement;
  const manufacturerData = data === null ? null : Buffer.from(data).toString('hex');
  return { ...advertisement, serviceUuids: [...advertisement.serviceUuids], manufacturerData, atMs };
}

function toAdvertisement(json: AdvertisementJson): BleAdvertisement {
  const { manufacturerData: hex } = json;
  return { ...json, manufacturerData: hex === null ? null : new Uint8Array(Buffer.from(hex, 'hex')) };
}
