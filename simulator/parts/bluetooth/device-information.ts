import type { GattService } from '../../radio/index.ts';

/**
 * System ID of a unit that has a MAC: manufacturer id of five bytes, then the OUI, each low byte first; the manufacturer
 * id is the MAC's lower half under FFFE. Source: Bluetooth SIG, GATT Specification Supplement 3.226 "System ID".
 */
export function systemId(mac: string): Buffer {
  const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
  const eui64 = Buffer.concat([bytes.subarray(0, 3), Buffer.of(0xff, 0xfe), bytes.subarray(3)]);
  return eui64.reverse();
}

/** The standard services of a device: battery (180F) and device information (180A). */
export function standardServices(mac: string, model: string, firmware: string): GattService[] {
  const text = (value: string) => () => Buffer.from(value);
  return [
    { uuid: '180F', characteristics: [{ uuid: '2A19', read: () => Buffer.of(BATTERY_PERCENT) }] },
    {
      uuid: '180A',
      characteristics: [
        { uuid: '2A24', read: text(model) },
        { uuid: '2A26', read: text(firmware) },
        { uuid: '2A25', read: text(mac) },
        { uuid: '2A23', read: () => systemId(mac) },
      ],
    },
  ];
}

const BATTERY_PERCENT = 96;
