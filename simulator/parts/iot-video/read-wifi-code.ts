/** What a camera takes from a Wi-Fi code. */
export interface WifiCodeContent {
  readonly ssid: string;
  readonly password: string;
  readonly token: string;
}

const FIELDS = 3;
const ZERO = 0x30;

/**
 * Reads the code as the firmware of a camera does: from the bytes, length after length. `null` for anything else, and for a network
 * or a token without a name. Source: document 001, Wi-Fi provisioning by a code: `len ssid len password len token`, each length two
 * decimal digits.
 */
export function readWifiCode(text: string): WifiCodeContent | null {
  const bytes = Buffer.from(text, 'utf8');
  const fields: string[] = [];
  let at = 0;
  while (fields.length < FIELDS) {
    const [tens, ones] = [digit(bytes[at]), digit(bytes[at + 1])];
    if (tens === null || ones === null) return null;
    const from = at + 2;
    at = from + tens * 10 + ones;
    if (at > bytes.length) return null;
    fields.push(bytes.toString('utf8', from, at));
  }
  const [ssid = '', password = '', token = ''] = fields;
  return at !== bytes.length || ssid === '' || token === '' ? null : { ssid, password, token };
}

function digit(byte: number | undefined): number | null {
  return byte === undefined || byte < ZERO || byte > ZERO + 9 ? null : byte - ZERO;
}
