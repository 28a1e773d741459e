import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file in an archive, or one that is unpacked beside the archive. Source: @electron/asar, README, "Format". */
export interface ArchivedFile {
  readonly path: string;
  readonly size: number;
  readonly unpacked: boolean;
  /** From the beginning of the archive; 0 when unpacked. */
  readonly offset: number;
}

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
}

/** Four 32-bit numbers: 4, the padded size of the header plus 8, the same plus 4, and the size of its JSON. */
const FRONT_BYTES = 16;

/** All files of an archive; paths with `/`. */
export function readArchive(archive: string): readonly ArchivedFile[] {
  const front = readAt(archive, 0, FRONT_BYTES);
  const header = readAt(archive, FRONT_BYTES, front.readUInt32LE(12)).toString('utf8');
  const base = 8 + front.readUInt32LE(4);
  const list = (entry: Entry, path: string): ArchivedFile[] =>
    entry.files === undefined
      ? [
          {
            path,
            size: entry.size ?? 0,
            unpacked: entry.unpacked === true,
            offset: entry.unpacked === true ? 0 : base + Number(entry.offset),
          },
        ]
      : Object.entries(entry.files).flatMap(([name, one]) =>
          list(one, path === '' ? name : `${path}/${name}`),
        );
  return list(JSON.parse(header) as Entry, '');
}

/** The bytes of a file in the archive. */
export function readArchived(archive: string, { offset, size }: ArchivedFile): Buffer {
  return readAt(archive, offset, size);
}

/** Extracts an archive into a folder. `readUnpacked` reads the files that are unpacked beside the archive. */
export function unpackArchive(archive: string, target: string, readUnpacked: (path: string) => Buffer): void {
  for (const file of readArchive(archive)) {
    const path = join(target, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.unpacked ? readUnpacked(file.path) : readArchived(archive, file));
  }
}

/** Writes an archive with the given files at its top level. */
export function writeArchive(archive: string, files: Readonly<Record<string, string>>): void {
  let position = 0;
  const entries: Record<string, Entry> = {};
  for (const [name, text] of Object.entries(files)) {
    entries[name] = { size: Buffer.byteLength(text), offset: String(position) };
    position += Buffer.byteLength(text);
  }
  const header = Buffer.from(JSON.stringify({ files: entries }));
  const padding = (4 - (header.length % 4)) % 4;
  const front = Buffer.alloc(FRONT_BYTES);
  front.writeUInt32LE(4, 0);
  front.writeUInt32LE(header.length + padding + 8, 4);
  front.writeUInt32LE(header.length + padding + 4, 8);
  front.writeUInt32LE(header.length, 12);
  writeFileSync(
    archive,
    Buffer.concat([front, header, Buffer.alloc(padding), ...Object.values(files).map(Buffer.from)]),
  );
}

function readAt(file: string, position: number, length: number): Buffer {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    const read = readSync(fd, bytes, 0, length, position);
    if (read < length) throw new Error(`${file} is cut off`);
    return bytes;
  } finally {
    closeSync(fd);
  }
}
