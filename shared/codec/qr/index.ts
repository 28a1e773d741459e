/**
 * The payloads of QR codes that a station prints and scans: the Wi-Fi provisioning code and the device code.
 * `station/results/labels` draws them.
 */
export { decodeDeviceQr, encodeDeviceQr, type DeviceCode } from './device.ts';
export { decodeWifiQr, encodeWifiQr, type WifiCredentials } from './wifi.ts';
export { findWifiProblem } from './wifi-rules.ts';
export { describeQr, type QrDescription } from './describe-qr.ts';
