import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvShape, type EofMarker, matchHeader, readCsv } from '#shared/codec/csv/index.ts';
import type { Fault } from '#shared/domain/fault.ts';
import { faultOf } from '../../../support/fault-of.ts';

/** A header is a row that has a cell "name". */
const headerStrength = (cells: readonly string[]): number => (cells.includes('name') ? 1 : 0);

interface ReadResult {
  readonly shape: CsvShape;
  /** `line: cell|cell` */
  readonly rows: readonly string[];
  readonly eofMarker: (EofMarker & { readonly line: number }) | null;
}

async function read(content: string | Uint8Array, size = 5): Promise<ReadResult> {
  const bytes = Buffer.from(content);
  // New chunks for each reading: the reader wipes their bytes.
  const source = (): AsyncIterable<Uint8Array> =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        Uint8Array.from(bytes.subarray(n * size, (n + 1) * size)),
      ),
    );
  const shapes: CsvShape[] = [];
  let eofMarker: ReadResult['eofMarker'] = null;
  const rows: string[] = [];
  const listener = {
    onShape: (found: CsvShape) => shapes.push(found) > 1,
    onEofMarker: (found: EofMarker, line: number) => (eofMarker = { ...found, line }),
  };
  for await (const { line, cells } of readCsv(source, headerStrength, listener))
    rows.push(`${line}: ${cells.map((cell) => Buffer.from(cell).toString()).join('|')}`);
  const [shape] = shapes;
  if (shape === undefined) throw new Error('no header');
  return { shape, rows, eofMarker };
}

/** The fault with which reading ends. */
const readFault = (content: string | Uint8Array): Promise<Fault> => faultOf(() => read(content));

