import { closeSync, existsSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { makeEspFirmware } from '#simulator';

/** The parts of a recipe for a unit with an ESP32-C3, whose identity is in NVS. It has no login. */
export const NVS_DEVICE = {
  device: `  profile: described
  serial: { baudRate: 115200 }
  identity:
    nvs:
      chip: esp32c3
      namespace: identity
      productId: product_id
      deviceName: device_name
      deviceSecret: device_secret`,
  test: `      - verb: request
        name: own-identity
        text: 'ID?'
        expect: '^ID \\S+ (?<name>\\S+) [0-9a-f]{64}$'
        withinMs: 1500
        retries: 5
        measure: [{ name: own-name, group: name }]`,
} as const;

const TABLE_OFFSET = 0x8000;
const TABLE_MAGIC = 0x50aa;

/** Writes firmware with a partition table into the flash file of a unit, unless it has one. */
export function provideFirmware(file: string, flashBytes: number): void {
  if (!existsSync(file)) writeFileSync(file, Buffer.alloc(flashBytes, 0xff));
  const fd = openSync(file, 'r+');
  try {
    const magic = Buffer.alloc(2);
    readSync(fd, magic, 0, 2, TABLE_OFFSET);
    if (magic.readUInt16LE() === TABLE_MAGIC) return;
    const firmware = makeEspFirmware({ chip: 'esp32c3', version: '1.0.0', codeBytes: 1024 });
    // The table is the last, so that a killed process leaves a unit without it.
    for (const { offset, bytes } of firmware.toSorted((one) => (one.offset === TABLE_OFFSET ? 1 : -1)))
      writeSync(fd, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(fd);
  }
}
