import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { DEVICE_NAME, PRODUCT_ID, normalizeChipId } from '../../domain/triple.ts';
import { encodeUtf8 } from '../utf8.ts';

/**
 * The identity on a unit's label, without the secret, because labels are public. The format is Gongwei's own, because no public
 * one exists; docs/qr.md specifies it for other programs.
 */
export interface DeviceCode {
  readonly productId: string;
  readonly deviceName: string;
  readonly serialNumber?: string;
  /** MAC or chip id as in the ledger: upper case hex without separators. */
  readonly chipId?: string;
}

const VERSION = 1;
const SERIAL_LIMIT_BYTES = 64;

/** Unknown keys are dropped, so that keys of later versions do not break this reader. */
const payload = z.object({
  v: z.literal(VERSION),
  pid: z.string().regex(PRODUCT_ID),
  dn: z.string().regex(DEVICE_NAME),
  sn: z.string().min(1).refine(isPrintable).optional(),
  mac: z.string().optional(),
});

/**
 * The label's payload, `{"v":1,"pid":…,"dn":…,"sn":…,"mac":…}` in exactly this order and without blanks, so that
 * the same unit always has the same bytes. Faults: `bad-input` (details `field`), `qr-too-long` (serial number over
 * 64 bytes).
 */
export function encodeDeviceQr(device: DeviceCode): string {
  const { productId, deviceName, serialNumber, chipId } = device;
  if (!PRODUCT_ID.test(productId)) throw invalid('productId', 'is not 1 to 32 letters and digits');
  if (!DEVICE_NAME.test(deviceName))
    throw invalid('deviceName', 'is not 1 to 48 of letters, digits and - _ : . @');
  const mac = chipId === undefined ? undefined : normalizeChipId(chipId);
  if (mac === null) throw invalid('chipId', 'is neither a MAC nor a chip id in hex');
  if (serialNumber !== undefined) checkSerial(serialNumber);
  return JSON.stringify({ v: VERSION, pid: productId, dn: deviceName, sn: serialNumber, mac });
}

/** Reads a device code with its keys in any order. Faults: `bad-input` (details `field`) for any other text. */
export function decodeDeviceQr(text: string): DeviceCode {
  const parsed = payload.safeParse(parseJson(text));
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'v');
    const what =
      field === 'v' ? 'has no version that this program knows' : `has a missing or malformed "${field}"`;
    throw new Fault('bad-input', `not a device code: it ${what}`, {
      hint: 'scan a label that Gongwei printed; a newer label needs a newer Gongwei',
      details: { field },
    });
  }
  const { pid, dn, sn, mac } = parsed.data;
  const chipId = mac === undefined ? undefined : normalizeChipId(mac);
  if (chipId === null) throw invalid('mac', 'is neither a MAC nor a chip id in hex');
  return {
    productId: pid,
    deviceName: dn,
    ...(sn === undefined ? {} : { serialNumber: sn }),
    ...(chipId === undefined ? {} : { chipId }),
  };
}

function checkSerial(serialNumber: string): void {
  if (serialNumber === '' || !isPrintable(serialNumber)) {
    throw invalid('serialNumber', 'is empty or holds a control character');
  }
  const sizeBytes = encodeUtf8(serialNumber).length;
  if (sizeBytes <= SERIAL_LIMIT_BYTES) return;
  throw new Fault(
    'qr-too-long',
    `the serial number has ${sizeBytes} bytes, the limit is ${SERIAL_LIMIT_BYTES}`,
    {
      hint: 'check the serial-number pattern of the recipe',
      details: { field: 'serialNumber', sizeBytes, limitBytes: SERIAL_LIMIT_BYTES },
    },
  );
}

function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('bad-input', 'not a device code: it is not JSON', {
      hint: 'the code was read in part or belongs to something else; scan it again',
    });
  }
}

function invalid(field: string, what: string): Fault {
  return new Fault('bad-input', `a device code cannot be made or read: ${field} ${what}`, {
    hint: `correct the ${field}`,
    details: { field },
  });
}
