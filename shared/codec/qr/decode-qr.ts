import { Fault } from '../../domain/fault.ts';
import { decodeDeviceQr, type DeviceCode } from './device.ts';
import { decodeWifiQr, looksLikeWifiQr, type WifiCredentials } from './wifi.ts';

export type DecodedQr =
  | { readonly kind: 'device'; readonly device: DeviceCode }
  | { readonly kind: 'wifi'; readonly wifi: WifiCredentials };

/**
 * Recognises which of the two codes `text` is and reads it: a device code is a JSON object, a Wi-Fi code begins
 * with two digits. Fault `bad-input` for anything else. Text of other makers may be a code too; then the fault says
 * only that it is not ours.
 */
export function decodeQr(text: string): DecodedQr {
  if (/^\s*\{/.test(text)) return { kind: 'device', device: decodeDeviceQr(text) };
  if (looksLikeWifiQr(text)) return { kind: 'wifi', wifi: decodeWifiQr(text) };
  throw new Fault('bad-input', 'this is neither a device code nor a Wi-Fi code', {
    hint: 'a device code begins with "{", a Wi-Fi code with the two-digit length of the network name',
  });
}
