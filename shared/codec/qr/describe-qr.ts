import { Fault } from '../../domain/fault.ts';
import { parseScan } from '../../domain/scan/index.ts';
import { maskSecret } from '../mask.ts';
import { decodeDeviceQr, type DeviceCode } from './device.ts';
import { readNetworkQr } from './network.ts';
import { findWifiProblem, WIFI_FIELDS } from './wifi-rules.ts';
import { decodeWifiQr, looksLikeWifiQr } from './wifi.ts';

/** What the text of a code says, fit to be shown: no value in it is a secret. */
export type QrDescription = { readonly notes: readonly string[] } & (
  | { readonly kind: 'device'; readonly device: DeviceCode }
  | { readonly kind: 'wifi'; readonly wifi: QrFields }
  | { readonly kind: 'network'; readonly network: QrFields }
  | { readonly kind: 'command'; readonly command: QrFields }
  | { readonly kind: 'unknown' }
);

export type QrFields = Readonly<Record<string, string>>;

/** Which symbology was read, as scanners put it in front (ISO/IEC 15424): `]Q3`. */
const AIM_ID = /^\][A-Za-z][0-9A-Za-z]/;

/**
 * Recognises a device code, Tencent's Wi-Fi code (`wifi`), the Wi-Fi code of phones (`network`) and the codes of the
 * command card (`command`); passwords and tokens are masked. Text of any other kind is `unknown`, with a note of what
 * it lacks where it begins as one of ours. `notes` also names values that no network takes. The text itself is not
 * repeated: it may hold a secret.
 */
export function describeQr(text: string): QrDescription {
  const trimmed = text.trim().replace(AIM_ID, '');
  if (/^\{/.test(trimmed)) return orUnknown(() => describeDevice(trimmed));
  if (/^WIFI:/i.test(trimmed)) return describeNetwork(trimmed);
  if (/^#GW#/i.test(trimmed)) return describeCommand(trimmed);
  // Blanks belong to an SSID or a token: of Tencent's code only what a scanner adds is taken off.
  const wifi = text.replace(AIM_ID, '').replace(/[\r\n]+$/, '');
  if (looksLikeWifiQr(wifi)) return orUnknown(() => describeWifi(wifi));
  return { kind: 'unknown', notes: [] };
}

function describeDevice(text: string): QrDescription {
  return { kind: 'device', device: decodeDeviceQr(text), notes: [] };
}

function describeWifi(text: string): QrDescription {
  const wifi = decodeWifiQr(text);
  const notes = WIFI_FIELDS.flatMap((field) => {
    const problem = findWifiProblem(field, wifi[field]);
    return problem === null ? [] : [`the ${field} ${problem.what}`];
  });
  const { ssid, password, token } = wifi;
  return { kind: 'wifi', wifi: { ssid, password: masked(password), token: maskSecret(token) }, notes };
}

function describeNetwork(text: string): QrDescription {
  const { ssid, password, security, hidden, other } = readNetworkQr(text);
  const notes = [
    ...(ssid === '' ? ['the code names no network (S:)'] : []),
    'this is the Wi-Fi code of phones; a camera or doorbell of Tencent reads the one of "qr wifi"',
  ];
  return {
    kind: 'network',
    network: {
      ssid,
      security,
      password: masked(password),
      hidden: hidden ? 'yes' : 'no',
      // Values of other fields may be secrets (a user's name, a certificate's phrase): only their names are shown.
      ...(other.length === 0 ? {} : { 'other fields': other.join(', ') }),
    },
    notes,
  };
}

function describeCommand(text: string): QrDescription {
  const scan = parseScan(text);
  switch (scan.kind) {
    case 'slot':
      return { kind: 'command', command: { command: 'slot', slot: String(scan.slot) }, notes: [] };
    case 'choice':
      return { kind: 'command', command: { command: 'choice', value: scan.value }, notes: [] };
    case 'start':
    case 'stop':
    case 'acknowledge':
    case 'pass':
    case 'fail':
      return { kind: 'command', command: { command: scan.kind }, notes: [] };
    default:
      return { kind: 'unknown', notes: ['no command of Gongwei is written like this'] };
  }
}

/** An empty password is said to be empty: an open network has nothing to hide. */
function masked(password: string): string {
  return password === '' ? '' : maskSecret('');
}

function orUnknown(describe: () => QrDescription): QrDescription {
  try {
    return describe();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'unknown', notes: [error.message, ...(error.hint === null ? [] : [error.hint])] };
  }
}
