import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';

/** A file of an archive, below 4 GiB. Content that comes in pieces is never in memory as a whole. */
export interface ZipEntry {
  /** With `/` between folders; UTF-8. */
  readonly name: string;
  readonly content: string | Uint8Array | AsyncIterable<string>;
}

/** Numbers from here on have their place in the records of Zip64. */
const ZIP64_COUNT = 0xffff;
const ZIP64_SIZE = 0xffffffff;
/** The first time that the format knows, 1 January 1980, 00:00: no archive says when it was made. */
const FIXED_DATE = 0x0021;
const UTF8_NAMES = 0x0800;
/** Sums and sizes stand behind the content, because they are not known before it. */
const SIZES_BEHIND = 0x0008;
/** Half the processor time of level 6, and a seventh more bytes. */
const STREAM_LEVEL = 4;
const DEFLATED = 8;
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** The size of a piece of the central directory. */
const PIECE_BYTES = 64 * 1024;

/**
 * The bytes of a ZIP archive, one entry after another: an entry is in memory while it is written, and its 46 bytes and its name
 * until the end; of content in pieces it is a piece. Ending the iteration early ends that of the content. The same entries give the
 * same bytes. With 65,535 entries or 4 GiB and more it is a Zip64 archive.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.
 *
 * ```ts
 * await writeFileAtomic('runs.zip', zipArchive(entries));
 * ```
 */
export async function* zipArchive(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): AsyncGenerator<Uint8Array> {
  const directory = new Pieces();
  let [offset, count] = [0, 0];
  for await (const { name, content } of entries) {
    const nameBytes = Buffer.from(name);
    if (typeof content === 'object' && Symbol.asyncIterator in content) {
      const facts: Facts = { crc: 0, packedBytes: 0, bytes: 0, nameBytes, isStreamed: true };
      const local = localHeader(facts);
      yield local;
      yield* deflatePieces(content, facts);
      const behind = dataDescriptor(facts);
      yield behind;
      directory.add(directoryRecord(facts, offset));
      offset += local.length + facts.packedBytes + behind.length;
      count += 1;
      continue;
    }
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    const packed = deflate(data);
    const facts = {
      crc: crc32(data),
      packedBytes: packed.length,
      bytes: data.length,
      nameBytes,
      isStreamed: false,
    };
    directory.add(directoryRecord(facts, offset));
    const local = localHeader(facts);
    yield local;
    yield packed;
    offset += local.length + packed.length;
    count += 1;
  }
  yield* directory.all();
  yield endOfDirectory(count, offset, directory.bytes);
}

/** With a window as large as the content needs: the memory of a large one costs more than the work on a small file. */
function deflate(data: Uint8Array): Buffer {
  const windowBits = Math.min(15, Math.max(9, Math.ceil(Math.log2(data.length + 1))));
  return deflateRawSync(data, { windowBits, memLevel: Math.min(8, windowBits - 6) });
}

/** Compresses pieces while the next one is being made, and counts them in `facts`. Faults: those of the content. */
async function* deflatePieces(content: AsyncIterable<string>, facts: Facts): AsyncGenerator<Uint8Array> {
  const packer = createDeflateRaw({ level: STREAM_LEVEL });
  let packed: Buffer[] = [];
  packer.on('data', (chunk: Buffer) => packed.push(chunk));
  const take = (): Buffer[] => {
    const taken = packed;
    packed = [];
    for (const chunk of taken) facts.packedBytes += chunk.length;
    return taken;
  };
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  packer.on('error', reject);
  const packing = (begin: (done: () => void) => void): Promise<void> =>
    Promise.race([new Promise<void>(begin), failed]);
  try {
    let written = Promise.resolve();
    for await (const piece of content) {
      const data = Buffer.from(piece);
      facts.crc = crc32(data, facts.crc);
      facts.bytes += data.length;
      await written;
      yield* take();
      written = packing((done) => packer.write(data, done));
    }
    await written;
    await packing((done) => packer.once('end', done).end());
    yield* take();
  } finally {
    packer.destroy();
  }
  if (facts.bytes >= ZIP64_SIZE || facts.packedBytes >= ZIP64_SIZE)
    throw new Error(`${facts.nameBytes.toString()} has 4 GiB and does not fit into an archive`);
}

