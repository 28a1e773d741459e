import { type CodedText, provisioningText } from '#shared/words/index.ts';
import { STATUS_VALUE } from './frame-types.ts';

/** State of the unit's Wi-Fi as a station. */
export type StationState = 'joined' | 'failed' | 'joining' | 'no-address' | 'unknown';

const STATION_STATES: readonly StationState[] = ['joined', 'failed', 'joining', 'no-address'];

/** What a unit reports about its Wi-Fi. */
export interface StatusReport {
  /** 0 none, 1 station, 2 access point, 3 both. */
  readonly opMode: number;
  readonly station: StationState;
  /** The network of the unit; null when the report does not have it. */
  readonly ssid: string | null;
  /** Why the last attempt to join ended: reasons of IEEE 802.11, and from 200 those of Espressif; null when it does not say. */
  readonly endReason: number | null;
  readonly endRssiDbm: number | null;
}

/**
 * Reads mode, state, number of connected stations, and values of type, length and bytes. Null for other bytes; a value that is cut
 * off is left out. Source: ESP-IDF, "BluFi".
 */
export function readStatusReport(content: Uint8Array): StatusReport | null {
  const [opMode, state, stations] = content;
  if (opMode === undefined || state === undefined || stations === undefined) return null;
  const values = new Map<number, Uint8Array>();
  for (let at = 3; at + 2 <= content.length;) {
    const [type = 0, length = 0] = content.subarray(at, at + 2);
    const value = content.subarray(at + 2, at + 2 + length);
    if (value.length === length) values.set(type, value);
    at += 2 + length;
  }
  const ssid = values.get(STATUS_VALUE.ssid);
  return {
    opMode,
    station: STATION_STATES[state] ?? 'unknown',
    ssid: ssid === undefined ? null : Buffer.from(ssid).toString('utf8'),
    endReason: values.get(STATUS_VALUE.endReason)?.[0] ?? null,
    endRssiDbm: signed(values.get(STATUS_VALUE.endRssi)?.[0]),
  };
}

/** A network that the unit sees. */
export interface SeenNetwork {
  readonly ssid: string;
  readonly rssiDbm: number;
}

/** Reads a list of length (of what follows), RSSI and SSID. Null when an entry is cut off. Source: ESP-IDF, "BluFi". */
export function readWifiList(content: Uint8Array): readonly SeenNetwork[] | null {
  const networks: SeenNetwork[] = [];
  for (let at = 0; at < content.length;) {
    const length = content[at] ?? 0;
    const entry = content.subarray(at + 1, at + 1 + length);
    const rssiDbm = signed(entry[0]);
    if (rssiDbm === null || entry.length !== length) return null;
    networks.push({ ssid: Buffer.from(entry.subarray(1)).toString('utf8'), rssiDbm });
    at += 1 + length;
  }
  return networks;
}

/** Version of BluFi: `1.3`. Null for other bytes. */
export function readVersion(content: Uint8Array): { readonly major: number; readonly minor: number } | null {
  const [major, minor] = content;
  return major === undefined || minor === undefined || content.length !== 2 ? null : { major, minor };
}

/** Error reports of a unit. Source: ESP-IDF, esp_blufi_api.h. */
const ERRORS: readonly string[] = [
  'wrong sequence',
  'wrong checksum',
  'it cannot decrypt',
  'it cannot encrypt',
  'its security is not ready',
  'it has no memory for the key exchange',
  'wrong parameters of the key exchange',
  'it cannot read the parameters of the key exchange',
  'it cannot make its public value',
  'wrong format of data',
  'it cannot compute the digest of the key',
  'it cannot scan for networks',
  'wrong state of a message',
];

/** The text of an error report. Any bytes are allowed. */
export function describeError(content: Uint8Array): string {
  const [code] = content;
  if (code === undefined) return 'error without a code';
  const text = ERRORS[code];
  return `error ${code.toString(16).padStart(2, '0')}${text === undefined ? '' : ` (${text})`}`;
}

/** What a reason why joining ended means to a person; null for one that says nothing about the network or its password. */
export function describeEndReason(reason: number): CodedText | null {
  switch (reason) {
    // Four-way handshake and its forms with an access point that has another key.
    case 2:
    case 15:
    case 202:
    case 204:
      return provisioningText('wrong-password');
    case 201:
    case 210:
    case 211:
    case 212:
      return provisioningText('not-seen');
    case 203:
    case 205:
      return provisioningText('access-point-refused');
    default:
      return null;
  }
}

function signed(byte: number | undefined): number | null {
  return byte === undefined ? null : (byte << 24) >> 24;
}
