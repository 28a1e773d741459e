import { z } from 'zod';
import { PARTITION_TABLE_OFFSET } from '../codec/nvs/index.ts';
import { shape } from './texts/shape-texts.ts';

const CHIPS = ['auto', 'esp32', 'esp32s2', 'esp32s3', 'esp32c2', 'esp32c3', 'esp32c6', 'esp32h2'] as const;

/** A namespace or a key: 1 to 15 characters of ASCII without blanks at the ends. */
const nvsName = z.string().regex(/^[!-~](?:[ -~]{0,13}[!-~])?$/, shape('shape-nvs-name'));

/**
 * The identity of a unit in the NVS of its flash, written and read through the boot loader of its chip:
 * `device.identity.nvs`. `productId`, `deviceName` and `deviceSecret` are names of keys in the namespace.
 */
export const nvsIdentity = z
  .strictObject({
    chip: z.enum(CHIPS).default('auto'),
    /** Label in the partition table of the unit. */
    partition: z
      .string()
      .regex(/^[!-~]{1,16}$/, shape('shape-nvs-partition'))
      .default('nvs'),
    namespace: nvsName,
    productId: nvsName,
    deviceName: nvsName,
    deviceSecret: nvsName,
    /** Key of the region, whose value is `device.region`. */
    region: nvsName.optional(),
    /** Type of the values: strings, or blobs of their bytes without NUL. */
    as: z.enum(['string', 'blob']).default('string'),
    /** Highest speed of the transfer, baud. */
    baudRate: z.int().min(9600).max(4_000_000).default(460_800),
    /** Offset of the partition table in the flash. */
    tableOffset: z
      .int()
      .min(0x1000)
      .max(0xff_f000)
      .refine((offset) => offset % 0x1000 === 0, shape('shape-nvs-table'))
      .default(PARTITION_TABLE_OFFSET),
  })
  .refine(
    (nvs) => new Set([nvs.productId, nvs.deviceName, nvs.deviceSecret, nvs.region ?? '']).size === 4,
    shape('shape-nvs-keys'),
  );
export type NvsIdentity = z.infer<typeof nvsIdentity>;

/** Longest time of one visit to the boot loader for the NVS: reset, loader, table, partition, restart; in milliseconds. */
export const NVS_VISIT_MS = 20_000;
