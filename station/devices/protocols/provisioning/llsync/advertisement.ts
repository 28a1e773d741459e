/** Company id of Tencent, low byte first as on the air. */
const COMPANY = [0xe7, 0xfe] as const;
const MAC_BYTES = 6;
const PRODUCT_BYTES = 10;
const ID_BYTES = 8;

/** What a unit with LLSync advertises about itself. */
export type LlsyncAdvertisement =
  | {
      /** `provisioning`: it waits for a network. The others: it can be bound; `binding` after a button of it was pressed. */
      readonly state: 'provisioning' | 'unbound' | 'binding';
      readonly protocolVersion: number;
      /** `AA:BB:CC:DD:EE:FF`. */
      readonly mac: string;
      readonly productId: string;
    }
  | {
      readonly state: 'bound';
      readonly protocolVersion: number;
      /** See `deviceIdOf`, in hex. */
      readonly deviceId: string;
      /** What the binding has given it, in hex. */
      readonly bindId: string;
    };

/**
 * Reads manufacturer data: the company id, then for a unit that can be bound state (bits 7-4 protocol version, bits 1-0: 0 idle, 1
 * binding, 2 bound), MAC (6) and ProductId (10); for a bound one state, device id (8) and bind id (8); for one that waits for a
 * network the protocol version alone, MAC and ProductId. `null` for any other data. Sources: LLSync protocol 1.4.1; SDK 1.6.3 for
 * FFF0.
 *
 * @param manufacturerData with the company id, low byte first
 * @param services UUIDs that are advertised, of 16 bits
 */
export function readAdvertisement(
  manufacturerData: Uint8Array | null,
  services: readonly string[],
): LlsyncAdvertisement | null {
  const bytes = Buffer.from(manufacturerData ?? []);
  if (bytes[0] !== COMPANY[0] || bytes[1] !== COMPANY[1]) return null;
  const data = bytes.subarray(COMPANY.length);
  const first = data[0];
  if (data.length !== 1 + MAC_BYTES + PRODUCT_BYTES || first === undefined) return null;
  // A state has the version in its upper half, and no version is 0; the provisioning service shows the version alone.
  const isProvisioning = services.includes('FFF0') || first >> 4 === 0;
  const protocolVersion = isProvisioning ? first : first >> 4;
  const state = isProvisioning ? 'provisioning' : stateOf(first & 0x03);
  if (state === null) return null;
  if (state === 'bound')
    return {
      state,
      protocolVersion,
      deviceId: data.subarray(1, 1 + ID_BYTES).toString('hex'),
      bindId: data.subarray(1 + ID_BYTES).toString('hex'),
    };
  return {
    state,
    protocolVersion,
    mac: [...data.subarray(1, 1 + MAC_BYTES)]
      .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
      .join(':'),
    productId: data
      .subarray(1 + MAC_BYTES)
      .toString('latin1')
      .replace(/\0+$/, ''),
  };
}

function stateOf(bits: number): 'unbound' | 'binding' | 'bound' | null {
  switch (bits) {
    case 0:
      return 'unbound';
    case 1:
      return 'binding';
    case 2:
      return 'bound';
    default:
      return null;
  }
}
