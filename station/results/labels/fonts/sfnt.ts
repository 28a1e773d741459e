/** A face of a TrueType, OpenType or collection file. Source: OpenType 1.9, `otff`, `head`, `hhea`, `name`. */
export interface SfntFace {
  /** A file with this face alone, extracted from a collection. */
  readonly data: Buffer<ArrayBuffer>;
  readonly postScriptName: string;
  readonly unitsPerEm: number;
  /** In font units; `descent` is negative. */
  readonly ascent: number;
  readonly descent: number;
}

interface Table {
  readonly tag: string;
  readonly checksum: number;
  readonly offset: number;
  readonly length: number;
}

const DIRECTORY_BYTES = 12;
const RECORD_BYTES = 16;
const POST_SCRIPT_NAME = 6;

/** The faces of a font file. Throws `RangeError` for another file. */
export function readFaces(file: Buffer): SfntFace[] {
  if (file.toString('latin1', 0, 4) !== 'ttcf') return [readFace(file, 0)];
  const count = file.readUInt32BE(8);
  return Array.from({ length: count }, (_, i) => readFace(file, file.readUInt32BE(12 + 4 * i)));
}

function readFace(file: Buffer, at: number): SfntFace {
  const tables = Array.from({ length: file.readUInt16BE(at + 4) }, (_, i): Table => {
    const record = at + DIRECTORY_BYTES + RECORD_BYTES * i;
    return {
      tag: file.toString('latin1', record, record + 4),
      checksum: file.readUInt32BE(record + 4),
      offset: file.readUInt32BE(record + 8),
      length: file.readUInt32BE(record + 12),
    };
  });
  const offsetOf = (tag: string): number => {
    const table = tables.find((one) => one.tag === tag);
    if (table === undefined) throw new RangeError(`not a font: no ${tag} table`);
    return table.offset;
  };
  return {
    get data() {
      return extractFace(file, at, tables);
    },
    postScriptName: readPostScriptName(file, offsetOf('name')),
    unitsPerEm: file.readUInt16BE(offsetOf('head') + 18),
    ascent: file.readInt16BE(offsetOf('hhea') + 4),
    descent: file.readInt16BE(offsetOf('hhea') + 6),
  };
}

/** Copies the tables of one face to a file; faces of a collection share tables. */
function extractFace(file: Buffer, at: number, tables: readonly Table[]): Buffer<ArrayBuffer> {
  const directory = Buffer.from(file.subarray(at, at + DIRECTORY_BYTES + RECORD_BYTES * tables.length));
  const parts: Buffer[] = [directory];
  let offset = directory.length;
  for (const [index, table] of tables.entries()) {
    directory.writeUInt32BE(offset, DIRECTORY_BYTES + RECORD_BYTES * index + 8);
    const padding = -table.length & 3;
    parts.push(file.subarray(table.offset, table.offset + table.length), Buffer.alloc(padding));
    offset += table.length + padding;
  }
  return Buffer.concat(parts);
}

function readPostScriptName(file: Buffer, at: number): string {
  const count = file.readUInt16BE(at + 2);
  const strings = at + file.readUInt16BE(at + 4);
  for (let i = 0; i < count; i++) {
    const record = at + 6 + 12 * i;
    if (file.readUInt16BE(record + 6) !== POST_SCRIPT_NAME) continue;
    const start = strings + file.readUInt16BE(record + 10);
    // PostScript names are ASCII; UTF-16 adds zero bytes.
    return file.toString('latin1', start, start + file.readUInt16BE(record + 8)).replaceAll('\0', '');
  }
  return '';
}
