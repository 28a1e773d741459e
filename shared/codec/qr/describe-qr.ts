import { Fault } from '../../domain/fault.ts';
import { parseScan } from '../../domain/scan/index.ts';
import { withoutInvisible, withUsualWidth } from '../../domain/scan/plain-text.ts';
import { maskSecret } from '../mask.ts';
import { decodeDeviceQr, type DeviceCode } from './device.ts';
import { readNetworkQr } from './network.ts';
import { findWifiProblem, WIFI_FIELDS, type WifiField } from './wifi-rules.ts';
import { decodeWifiQr, looksLikeWifiQr } from './wifi.ts';

/** The content of a code for display, without secrets. */
export type QrDescription = { readonly notes: readonly string[] } & (
  | { readonly kind: 'device'; readonly device: DeviceCode }
  | { readonly kind: 'wifi'; readonly wifi: QrFields }
  | { readonly kind: 'network'; readonly network: QrFields }
  | { readonly kind: 'command'; readonly command: QrFields }
  | { readonly kind: 'unknown' }
);

export type QrFields = Readonly<Record<string, string>>;

/** The AIM prefix of a scanner (ISO/IEC 15424): `]Q3`. */
const AIM_ID = /^\][A-Za-z][0-9A-Za-z]/;

/**
 * Recognises a device code, Tencent's Wi-Fi code (`wifi`), the Wi-Fi code of phones (`network`) and the codes of the
 * command card (`command`); passwords and tokens are masked. Any other text is `unknown`, with a note about the error if it
 * begins like a known code. `notes` also lists values that no network accepts. The result does not repeat the text, which may
 * contain a secret.
 */
export function describeQr(text: string): QrDescription {
  const read = text.replace(/^\ufeff+/, '');
  const trimmed = read.trim().replace(AIM_ID, '');
  // Input methods type known codes in full-width characters; a serial number may contain such characters itself.
  const usual = withUsualWidth(withoutInvisible(text)).replace(AIM_ID, '');
  if (/^\{/.test(usual)) {
    const written = orUnknown(() => describeDevice(trimmed));
    return written.kind === 'unknown' ? orUnknown(() => describeDevice(usual)) : written;
  }
  if (/^#GW#/i.test(usual)) return describeCommand(usual);
  if (/^WIFI:/i.test(trimmed)) return orUnknown(() => describeNetwork(trimmed));
  // Blanks may belong to an SSID or a token: of Tencent's code only the additions of a scanner are removed.
  const wifi = read.replace(AIM_ID, '').replace(/[\r\n]+$/, '');
  if (looksLikeWifiQr(wifi)) return orUnknown(() => describeWifi(wifi));
  return { kind: 'unknown', notes: [] };
}

function describeDevice(text: string): QrDescription {
  return { kind: 'device', device: decodeDeviceQr(text), notes: [] };
}

function describeWifi(text: string): QrDescription {
  const wifi = decodeWifiQr(text);
  const notes = WIFI_FIELDS.flatMap((field) => problemOf(field, wifi[field]));
  const { ssid, password, token } = wifi;
  return { kind: 'wifi', wifi: { ssid, password: masked(password), token: maskSecret(token) }, notes };
}

function problemOf(field: WifiField, value: string): string[] {
  const problem = findWifiProblem(field, value);
  return problem === null ? [] : [`the ${field} ${problem.what}`];
}

function describeNetwork(text: string): QrDescription {
  const { ssid, password, security, hidden, other } = readNetworkQr(text);
  const notes = [
    ...(ssid === '' ? ['the code names no network (S:)'] : problemOf('ssid', ssid)),
    // WEP keys have other lengths, WPA3 passwords any length, and in a company's network it is a personal password.
    ...(/^(?:WPA|WPA2|nopass)?$/i.test(security) && other.length === 0
      ? problemOf('password', password)
      : []),
    'this is the Wi-Fi code of phones; a camera or doorbell of Tencent reads the one of "qr wifi"',
  ];
  return {
    kind: 'network',
    network: {
      ssid,
      security,
      password: masked(password),
      hidden: hidden ? 'yes' : 'no',
      // Values of other fields may be secrets (a user name, a certificate's passphrase): only their names are shown.
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

/** An empty password is shown as empty: the network is open. */
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
