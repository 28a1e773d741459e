/** Names of some companies by their identifiers in advertisements (Bluetooth SIG, Assigned Numbers, 7.1). */
const COMPANIES: Readonly<Record<string, string>> = {
  '0006': 'Microsoft',
  '000D': 'Texas Instruments',
  '004C': 'Apple',
  '0059': 'Nordic Semiconductor',
  '005D': 'Realtek',
  '0075': 'Samsung',
  '00E0': 'Google',
  '027D': 'Huawei',
  '02E5': 'Espressif',
  '02FF': 'Silicon Labs',
  '038F': 'Xiaomi',
};

/** Characteristics of the service 180A, Device Information (Assigned Numbers, 3.8). */
export const DEVICE_INFORMATION = {
  '2A29': 'manufacturer',
  '2A24': 'model',
  '2A25': 'serialNumber',
  '2A27': 'hardware',
  '2A26': 'firmware',
  '2A28': 'software',
  '2A23': 'systemId',
} as const;
export type DeviceInformationKey = (typeof DEVICE_INFORMATION)[keyof typeof DEVICE_INFORMATION];

/** @param id four hex digits */
export function companyName(id: string): string | null {
  return COMPANIES[id] ?? null;
}
