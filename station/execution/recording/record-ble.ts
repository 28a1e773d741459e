import { Fault } from '#shared/domain/fault.ts';
import type {
  BleAdvertisement,
  BleCentral,
  BleCharacteristic,
  BleConnection,
  BleLimits,
} from '../../core/platform/index.ts';
import { toFault, toFaultJson } from './fault-json.ts';
import type { FaultJson, Json } from './format.ts';
import type { Question, Said, Tape } from './run-io.ts';

/** Bluetooth as a run sees it. `real` is null on replay. */
export function tapeBle(tape: Tape, real: BleCentral | null): BleCentral {
  return {
    async ready(signal) {
      await tape.ask({ kind: 'ble', key: 'ready', signal }, async () => {
        await need(real).ready(signal);
        return {};
      });
    },
    async listen(address, hear, limits) {
      const { withinMs, signal } = limits;
      let enough = false;
      const said = await tape.ask(
        { kind: 'ble', key: `listen ${address}`, how: `for ${withinMs} ms`, withinMs, signal },
        async (tell) => ({
          v: await need(real).listen(
            address,
            (advertisement) => {
              tell({ v: advertisementJson(advertisement, tape.clock.monotonicMs()) });
              return enough;
            },
            limits,
          ),
        }),
        ({ v }) => {
          // A run that has heard enough is not told more.
          if (!enough) enough = hear(toAdvertisement(v as unknown as AdvertisementJson));
          return enough;
        },
      );
      return enough || said.v === true;
    },
    async connect(address, limits) {
      let link: BleConnection | null = null;
      const lost: ((fault: Fault) => void)[] = [];
      let gone: Fault | null = null;
      await tape.ask(
        { kind: 'ble', key: `connect ${address}`, signal: limits.signal },
        async (tell) => {
          link = await need(real).connect(address, limits);
          link.onLost((fault) => tell({ v: { lost: toFaultJson(fault) } as unknown as Json }));
          return {};
        },
        ({ v }) => {
          gone = toFault((v as unknown as { lost: FaultJson }).lost);
          for (const tell of lost) tell(gone);
          return false;
        },
      );
      return tapeLink(tape, address, link, (listener) => {
        if (gone === null) lost.push(listener);
        else listener(gone);
      });
    },
    [Symbol.asyncDispose]: () => real?.[Symbol.asyncDispose]() ?? Promise.resolve(),
  };
}

function tapeLink(
  tape: Tape,
  address: string,
  real: BleConnection | null,
  onLost: BleConnection['onLost'],
): BleConnection {
  const ask = async (
    what: string,
    limits: BleLimits | null,
    really: (link: BleConnection, tell: (said: Said) => void) => Promise<Said>,
    more: Pick<Question, 'bytes' | 'stream'> = {},
    hear?: (said: Said) => boolean,
  ): Promise<Said> =>
    tape.ask(
      {
        kind: 'ble',
        key: `${what} of ${address}`,
        ...(limits === null ? {} : { signal: limits.signal }),
        ...more,
      },
      (tell) => really(need(real), tell),
      hear,
    );
  return {
    address,
    onLost,
    services: async (limits) => {
      const { v } = await ask('services', limits, async (link) => ({ v: await link.services(limits) }));
      return v as readonly string[];
    },
    characteristics: async (service, limits) => {
      const { v } = await ask(`characteristics ${service}`, limits, async (link) => ({
        v: (await link.characteristics(service, limits)) as unknown as Json,
      }));
      return v as unknown as readonly BleCharacteristic[];
    },
    rssi: async (limits) =>
      Number((await ask('rssi', limits, async (link) => ({ v: await link.rssi(limits) }))).v),
    read: async (service, characteristic, limits) => {
      const stream = `${service}/${characteristic}`;
      const { bytes } = await ask(
        `read ${stream}`,
        limits,
        async (link) => ({ bytes: await link.read(service, characteristic, limits) }),
        { stream },
      );
      return bytes ?? new Uint8Array();
    },
    write: async (service, characteristic, bytes, options) => {
      const stream = `${service}/${characteristic}`;
      await ask(
        `write${options.response ? '' : ' unconfirmed'} ${stream}`,
        options,
        async (link) => {
          await link.write(service, characteristic, bytes, options);
          return {};
        },
        { stream, bytes },
      );
    },
    subscribe: async (service, characteristic, listener, limits) => {
      const stream = `${service}/${characteristic}`;
      let listening = true;
      let subscription: Disposable | null = null;
      await ask(
        `subscribe ${stream}`,
        limits,
        async (link, tell) => {
          subscription = await link.subscribe(service, characteristic, (bytes) => tell({ bytes }), limits);
          return {};
        },
        { stream },
        ({ bytes }) => {
          if (listening) listener(bytes ?? new Uint8Array());
          return false;
        },
      );
      return {
        [Symbol.dispose]() {
          listening = false;
          subscription?.[Symbol.dispose]();
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await ask('end', null, async (link) => {
        await link[Symbol.asyncDispose]();
        return {};
      });
    },
  };
}

function need<T>(real: T | null): T {
  if (real === null) throw new Fault('ble-missing', 'a replay has no Bluetooth');
  return real;
}

interface AdvertisementJson extends Omit<BleAdvertisement, 'manufacturerData'> {
  readonly manufacturerData: string | null;
}

function advertisementJson(advertisement: BleAdvertisement, atMs: number): Json {
  const { manufacturerData: data } = advertisement;
  const manufacturerData = data === null ? null : Buffer.from(data).toString('hex');
  return { ...advertisement, serviceUuids: [...advertisement.serviceUuids], manufacturerData, atMs };
}

function toAdvertisement(json: AdvertisementJson): BleAdvertisement {
  const { manufacturerData: hex } = json;
  return { ...json, manufacturerData: hex === null ? null : new Uint8Array(Buffer.from(hex, 'hex')) };
}
