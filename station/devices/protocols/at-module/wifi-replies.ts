import type { ModuleVerdict } from '../module-wifi.ts';
import { splitFields } from './replies.ts';

/** The access point in the answer to `AT+CWJAP?`. */
export interface AccessPointReply {
  readonly ssid: string;
  readonly rssiDbm: number | null;
}

/** A name with ESP-AT's variants in the answer, which repeats that of the question in some versions. */
/** The name is written as it is, also with quotes and commas in it: the access point's address after it shows where it ends. */
const WITH_ADDRESS =
  /\+CWJAP(?:_CUR|_DEF)?:\s*"(.+)","(?:[0-9a-f]{2}:){5}[0-9a-f]{2}",\d+(?:,(-?\d{1,3})(?:,.*)?)?$/i;
const JOINED = /\+CWJAP(?:_CUR|_DEF)?:\s*(.*)$/;
const MODE = /\+CWMODE(?:_CUR|_DEF)?:\s*([0-3])\s*$/;
const ADDRESS = /\+CIPSTA(?:_CUR|_DEF)?:\s*ip:\s*"?(\d{1,3}(?:\.\d{1,3}){3})"?/;
const SERVER = /\+TCMQTTSRV:\s*(.*)$/;
const VERDICT =
  /\+(?:TCSAP|TCSTARTSMART):\s*(?:(WIFI_CONNECT_SUCCESS)|(?:WIFI_CONNECT_FAILED|FAIL)\s*,?\s*(-?\d+)?(?:\s*,\s*(-?\d+))?)\s*$/;

/** The line with the reason before the `FAIL` of `AT+CWJAP`: `+CWJAP:<code>`. */
export const JOIN_REASON = /\+CWJAP(?:_CUR|_DEF)?:\s*(\d+)$/;

/**
 * `+CWJAP:"<ssid>","<bssid>",<channel>,<rssi>[,…]`; `none` for `No AP`; null when no line matches. Source: ESP-AT, "Wi-Fi AT
 * Commands".
 */
export function readAccessPoint(lines: readonly string[]): AccessPointReply | 'none' | null {
  for (const line of lines) {
    if (/^No AP$/.test(line)) return 'none';
    const plain = WITH_ADDRESS.exec(line);
    if (plain !== null)
      return { ssid: plain[1] ?? '', rssiDbm: plain[2] === undefined ? null : Number(plain[2]) };
    const found = JOINED.exec(line);
    if (found === null) continue;
    const [ssid = '', , , rssi = ''] = splitFields(found[1] ?? '');
    if (ssid === '') continue;
    return { ssid, rssiDbm: /^-?\d{1,3}$/.test(rssi) ? Number(rssi) : null };
  }
  return null;
}

/** `+CWMODE:<0–3>`: 0 off, 1 station, 2 access point, 3 both; null when no line matches. */
export function readMode(lines: readonly string[]): number | null {
  return first(lines, MODE, (digit) => Number(digit));
}

/** The IPv4 address in `+CIPSTA:ip:"<address>"`; null when there is none. */
export function readAddress(lines: readonly string[]): string | null {
  return first(lines, ADDRESS, (address) => (address === '0.0.0.0' ? null : address));
}

/** `+TCMQTTSRV:<host>`, with or without quotes; `none` for `NULL`, the answer without a server; null when no line matches. */
export function readServer(lines: readonly string[]): { readonly host: string } | 'none' | null {
  return first(lines, SERVER, (text) => {
    const host = splitFields(text)[0] ?? '';
    return host === 'NULL' || host === '' ? 'none' : { host };
  });
}

/**
 * The result of a provisioning: `+TCSAP:WIFI_CONNECT_SUCCESS`, `+TCSAP:WIFI_CONNECT_FAILED,<code>,<sub>`, and `+TCSAP:FAIL,202` after
 * five minutes, also with the name of SmartConfig; null for another line. Source: "腾讯云 IoT AT 指令集 V3.2.1".
 */
export function readVerdict(line: string): ModuleVerdict | null {
  const found = VERDICT.exec(line);
  if (found === null) return null;
  const [, joined, code, subCode] = found;
  if (joined !== undefined) return { kind: 'joined' };
  const number = (digits: string | undefined): number | null =>
    digits === undefined ? null : Number(digits);
  return { kind: 'failed', code: number(code), subCode: number(subCode), text: found[0].trim() };
}

function first<T>(lines: readonly string[], pattern: RegExp, read: (text: string) => T): T | null {
  for (const line of lines) {
    const found = pattern.exec(line);
    if (found !== null) return read(found[1] ?? '');
  }
  return null;
}
