/** AD types, Bluetooth Assigned Numbers 2.3. */
const TYPE = { flags: 0x01, services16: 0x03, completeName: 0x09, manufacturer: 0xff } as const;
/** LE General Discoverable, no classic Bluetooth. */
const DISCOVERABLE = 0x06;

/** Capacity of a legacy advertisement and of a scan response (Core Specification Vol 6 Part B 2.3). */
export const LEGACY_DATA_BYTES = 31;

export interface AdvertisedContent {
  readonly name?: string;
  /** 16-bit service UUIDs, as `FFF0`. */
  readonly services?: readonly string[];
  readonly manufacturer?: { readonly company: number; readonly data: Uint8Array };
}

/** The AD structures of a content, beginning with the flags. The caller checks the length. */
export function advertisingData(content: AdvertisedContent): Buffer {
  const parts = [structure(TYPE.flags, Buffer.of(DISCOVERABLE))];
  if (content.services !== undefined) {
    const uuids = content.services.map((uuid) => Buffer.from(uuid, 'hex').reverse());
    parts.push(structure(TYPE.services16, Buffer.concat(uuids)));
  }
  if (content.name !== undefined) parts.push(structure(TYPE.completeName, Buffer.from(content.name)));
  if (content.manufacturer !== undefined) {
    const company = Buffer.alloc(2);
    company.writeUInt16LE(content.manufacturer.company);
    parts.push(structure(TYPE.manufacturer, Buffer.concat([company, content.manufacturer.data])));
  }
  return Buffer.concat(parts);
}

/** A scan response with the name, or `null` when the name is too long. */
export function nameScanResponse(name: string): Buffer | null {
  const response = structure(TYPE.completeName, Buffer.from(name));
  return response.length <= LEGACY_DATA_BYTES ? response : null;
}

function structure(type: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(data.length + 1, type), data]);
}
