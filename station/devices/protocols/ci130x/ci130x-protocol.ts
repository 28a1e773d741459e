import { crc } from '#shared/codec/crc.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type FlashImage,
  type FlashJob,
  type FlashProtocol,
  PortReader,
  PortSpeed,
  TransferMeter,
} from '../flashing/index.ts';
import {
  layoutProblem,
  markTable,
  parseTable,
  type PartitionTable,
  STATUS,
  TABLE_ADDRESSES,
  TABLE_BYTES,
} from './partition-table.ts';
import { RegionWriter } from './region-writer.ts';
import { BOOT_BAUD_RATE, enterBootLoader, startUpdater, switchSpeed } from './start-updater.ts';
import { UpdaterLink } from './updater-link.ts';

const ANSWER_TIMEOUT_MS = 1_000;
/** Answer to `info`: version of the updater, id of the flash, partition table, id of the chip. */
const TABLE_AT = 8;
const CHIP_ID_AT = TABLE_AT + TABLE_BYTES;
const CHIP_ID_BYTES = 16;
const INFO_BYTES = CHIP_ID_AT + CHIP_ID_BYTES;

/**
 * The updater of the CI130x voice chips: the station loads the vendor's updater into the RAM of the chip, compares the
 * partition table of the firmware with that of the chip, and writes the partitions that differ. The chip verifies each by
 * CRC-16 over its flash. The boot loader before the tables and the data of the product are not written.
 */
export function createCi130xProtocol(): FlashProtocol {
  return {
    async flash(port, job, onProgress, signal) {
      const { image, table } = readFirmware(job);
      const { clock, trace } = job;
      const meter = new TransferMeter(image.bytes.length, onProgress);
      meter.report('connecting', null);
      await using speed = new PortSpeed(port, job);
      await speed.set(BOOT_BAUD_RATE);
      using reader = new PortReader(port, clock);
      const link = new UpdaterLink({ port, reader, trace });
      // An updater that goes on running answers the handshake of the next job, and not at the speed of the boot loader.
      let isReset = false;
      await using _ = { [Symbol.asyncDispose]: async () => void (isReset || (await link.leave())) };
      await enterBootLoader(link, speed, job, signal);
      await startUpdater(link, speed, job, signal);
      await switchSpeed(link, speed, job, signal);
      await link.command('format', Uint8Array.of(table.formatVersion), ANSWER_TIMEOUT_MS, signal);
      const startedAtMs = clock.monotonicMs();
      const writer = new RegionWriter({ link, clock, meter, image });
      const before = await readInfo(link, signal);
      const written = await writePartitions(writer, table, before.table, signal);
      if (written > 0) await finishTables(link, writer, table, signal);
      const { baudRate } = speed;
      // The unit starts its firmware. The acknowledgement may be lost, and the flash is proven already.
      await link.tryCommand('reset', null, { timeoutMs: ANSWER_TIMEOUT_MS, attempts: 2 }, signal);
      isReset = true;
      // At another speed than its own, what the firmware says is noise.
      if (baudRate === job.portBaudRate) reader.release();
      return {
        chip: 'CI130X',
        chipId: before.chipId,
        baudRate,
        images: [
          {
            name: image.name,
            offset: 0,
            bytes: image.bytes.length,
            sha256: sha256Hex(image.bytes),
            skipped: written === 0,
            verifiedBy: 'crc',
            md5Before: null,
            ms: Math.round(clock.monotonicMs() - startedAtMs),
            kbitPerSecond: meter.kbitPerSecond,
          },
        ],
      };
    },
  };
}