/** GB18030, by asking the decoder of the platform for every pair of bytes. */
const gbk = (() => {
  const decoder = new TextDecoder('gb18030');
  const bytesOf = new Map<string, readonly number[]>();
  for (let a = 0x81; a <= 0xfe; a += 1)
    for (let b = 0x40; b <= 0xfe; b += 1) {
      const letter = decoder.decode(Uint8Array.of(a, b));
      if (b !== 0x7f && [...letter].length === 1 && letter !== '\uFFFD') bytesOf.set(letter, [a, b]);
    }
  // Four bytes: U+1F600.
  bytesOf.set('😀', [0x94, 0x39, 0xfc, 0x36]);
  return (text: string): Buffer =>
    Buffer.from([...text].flatMap((letter) => bytesOf.get(letter) ?? [letter.charCodeAt(0)]));
})();
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('the detection of encodings', () => {
  const text = 'name,备注\r\na1,联通移动\r\na2,龘😀，\r\n';
  const rows = ['2: a1|联通移动', '3: a2|龘😀，'];

  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\uFEFF${text}`)],
    ['utf-16le', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', swapped(`\uFEFF${text}`)],
    ['utf-16be', swapped(text)],
    ['gb18030', gbk(text)],
  ])('%s is read, cut anywhere', async (encoding, bytes) => {
    for (const size of [1, 2, 3, 7, 4096]) {
      const result = await read(bytes, size);
      expect(result.shape.encoding).toBe(encoding);
      expect(result.shape.header).toEqual(['name', '备注']);
      expect(result.rows).toEqual(rows);
    }
  });

  it('recognises Chinese text that occurs only late in the file', async () => {
    const ascii = 'name,remark\n' + 'a,plain\n'.repeat(3000);
    const result = await read(Buffer.concat([Buffer.from(ascii), gbk('b,备注\n')]), 4096);
    expect(result.shape.encoding).toBe('gb18030');
    expect(result.rows.at(-1)).toBe('3002: b|备注');
  });

  it('reports an incomplete UTF-8 character with its line and does not assume GB18030', async () => {
    const good = 'name,备注\n' + 'a,备注备注备注备注\n'.repeat(20);
    const fault = await readFault(
      Buffer.concat([Buffer.from(good), Buffer.from([0x62, 0x2c, 0xe5, 0xa4, 0x0a])]),
    );
    expect(fault).toMatchObject({ code: 'csv-invalid', details: { line: 22 } });
    expect(fault.message).toContain('not valid UTF-8');
    // Also a short text whose bytes are valid GB18030.
    const few = Buffer.concat([Buffer.from('name,备注\na,'), Buffer.from([0xe7, 0x81, 0x0a])]);
    expect((await readFault(few)).message).toBe('line 2 is not valid UTF-8 as the rest of the file is');
  });

  it.each(['鑫', '编号', '联通鑫', '涓鋌鏡', '设备名称（DeviceName）', '第１批：联通'])(
    'does not treat GB18030 with few characters as damaged UTF-8: %s',
    async (text) => {
      const { shape, rows } = await read(gbk(`name,备\na,${text}\n`));
      expect(shape.encoding).toBe('gb18030');
      expect(rows).toEqual([`2: a|${text}`]);
    },
  );

  it('reports an incomplete UTF-16 character with its line', async () => {
    const good = Buffer.from('\uFEFFname,b\na1,1\na2,2', 'utf16le');
    const half = Buffer.from('\uFEFFname,b\na1,\uD800\na2,2\n', 'utf16le');
    const tail = Buffer.from('\uFEFFname,b\na1,\uDC00', 'utf16le');
    for (const [bytes, line] of [
      [Buffer.concat([good, Buffer.of(0x31)]), 3],
      [half, 2],
      [tail, 2],
    ] as const)
      expect((await readFault(bytes)).message).toBe(
        `line ${line} is not valid UTF-16 as the rest of the file is`,
      );
    // One byte that a program appended without regard to the encoding.
    for (const end of [0x0a, 0x1a, 0x00])
      expect((await read(Buffer.concat([good, Buffer.of(end)]))).rows).toEqual(['2: a1|1', '3: a2|2']);
  });

  it('reports a code that GB18030 does not assign with its line', async () => {
    const fault = await readFault(
      Buffer.concat([gbk('name,备注\na1,'), Buffer.of(0xfe, 0x39, 0xfe, 0x39, 0x0a)]),
    );
    expect(fault.message).toBe('line 2 has a character that GB18030 does not have');
  });

  it('reads the euro sign of a Chinese Windows as one byte', async () => {
    const { shape, rows } = await read(
      Buffer.concat([gbk('name,价\na1,'), Buffer.from([0x80]), gbk('5元\n')]),
    );
    expect(shape.encoding).toBe('gb18030');
    expect(rows).toEqual(['2: a1|€5元']);
  });

  it('reports bytes of no known encoding with their line', async () => {
    const fault = await readFault(Buffer.from('name,remark\na,caf\xe9,\n', 'latin1'));
    expect(fault.message).toBe('line 2 is neither UTF-8 nor GB18030 text');
  });
});

describe('rows', () => {
  it('end in CRLF, LF and CR, mixed in one file', async () => {
    const { rows } = await read('name,b\r\na1,1\na2,2\ra3,3\r\n\ra4,4');
    expect(rows).toEqual(['2: a1|1', '3: a2|2', '4: a3|3', '6: a4|4']);
  });

  it('keep a CR inside of a cell in a file whose lines end in LF', async () => {
    const { rows } = await read('b,name\n1\r2,a1\n"x\r\ny",a2\n');
    expect(rows).toEqual(['2: 1\r2|a1', '3: x\r\ny|a2']);
  });

  it.each([
    ['\u001a', 'ctrl-z', 3],
    ['\u001a\r\n', 'ctrl-z', 3],
    ['\u0000'.repeat(300), 'nul', 3],
    ['\n\u0000\u0000', 'nul', 4],
  ])('%j after the last row is not a row', async (end, kind, line) => {
    for (const size of [1, 7, 4096]) {
      const { rows, eofMarker } = await read(`name,b\na1,1\n${end}`, size);
      expect(rows).toEqual(['2: a1|1']);
      expect(eofMarker).toMatchObject({ kind, line });
    }
    // Without a line end before it, too.
    expect((await read(`name,b\na1,1${end}`)).rows).toEqual(['2: a1|1']);
  });

  it('NULs between rows do not end the file: their row is returned', async () => {
    expect((await read('name,b\n\u0000\u0000\na1,1\n')).rows).toEqual(['2: \u0000\u0000', '3: a1|1']);
  });

  it('are split into the written cells, whatever the cells contain', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab,;|\t"\n 备=\''), maxLength: 6 });
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    const delimiter = fc.constantFrom(',', ';', '\t', '|');
    await fc.assert(
      fc.asyncProperty(
        table,
        delimiter,
        fc.constantFrom('\n', '\r\n'),
        fc.nat(9),
        async (cells, sign, end, cut) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const lines = cells.map((row, n) => [`n${n}`, ...row].map(quoted).join(sign));
          const { rows } = await read([['name', 'x', 'y', 'z'].join(sign), ...lines].join(end), cut + 1);
          expect(rows.map((row) => row.slice(row.indexOf(' ') + 1))).toEqual(
            cells.map((row, n) => [`n${n}`, ...row].join('|')),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the header', () => {
  it.each([
    ['设备清单 2026-03\n\nname,b\na1,1\n', ',', 3, 1],
    ['设备清单,,,\n导出人：,王,,\nname;b;c\na1;1;2\n', ';', 3, 2],
    ['name|b\na1|1\n', '|', 1, 0],
    ['sep=|\nname|b,c\na1|1\n', '|', 2, 0],
  ])('%j: delimiter %j, line %i, %i titles', async (text, delimiter, headerLine, titleRows) => {
    const { shape, rows } = await read(text);
    expect(shape).toMatchObject({ delimiter, headerLine, titleRows });
    expect(rows).toHaveLength(1);
  });

  it('with unknown names is the first row with the usual number of cells', async () => {
    const { shape, rows } = await read('Export, of March\nwho;what;where\na;1;x, y\nb;2;z\n');
    expect(shape).toMatchObject({ delimiter: ';', header: ['who', 'what', 'where'], headerLine: 2 });
    expect(rows).toHaveLength(2);
  });

  it.each([
    ['DeviceName', 'dn', 3],
    ['设备名称（DeviceName）', 'dn', 2],
    ['DeviceName/设备名称', 'dn', 2],
    ['*设备名称 Device Name (必填)', 'dn', 2],
    ['Device\u200BName\uFEFF', 'dn', 3],
    ['ＤｅｖｉｃｅＮａｍｅ', 'dn', 3],
    ['设备代号(DeviceName)', 'dn', 1],
    ['"ProductKey"', 'product', 3],
    ['产品ID：', 'product', 3],
    ['设备密钥【DevicePsk】', 'secret', 2],
    ['MAC地址(WiFi)', 'mac', 2],
    ['整机SN', 'serial', 3],
    ['生产序列号', 'serial', 3],
    ['Device Serial Number', 'serial', 3],
    ['S/N', 'serial', 3],
    ['Base MAC', 'mac', 3],
    ['产品ID ProductId', 'product', 2],
    ['设备名称（4-32位）', 'dn', 2],
    ['SoftAP MAC', null, 0],
    ['DeviceName备注', null, 0],
    ['旧设备名称(old DeviceName)', null, 0],
    ['DeviceName/DeviceSecret', null, 0],
    ['设备密钥MD5', null, 0],
    ['序号', null, 0],
    ['Name', null, 0],
  ])('%j is for %s', (name, role, strength) => {
    expect(matchHeader(name)).toEqual(role === null ? null : { role, strength });
  });
});
