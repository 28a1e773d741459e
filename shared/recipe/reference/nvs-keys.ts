import { key, type KeyDoc } from './key-doc.ts';

/** Documentation of the keys of `device.identity.nvs`. */
export const NVS_KEYS: Readonly<Record<string, KeyDoc>> = {
  'identity.nvs': key(
    'The identity is in the NVS of an ESP32: the station writes and reads the flash through the boot loader, and the firmware of the unit needs no command for it. Instead of `write` and `read`. Without `device.identify` the unit is identified by the MAC of its chip.',
    {
      namespace: 'identity',
      productId: 'product_id',
      deviceName: 'device_name',
      deviceSecret: 'device_secret',
    },
  ),
  'nvs.chip': key('The chip; `auto` takes each of the ESP32 family.', 'esp32c3'),
  'nvs.partition': key('Label of the NVS partition in the partition table of the unit.', 'nvs'),
  'nvs.namespace': key('Namespace of the keys, at most 15 characters.', 'identity'),
  'nvs.productId': key('Name of the key that holds the ProductId.', 'product_id'),
  'nvs.deviceName': key('Name of the key that holds the DeviceName.', 'device_name'),
  'nvs.deviceSecret': key('Name of the key that holds the DeviceSecret.', 'device_secret'),
  'nvs.region': key('Name of the key that gets the value of `device.region`.', 'region'),
  'nvs.as': key('Type of the values: `string`, or `blob` without a NUL at the end.', 'string'),
  'nvs.baudRate': key('Highest speed of the transfer in baud. After errors a lower one is tried.', 460_800),
  'nvs.tableOffset': key(
    'Offset of the partition table in the flash, where the project has moved it.',
    32_768,
  ),
};
