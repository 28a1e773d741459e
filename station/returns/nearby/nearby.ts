import type { NearbyReading, NearbyUnit } from '#shared/contract/index.ts';
import { companyName, DEVICE_INFORMATION } from '#shared/domain/ble-names.ts';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import { BLE_PROVISIONING_METHODS } from '#shared/recipe/index.ts';
import type { BleAdvertisement, BleConnection, BleLimits, Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { BLE_PROVISIONING } from '../../devices/protocols/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { recipeOfNear, takeAddress, type TakeNearOptions } from './take-near.ts';

export interface NearbyOptions {
  readonly platform: Pick<Platform, 'ble'>;
  readonly database: ReadableDatabase;
  readonly batches: TakeNearOptions['batches'];
}

/** In a factory these are telephones, too. */
const MAX_UNITS = 200;
const MAX_SAMPLES = 64;
const CONNECT_MS = 8000;
const ANSWER_MS = 3000;
/** A unit may have services without end. */
const MAX_CHARACTERISTICS = 128;
const MAX_VALUE_BYTES = 64;
const DEVICE_INFORMATION_SERVICE = '180A';
/** Refusals and silence of one characteristic do not end the reading. */
const OF_CHARACTERISTIC: readonly string[] = ['device-rejected'];

interface Heard {
  readonly latest: BleAdvertisement;
  readonly samplesDbm: number[];
}

/** What is near: receives all advertisements for a time, strongest first. Faults: those of `BleCentral.scan`. */
export async function listenNearby(
  { platform: { ble }, database }: Omit<NearbyOptions, 'batches'>,
  forMs: number,
  signal: AbortSignal,
): Promise<NearbyUnit[]> {
  const heard = new Map<string, Heard>();
  await ble.scan(
    null,
    (advertisement) => {
      const { address, rssiDbm } = advertisement;
      const samplesDbm = heard.get(address)?.samplesDbm ?? [];
      if (samplesDbm.length === 0 && heard.size >= MAX_UNITS) return false;
      if (samplesDbm.length < MAX_SAMPLES) samplesDbm.push(rssiDbm);
      heard.set(address, { latest: advertisement, samplesDbm });
      return false;
    },
    { timeoutMs: forMs, signal },
  );
  return [...heard.values()]
    .map(({ latest, samplesDbm }) => viewOf(latest, median(samplesDbm), database))
    .sort((one, other) => other.rssiDbm - one.rssiDbm);
}

/** Takes a unit that no slot tests, connects to it, and does work. Faults: `ble-unseen`, those of `BleCentral.connect` and of `work`. */
export async function withNearby<T>(
  ble: Platform['ble'],
  address: string,
  signal: AbortSignal,
  work: (connection: BleConnection, advertised: BleAdvertisement) => Promise<T>,
): Promise<T> {
  using taken = await takeAddress(ble, address, signal);
  await using connection = await ble.connect(address, { timeoutMs: CONNECT_MS, signal });
  return await work(connection, taken.advertisement);
}

/** Reads the services of a unit, and the values of its readable characteristics. Faults: those of `withNearby`. */
export function readNearby(
  { platform: { ble }, database, batches }: NearbyOptions,
  address: string,
  signal: AbortSignal,
): Promise<NearbyReading> {
  const limits = { timeoutMs: ANSWER_MS, signal };
  return withNearby(ble, address, signal, async (connection, advertised) => {
    const rssiDbm = await connection.rssi(limits);
    const mtu = await connection.mtu(limits);
    const services: NearbyReading['services'] = [];
    const information: NearbyReading['information'] = {};
    let left = MAX_CHARACTERISTICS;
    for (const uuid of await connection.services(limits)) {
      const characteristics: NearbyReading['services'][number]['characteristics'] = [];
      for (const one of await connection.characteristics(uuid, limits)) {
        if (left-- <= 0) break;
        const isReadable = one.properties.includes('read');
        const value = isReadable ? await valueOf(connection, uuid, one.uuid, limits) : null;
        const text = value === null ? null : printable(value);
        const hex = value === null ? null : hexOf(value.subarray(0, MAX_VALUE_BYTES));
        characteristics.push({ uuid: one.uuid, properties: [...one.properties], hex, text });
        const key = DEVICE_INFORMATION[one.uuid as keyof typeof DEVICE_INFORMATION] as
          | (typeof DEVICE_INFORMATION)[keyof typeof DEVICE_INFORMATION]
          | undefined;
        if (uuid === DEVICE_INFORMATION_SERVICE && key !== undefined && value !== null && value.length > 0)
          information[key] = key === 'systemId' ? (hex ?? '') : (text ?? hex ?? '');
      }
      services.push({ uuid, characteristics });
    }
    return {
      address,
      rssiDbm,
      mtu,
      services,
      information,
      known: knownUnit(database, address) ?? knownUnit(database, information.serialNumber ?? ''),
      methods: methodsOf(services.map(({ uuid }) => uuid)),
      recipe: recipeOfNear(batches, advertised)?.recipe.name ?? null,
    };
  });
}

async function valueOf(
  connection: BleConnection,
  service: string,
  characteristic: string,
  limits: BleLimits,
): Promise<Uint8Array | null> {
  try {
    return await connection.read(service, characteristic, limits);
  } catch (error) {
    if (error instanceof Fault && OF_CHARACTERISTIC.includes(error.code)) return null;
    throw error;
  }
}

/** Less is more often a number. */
const MIN_TEXT_CHARACTERS = 3;

/** The text of a value whose bytes are printable; `null` for any other. */
function printable(value: Uint8Array): string | null {
  const text = Buffer.from(value).toString('utf8').replace(/\0+$/, '');
  return text.length >= MIN_TEXT_CHARACTERS &&
    /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text) &&
    !text.includes('\uFFFD')
    ? text
    : null;
}

function viewOf(advertisement: BleAdvertisement, rssiDbm: number, database: ReadableDatabase): NearbyUnit {
  const { address, localName, serviceUuids, manufacturerData: data } = advertisement;
  return {
    address,
    name: localName === null ? null : visibleLine(localName),
    rssiDbm,
    services: [...serviceUuids],
    company: data === null || data.length < 2 ? null : companyOf(Buffer.from(data)),
    known: knownUnit(database, address),
    methods: methodsOf(serviceUuids),
  };
}

function companyOf(data: Buffer): NonNullable<NearbyUnit['company']> {
  const id = data.readUInt16LE(0).toString(16).toUpperCase().padStart(4, '0');
  return { id, name: companyName(id), data: hexOf(data.subarray(2)) };
}

/** The unit of the records with this MAC. */
function knownUnit(database: ReadableDatabase, mac: string): NearbyUnit['known'] {
  const chipId = normalizeChipId(mac);
  const unit = chipId === null ? null : database.units.findByChip(chipId);
  return unit === null ? null : { chipId: unit.chipId, serialNumber: unit.serialNumber };
}

function methodsOf(services: readonly string[]): NearbyUnit['methods'] {
  return BLE_PROVISIONING_METHODS.filter((method) =>
    BLE_PROVISIONING[method].services.some((uuid) => services.includes(uuid)),
  );
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Of an even number of values the greater of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? -Infinity;
}