/** Returns the number of bytes that were written. */
async function writePartitions(
  writer: RegionWriter,
  table: PartitionTable,
  present: PartitionTable | null,
  signal: AbortSignal,
): Promise<number> {
  const outdated = new Set<string>();
  for (const [index, partition] of table.partitions.entries())
    if (partition.size > 0 && !(await writer.isThere(partition, present?.partitions[index], signal)))
      outdated.add(partition.name);
  if (outdated.size === 0 && present !== null && isSame(table, present)) return 0;
  const marks = table.partitions.map(({ name }, index) =>
    outdated.has(name) ? (index < 2 ? STATUS.codeInvalid : STATUS.dataInvalid) : validMark(index),
  );
  for (const address of TABLE_ADDRESSES)
    await writer.write('table', address, markTable(table, marks), signal);
  let bytes = TABLE_BYTES;
  let last = '';
  for (const partition of table.partitions) {
    if (!outdated.has(partition.name)) continue;
    await writer.write(partition.name, partition.address, writer.bytesOf(partition), signal);
    bytes += partition.size;
    last = partition.name;
  }
  // A flash that is smaller than its firmware begins again at its start.
  for (const partition of table.partitions)
    if (partition.size > 0 && partition.name !== last) await writer.requireHeld(partition, signal);
  return bytes;
}

/** The updater marks what it verified as valid; where it did not, the tables are written once more. */
async function finishTables(
  link: UpdaterLink,
  writer: RegionWriter,
  table: PartitionTable,
  signal: AbortSignal,
): Promise<void> {
  const valid = markTable(
    table,
    table.partitions.map((_, index) => validMark(index)),
  );
  const isValid = async (): Promise<boolean> => {
    const { table: present } = await readInfo(link, signal);
    return present !== null && Buffer.from(present.bytes).equals(valid);
  };
  if (await isValid()) return;
  link.trace('the tables are written again with valid marks');
  for (const address of TABLE_ADDRESSES) await writer.write('table', address, valid, signal);
  if (await isValid()) return;
  throw new Fault(
    'flash-mismatch',
    `${link.path}: the partition table of the unit is not that of the firmware`,
    {
      hint: 'Start again; if it stays so, the flash of the unit is worn out or protected.',
      details: { port: link.path },
    },
  );
}

function validMark(index: number): number {
  return index < 2 ? STATUS.codeValid : 0;
}

/** Equal but for the marks. */
function isSame(table: PartitionTable, other: PartitionTable): boolean {
  const marks = table.partitions.map((_, index) => validMark(index));
  return Buffer.from(markTable(table, marks)).equals(other.bytes);
}

async function readInfo(
  link: UpdaterLink,
  signal: AbortSignal,
): Promise<{ readonly table: PartitionTable | null; readonly chipId: string }> {
  const info = await link.command('info', null, ANSWER_TIMEOUT_MS, signal);
  if (info.length < INFO_BYTES) {
    throw new Fault('device-garbled', `${link.path}: the information of the chip has ${info.length} bytes`, {
      hint: 'Check that the unit is a CI130x.',
      details: { port: link.path },
    });
  }
  return {
    table: parseTable(info.subarray(TABLE_AT, CHIP_ID_AT)),
    chipId: Buffer.from(info.subarray(CHIP_ID_AT, INFO_BYTES)).toString('hex').toUpperCase(),
  };
}

function readFirmware({ images, verify }: FlashJob): {
  readonly image: FlashImage;
  readonly table: PartitionTable;
} {
  const [image] = images;
  if (image === undefined || images.length > 1 || image.offset !== 0) {
    throw new Fault(
      'bad-input',
      `a CI130x takes one firmware file, and the step has ${images.length} images`,
      {
        hint: 'Name one image, without offset: the file that ends in .bin.',
      },
    );
  }
  if (verify === 'read-back') {
    throw new Fault('bad-input', 'the flash of a CI130x cannot be read back', {
      hint: 'Leave out verify: read-back; the chip verifies each partition by its CRC.',
    });
  }
  const table = TABLE_ADDRESSES.toReversed()
    .map((address) => parseTable(image.bytes.subarray(address)))
    .find((found) => found !== null);
  const fits = (table?.partitions ?? []).every(({ address, size }) => address + size <= image.bytes.length);
  if (table != null && fits) {
    const problem = layoutProblem(table);
    if (problem === null) return { image, table };
    throw new Fault('bad-input', `${image.name} is no firmware of a CI130x: ${problem}`, {
      hint: 'Get the file from its maker again.',
      details: { file: image.name },
    });
  }
  throw new Fault('bad-input', `${image.name} is no firmware of a CI130x: it has no valid partition table`, {
    hint: 'Choose the .bin file of the package, not the .bin.ota file.',
    details: { crc: crc('crc16-xmodem', image.bytes) },
  });
}
