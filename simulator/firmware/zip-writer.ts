import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** A file for a zip. Its blocks are iterated twice, for the checksum and for the content, and must be the same. */
export interface ZipMember {
  readonly name: string;
  readonly blocks: Iterable<Uint8Array>;
}

const LOCAL = 0x0403_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
const UTF8_NAME = 0x0800;

/**
 * Writes a zip whose files are stored without compression, with the memory of one block.
 * Neither a file nor the archive may reach 4 GiB, and it has at most 65,535 files (no ZIP64). Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export async function writeZip(file: FileHandle, members: readonly ZipMember[]): Promise<void> {
  const central: Buffer[] = [];
  let offset = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await file.write(bytes);
    offset += bytes.length;
  };
  for (const { name, blocks } of members) {
    let crc = 0;
    let size = 0;
    for (const block of blocks) {
      crc = crc32(block, crc);
      size += block.length;
    }
    const rawName = Buffer.from(name);
    const commonHeader = Buffer.alloc(26);
    commonHeader.writeUInt16LE(20, 0); // version needed
    commonHeader.writeUInt16LE(UTF8_NAME, 2);
    commonHeader.writeUInt16LE(0x21, 8); // 1980-01-01, so that the same sample is the same file
    commonHeader.writeUInt32LE(crc >>> 0, 10);
    commonHeader.writeUInt32LE(size, 14);
    commonHeader.writeUInt32LE(size, 18);
    commonHeader.writeUInt16LE(rawName.length, 22);
    central.push(
      Buffer.concat([
        uint32LE(CENTRAL),
        Buffer.from([20, 0]),
        commonHeader,
        Buffer.alloc(10),
        uint32LE(offset),
        rawName,
      ]),
    );
    await write(Buffer.concat([uint32LE(LOCAL), commonHeader, rawName]));
    for (const block of blocks) await write(block);
  }
  const centralAt = offset;
  for (const entry of central) await write(entry);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(offset - centralAt, 8);
  end.writeUInt32LE(centralAt, 12);
  await write(Buffer.concat([uint32LE(END), end]));
}

function uint32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
