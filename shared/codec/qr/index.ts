/**
 * The texts inside the codes a station prints and scans: the Wi-Fi provisioning code and the device code. Drawing
 * them is the business of `station/results/labels`.
 */
export { decodeDeviceQr, encodeDeviceQr, type DeviceCode } from './device.ts';
export { decodeWifiQr, encodeWifiQr, type WifiCredentials } from './wifi.ts';
export { describeQr, type QrDescription } from './describe-qr.ts';
