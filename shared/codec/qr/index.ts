/**
 * The texts inside the codes a station prints and scans: the Wi-Fi provisioning code and the device code. Drawing
 * them is the business of `station/labels`.
 */
export { decodeDeviceQr, encodeDeviceQr, type DeviceCode } from './device.ts';
export { decodeQr, type DecodedQr } from './decode-qr.ts';
export { decodeWifiQr, encodeWifiQr, type WifiCredentials } from './wifi.ts';