interface Facts {
  crc: number;
  packedBytes: number;
  bytes: number;
  readonly nameBytes: Buffer;
  readonly isStreamed: boolean;
}

/** The fields that both headers of an entry have, from the version that a reader needs. */
function writeCommon(
  to: Buffer,
  at: number,
  { crc, packedBytes, bytes, nameBytes, isStreamed }: Facts,
  version: number,
): void {
  to.writeUInt16LE(version, at);
  to.writeUInt16LE(UTF8_NAMES | (isStreamed ? SIZES_BEHIND : 0), at + 2);
  to.writeUInt16LE(DEFLATED, at + 4);
  to.writeUInt16LE(0, at + 6);
  to.writeUInt16LE(FIXED_DATE, at + 8);
  to.writeUInt32LE(crc, at + 10);
  to.writeUInt32LE(packedBytes, at + 14);
  to.writeUInt32LE(bytes, at + 18);
  to.writeUInt16LE(nameBytes.length, at + 22);
}

function localHeader(facts: Facts): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, facts, VERSION);
  return Buffer.concat([header, facts.nameBytes]);
}

function dataDescriptor({ crc, packedBytes, bytes }: Facts): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(packedBytes, 8);
  descriptor.writeUInt32LE(bytes, 12);
  return descriptor;
}

function directoryRecord(facts: Facts, offset: number): Buffer {
  const isFar = offset >= ZIP64_SIZE;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  // Made by the rules of DOS, which have no rights of files.
  header.writeUInt16LE(isFar ? VERSION_ZIP64 : VERSION, 4);
  writeCommon(header, 6, facts, isFar ? VERSION_ZIP64 : VERSION);
  header.writeUInt16LE(isFar ? 12 : 0, 30);
  header.writeUInt32LE(isFar ? ZIP64_SIZE : offset, 42);
  if (!isFar) return Buffer.concat([header, facts.nameBytes]);
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return Buffer.concat([header, facts.nameBytes, extra]);
}

function endOfDirectory(count: number, offset: number, bytes: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, ZIP64_COUNT), 8);
  end.writeUInt16LE(Math.min(count, ZIP64_COUNT), 10);
  end.writeUInt32LE(Math.min(bytes, ZIP64_SIZE), 12);
  end.writeUInt32LE(Math.min(offset, ZIP64_SIZE), 16);
  if (count < ZIP64_COUNT && bytes < ZIP64_SIZE && offset < ZIP64_SIZE) return end;
  const far = Buffer.alloc(56);
  far.writeUInt32LE(0x06064b50, 0);
  far.writeBigUInt64LE(44n, 4);
  far.writeUInt16LE(VERSION_ZIP64, 12);
  far.writeUInt16LE(VERSION_ZIP64, 14);
  far.writeBigUInt64LE(BigInt(count), 24);
  far.writeBigUInt64LE(BigInt(count), 32);
  far.writeBigUInt64LE(BigInt(bytes), 40);
  far.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([far, locator, end]);
}

/** Small records in few large pieces. */
class Pieces {
  readonly #full: Buffer[] = [];
  #open: Buffer[] = [];
  #openBytes = 0;
  bytes = 0;

  add(record: Buffer): void {
    this.#open.push(record);
    this.#openBytes += record.length;
    this.bytes += record.length;
    if (this.#openBytes >= PIECE_BYTES) this.#close();
  }

  *all(): Generator<Buffer> {
    this.#close();
    yield* this.#full;
  }

  #close(): void {
    this.#full.push(Buffer.concat(this.#open));
    this.#open = [];
    this.#openBytes = 0;
  }
}
