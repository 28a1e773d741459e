import { type NvsContent, type Partition, PARTITION_TABLE_OFFSET } from '#shared/codec/nvs/index.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';
import type { NvsIdentity } from '#shared/recipe/index.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import type { FlashMemory } from '../flashing/index.ts';
import { readPartition, readTable } from './find-partition.ts';
import { type FlashPart, identifyByFlash } from './nvs-session.ts';
import { readingFromJson, readingToJson } from './reading-json.ts';
import { concealSecretIn, tripleIn } from './triple-in-nvs.ts';
import { visitLoader, type VisitOptions } from './visit-loader.ts';

/** Usual names of the keys, without case and separators. */
const USUAL_KEYS = {
  productId: ['productid', 'productkey', 'prodid', 'pid', 'pk'],
  deviceName: ['devicename', 'devname', 'deviceid', 'dn'],
  deviceSecret: ['devicesecret', 'devsecret', 'devicepsk', 'psk', 'secret', 'ds'],
} as const;

export interface ScanOptions extends VisitOptions {
  /** Where recipes of this station have the identity; these places are tried first. */
  readonly known: readonly NvsIdentity[];
  readonly tableOffset: number;
  /** Gets a secret before it is compared. */
  readonly mask: SecretMask;
}

/**
 * A unit whose recipe is not known: its identity is searched in all NVS partitions of its flash, first where the recipes of this
 * station have one, then by usual names of the keys. It can be read only. Faults: as `openNvs`; `recipe-invalid` for a write.
 */
export function openScan(port: DevicePort, options: ScanOptions): FlashPart {
  const { mask } = options;
  return {
    readBack: 'full',
    async identify(signal) {
      const { isLoaderLeft: _, ...info } = await identifyByFlash(port, options, signal);
      return info;
    },
    async readIdentity(expected, signal) {
      if (expected !== null) mask.protect([expected.deviceSecret]);
      const work = async (
        memory: FlashMemory,
        until: AbortSignal,
      ): Promise<ReturnType<typeof readingToJson>> =>
        readingToJson(await scan(memory, options, expected, until), false);
      return readingFromJson(await visitLoader(port, options, 'nvs scan', work, signal));
    },
    checkWritable: () => {
      throw readOnly();
    },
    prepareWrite: () => Promise.reject(readOnly()),
    writeIdentity: () => Promise.reject(readOnly()),
    eraseIdentity: () => Promise.reject(readOnly()),
  };
}

async function scan(
  memory: FlashMemory,
  { known, tableOffset, mask }: ScanOptions,
  expected: Triple | null,
  signal: AbortSignal,
): Promise<IdentityReading> {
  const table = (await readTable(memory, tableOffset, signal)) ?? [];
  let unread: Fault | null = null;
  for (const partition of table.filter(({ kind }) => kind === 'nvs')) {
    try {
      const { reading } = await readPartition(memory, partition, signal);
      for (const place of placesIn(partition, reading.content, known))
        concealSecretIn(reading.content, place, mask);
      const found = identityIn(partition, reading.content, known, expected);
      if (found !== null) return found;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'flash-unreadable') throw error;
      unread ??= error;
    }
  }
  // The identity may be in the partition that was not readable.
  if (unread !== null) throw unread;
  return { kind: 'none' };
}

/** Where an identity may be. */
function placesIn(
  { label }: Partition,
  content: NvsContent,
  known: readonly NvsIdentity[],
): readonly NvsIdentity[] {
  return [...known.filter(({ partition }) => partition === label), ...usualPlaces(label, content)];
}

function identityIn(
  partition: Partition,
  content: NvsContent,
  known: readonly NvsIdentity[],
  expected: Triple | null,
): IdentityReading | null {
  for (const place of placesIn(partition, content, known)) {
    const reading = readAt(content, place, expected);
    if (reading?.kind === 'holds') return reading;
  }
  return null;
}

/** `null` for values that are no triple: the keys of another recipe may have another meaning in this unit. */
function readAt(content: NvsContent, place: NvsIdentity, expected: Triple | null): IdentityReading | null {
  try {
    return tripleIn(content, place, expected);
  } catch (error) {
    if (error instanceof Fault && error.code === 'flash-unreadable') return null;
    throw error;
  }
}

/** Namespaces that have a key with a usual name for each part of a triple. */
function usualPlaces(partition: string, { namespaces, items }: NvsContent): NvsIdentity[] {
  return namespaces.flatMap(({ name: namespace, index }): NvsIdentity[] => {
    const keys = items.filter((item) => item.namespace === index).map(({ key }) => key);
    const keyOf = (part: keyof typeof USUAL_KEYS): string | undefined =>
      USUAL_KEYS[part].flatMap((usual) => keys.find((key) => plain(key) === usual) ?? [])[0];
    const [productId, deviceName, deviceSecret] = [
      keyOf('productId'),
      keyOf('deviceName'),
      keyOf('deviceSecret'),
    ];
    if (productId === undefined || deviceName === undefined || deviceSecret === undefined) return [];
    return [{ ...ANY_PLACE, partition, namespace, productId, deviceName, deviceSecret }];
  });
}

const ANY_PLACE = {
  chip: 'auto',
  as: 'string',
  baudRate: 460_800,
  tableOffset: PARTITION_TABLE_OFFSET,
} as const;

const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');

function readOnly(): Fault {
  return new Fault('recipe-invalid', 'without its recipe a unit can only be read', {
    hint: 'Choose a batch of its recipe.',
  });
}
