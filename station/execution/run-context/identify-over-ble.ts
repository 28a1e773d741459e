import { compilePattern, type Pattern } from '#shared/pattern/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { BLE_IDENTIFY_GROUPS, type BleIdentify, type BleIdentifyGroup } from '#shared/recipe/index.ts';
import type { BleAdvertisement, BleConnection, BleSelection } from '../../core/platform/index.ts';
import { requireText, toUnitInfo, type UnitInfo } from '../../devices/protocols/index.ts';

/** What a unit has said of itself over Bluetooth. */
export type BleFields = Readonly<Partial<Record<BleIdentifyGroup, string>>>;

/** What is known of the unit before it is looked for. */
export interface ExpectedUnit {
  /** The product of the recipe. */
  readonly product: string;
  /** The scanned serial number; `null` without one. */
  readonly serialNumber: string | null;
}

const READ_MS = 3000;
const MAC_ADDRESS = /^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$/;
/** In data in hex these are numbers in hex; the bytes of the others are a text. */
const HEX_GROUPS: readonly BleIdentifyGroup[] = ['mac', 'id'];

/** Which unit `device.ble.identify` means: of this product, and with the scanned serial number where units advertise theirs. */
export function selectionOf(identify: BleIdentify, { product, serialNumber }: ExpectedUnit): BleSelection {
  const { localName, manufacturerData, services, minRssi, marginDb, listenMs } = identify;
  return {
    key: JSON.stringify({ localName, manufacturerData, services, serialNumber }),
    fits(advertisement) {
      const fields = fieldsOf(identify, advertisement);
      if (fields === null) return false;
      if (fields.productId !== undefined && fields.productId !== product) return false;
      return (
        serialNumber === null || fields.serialNumber === undefined || fields.serialNumber === serialNumber
      );
    },
    minRssiDbm: minRssi,
    marginDb,
    listenMs,
  };
}

/** What a unit advertises of itself; `null` when it does not fit. */
export function fieldsOf(
  { localName, manufacturerData, services }: BleIdentify,
  advertisement: BleAdvertisement,
): BleFields | null {
  if (!services.every((uuid) => advertisement.serviceUuids.includes(uuid))) return null;
  const { manufacturerData: data } = advertisement;
  const inHex = data === null ? '' : Buffer.from(data).toString('hex').toUpperCase();
  const ofName = groupsIn(localName, advertisement.localName ?? '', false);
  const ofData = groupsIn(manufacturerData, inHex, true);
  return ofName === null || ofData === null ? null : { ...ofName, ...ofData };
}

/** The groups of a pattern that matches; `null` when it does not. */
function groupsIn(source: string | undefined, text: string, inHex: boolean): BleFields | null {
  if (source === undefined) return {};
  const match: ReturnType<Pattern['first']> = compilePattern(source).first(text);
  if (match === null) return null;
  const fields: Partial<Record<BleIdentifyGroup, string>> = {};
  for (const name of BLE_IDENTIFY_GROUPS) {
    const value = match.groups?.[name];
    if (value === undefined) continue;
    const isText = inHex && !HEX_GROUPS.includes(name);
    fields[name] = isText ? Buffer.from(value, 'hex').toString('utf8').replace(/\0+$/, '') : value;
  }
  return fields;
}

/** Reads what characteristics say of the unit. Faults: `device-garbled`, those of `BleConnection`. */
export async function readFields(
  { read }: BleIdentify,
  connection: BleConnection,
  signal: AbortSignal,
): Promise<BleFields> {
  let fields: BleFields = {};
  for (const { service, characteristic, as, expect } of read) {
    const value = await connection.read(service, characteristic, { timeoutMs: READ_MS, signal });
    const of = `${service}/${characteristic}`;
    const bytes = Buffer.from(value);
    const text =
      as === 'hex'
        ? bytes.toString('hex').toUpperCase()
        : requireText(bytes.toString('utf8').replace(/\0+$/, ''), of, of);
    const found = groupsIn(expect, text, as === 'hex');
    if (found === null)
      throw new Fault(
        'device-garbled',
        `${of} is "${text.slice(0, 64)}", which device.ble.identify does not expect`,
        {
          hint: 'Try once more; check that it is a unit of this recipe.',
          details: { measurement: of, value: text.slice(0, 64) },
        },
      );
    fields = { ...fields, ...found };
  }
  return fields;
}

/** Who the unit is. Without an id it is known by its address, unless the system hides it. Faults: `device-garbled`. */
export function infoOf(fields: BleFields, address: string): UnitInfo {
  const { mac, id, model, firmware } = fields;
  const known = mac ?? id ?? (MAC_ADDRESS.test(address) ? address : undefined);
  return toUnitInfo(
    { id: known, as: mac === undefined && id !== undefined ? 'chip-id' : 'mac', model, firmware },
    `the unit ${address}`,
    { address },
  );
}
