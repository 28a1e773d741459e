import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../shared/domain/fault.ts';
import {
  openTripleFile,
  readTripleCsv,
  type ReadTripleOptions,
  type TripleRow,
} from '../../../../station/identity/import/index.ts';
import { createSecretDigest } from '../../../../station/identity/index.ts';
import { DEVICE_NAME, DEVICE_SECRET, type Triple } from '#shared/domain/triple.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
/** Another one for each number. */
const secretOf = (n: number): string => createHash('md5').update(String(n)).digest('base64');
const never = new AbortController().signal;
const fixture = (name: string): string =>
  new URL(`../../../fixtures/triples/${name}`, import.meta.url).pathname;

async function* chunksOf(content: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(Uint8Array.from(bytes.subarray(at, at + size)));
}

const digest = createSecretDigest(new Uint8Array(32));

async function read(
  content: string | Uint8Array,
  options: Partial<ReadTripleOptions> = {},
  size = 7,
): Promise<Row[]> {
  return collect(readTripleCsv(() => chunksOf(content, size), { digest, ...options }, never));
}

async function readFixture(name: string, options: Partial<ReadTripleOptions> = {}): Promise<Row[]> {
  return collect(readTripleCsv(await openTripleFile(fixture(name)), { digest, ...options }, never));
}

/** As it was when it came: the bytes of a secret are wiped when the next row is asked for. */
type Row =
  { readonly line: number; readonly triple: Triple } | { readonly line: number; readonly reason: string };

async function collect(rows: AsyncIterable<TripleRow>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push('reason' in row ? row : { ...row, triple: asText(row.triple) });
  return all;
}

function asText(triple: Extract<TripleRow, { triple: object }>['triple']): Triple {
  const { productId, deviceName, deviceSecret } = triple;
  return { productId, deviceName, deviceSecret: Buffer.from(deviceSecret).toString() };
}

const names = (rows: readonly Row[]): string[] =>
  rows.map((row) => ('triple' in row ? `${row.triple.productId}/${row.triple.deviceName}` : row.reason));

async function faultOf(attempt: Promise<unknown>): Promise<Fault> {
  const outcome = await attempt.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Fault);
  return outcome as Fault;
}

describe('the files that tools hand out', () => {
  it.each([
    ['tencent.csv', 20, 'GW0TEST001/line_0001'],
    ['any-order.csv', 8, 'GW0TEST001/any_0001'],
    ['aliyun.csv', 6, 'a1TestKey00/ali_0001'],
    ['espressif.csv', 4, 'GW0TEST001/esp_0001'],
    ['chinese.csv', 4, 'GW0TEST001/cn_0001'],
  ])('%s is read whole', async (name, count, first) => {
    const rows = await readFixture(name);
    expect(rows).toHaveLength(count);
    expect(names(rows)[0]).toBe(first);
    expect(rows.every((row) => 'triple' in row)).toBe(true);
  });

  it('rows that begin after line breaks inside quotes keep the line numbers of an editor', async () => {
    const rows = await readFixture('chinese.csv');
    expect(rows.map((row) => row.line)).toEqual([2, 4, 6, 8]);
  });

  it('each bad row is named by line and reason, the good ones around it are read', async () => {
    const rows = await readFixture('with-errors.csv');
    expect(rows.filter((row) => 'reason' in row)).toEqual([
      { line: 3, reason: 'no DeviceName' },
      { line: 5, reason: 'duplicate of line 2' },
      { line: 6, reason: 'DeviceName has an illegal character: a blank' },
      { line: 7, reason: 'DeviceSecret is neither base64 nor 32 hex digits' },
      { line: 8, reason: 'short row: 2 of 3 columns' },
      { line: 9, reason: 'ProductId is malformed: 1 to 32 letters and digits are allowed' },
      { line: 10, reason: 'no DeviceSecret' },
      { line: 11, reason: 'DeviceName has 59 characters, the limit is 48' },
      { line: 12, reason: 'long row: 4 cells under 3 columns' },
      { line: 14, reason: 'no ProductId' },
      { line: 15, reason: 'ProductId is malformed: 1 to 32 letters and digits are allowed' },
      { line: 16, reason: 'DeviceName has an illegal character: "名"' },
    ]);
    expect(rows.filter((row) => 'triple' in row).map((row) => row.line)).toEqual([2, 13, 17]);
  });
});

describe('columns', () => {
  const row = `x,dev1,${SECRET},PID1\n`;

  it('are found by name whatever the case, blanks and underscores', async () => {
    expect(names(await read(`note, DEVICE_NAME ,Device-Psk,productID\n${row}`))).toEqual(['PID1/dev1']);
  });

  it('are taken from the map first', async () => {
    const header = 'DeviceName,Serial,Key,Type\n';
    const options = { map: { dn: 'serial', secret: 'Key', product: 'Type' } };
    expect(names(await read(header + row, options))).toEqual(['PID1/dev1']);
  });

  it('may lack the product when it is given for all rows; a row of its own wins', async () => {
    expect(names(await read(`DeviceName,Psk\ndev1,${SECRET}\n`, { defaultProductId: 'PID9' }))).toEqual([
      'PID9/dev1',
    ]);
    const mixed = `DeviceName,Psk,ProductId\ndev1,${SECRET},\ndev1,${secretOf(1)},PID1\n`;
    expect(names(await read(mixed, { defaultProductId: 'PID9' }))).toEqual(['PID9/dev1', 'PID1/dev1']);
  });

  it('that are missing are named, with what there is and what to pass', async () => {
    const fault = await faultOf(read(`Name,Key,ProductId\ndev1,${SECRET},PID1\n`));
    expect(fault).toMatchObject({ code: 'csv-invalid' });
    expect(fault.message).toBe(
      'no column for DeviceName and DeviceSecret; the file has: Name, Key, ProductId',
    );
    expect(fault.hint).toContain('--map dn=<column>,secret=<column>');
    expect((await faultOf(read(`DeviceName,Psk\ndev1,${SECRET}\n`))).hint).toContain('--product');
  });

  it('that are named in the map but not in the file are refused', async () => {
    const fault = await faultOf(read(`DeviceName,Psk,ProductId\n`, { map: { secret: 'Key' } }));
    expect(fault.message).toContain('no column "Key"; it has: DeviceName, Psk, ProductId');
  });

  it('that could both be the secret are not guessed', async () => {
    const fault = await faultOf(read('DeviceName,DeviceSecret,Psk,ProductId\n'));
    expect(fault.message).toBe('"DeviceSecret" and "Psk" could both be the DeviceSecret');
  });

  it('cannot be two things at once', async () => {
    const options = { map: { dn: 'A', secret: 'A' } };
    expect(await faultOf(read('A,ProductId\n', options))).toMatchObject({ code: 'csv-invalid' });
  });

  it('are not made up from data: a file without header shows no secret', async () => {
    const fault = await faultOf(read(`PID1,dev_0001,${SECRET}\nPID1,dev_0002,${SECRET}\n`));
    expect(`${fault.message} ${fault.hint ?? ''} ${JSON.stringify(fault.details)}`).not.toContain(
      SECRET.slice(0, 4),
    );
    expect(fault.message).toContain('(looks like data)');
  });
});

describe('dialects', () => {
  const rows = [
    ['备注', 'DeviceName', 'DeviceSecret', 'ProductId'],
    ['a, b; c\td', 'dev1', SECRET, 'PID1'],
    ['second "line"', 'dev2', secretOf(2), 'PID1'],
  ];

  it.each([
    [',', '\n', ''],
    [';', '\r\n', '\uFEFF'],
    ['\t', '\r\n', ''],
    [';', '\n', 'sep=;\n'],
    [',', '\r', '\uFEFFsep=,\r'],
  ])('delimiter %j, line end %j, prefix %j', async (delimiter, lineEnd, prefix) => {
    const line = (cells: string[]): string =>
      cells.map((cell) => (/[,;\t"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
    const read1 = await read(prefix + rows.map(line).join(lineEnd));
    expect(names(read1)).toEqual(['PID1/dev1', 'PID1/dev2']);
    expect(read1.map((row) => row.line)).toEqual(prefix.includes('sep=') ? [3, 4] : [2, 3]);
  });

  it('blank lines count as lines but not as rows', async () => {
    const content = `\nDeviceName,Psk,ProductId\n\n,,\ndev1,${SECRET},PID1\n\n`;
    expect(await read(content)).toEqual([
      { line: 5, triple: { productId: 'PID1', deviceName: 'dev1', deviceSecret: SECRET } },
    ]);
  });

  it('a stray quote in a remark is no reason to stop', async () => {
    expect(names(await read(`DeviceName,Psk,ProductId,note\ndev1,${SECRET},PID1,5" screen\n`))).toEqual([
      'PID1/dev1',
    ]);
  });

  it('what Python writes is read the same, however it is cut into chunks', async () => {
    const script = `
import csv, io, json, random, sys
random.seed(7)
out = []
for delimiter in ",;\\t":
  for end in ("\\n", "\\r\\n"):
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
      f = io.StringIO(newline="")
      w = csv.writer(f, delimiter=delimiter, lineterminator=end, quoting=quoting)
      w.writerow(["note", "DeviceName", "Psk", "ProductId"])
      for i in range(20):
        note = "".join(random.choice("ab,;\\t\\"\\r\\n 产😀") for _ in range(6))
        w.writerow([note, "dev%d" % i, "%032x" % (i + 1), "PID1"])
      out.append(f.getvalue())
json.dump(out, sys.stdout)
`;
    const files = JSON.parse(execFileSync('python3', ['-X', 'utf8', '-c', script]).toString()) as string[];
    for (const [index, file] of files.entries()) {
      const rows1 = await read(file, {}, 1 + index);
      expect(names(rows1)).toEqual(Array.from({ length: 20 }, (_, i) => `PID1/dev${i}`));
      const lines = file.split('\n');
      for (const row of rows1) {
        // A row begins right after the line that ends another.
        expect(lines[row.line - 2]).toMatch(/(?:PID1|ProductId)"?\r?$/);
      }
    }
  });
});

describe('files that are not what they should be', () => {
  it.each([
    ['an empty file', '', 'the file is empty'],
    ['blank lines only', '\n\n', 'only blank lines'],
    ['a zip archive', Buffer.from('504b0304140006000800', 'hex'), 'a zip archive'],
    [
      'an Excel workbook',
      Buffer.from('504b030414000600080000005b436f6e74656e745f54797065735d', 'hex'),
      '(.xlsx)',
    ],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'an old Excel workbook (.xls)'],
    [
      'an old Excel workbook of a web server',
      Buffer.from('0908080000050500', 'hex'),
      'an old Excel workbook (.xls)',
    ],
    ['an Excel 2 workbook', Buffer.from('0900040002001000', 'hex'), 'an old Excel workbook (.xls)'],
    ['a web page called .xls', '\uFEFF \n<html xmlns:x="urn:x"><table><tr><td>a</td>', 'a web page (HTML)'],
    ['a web page that begins with a comment', '<!-- export --><table>', 'a web page (HTML)'],
    ['a part of a web page', '<thead><tr><th>DeviceName', 'a web page (HTML)'],
    ['a web page of an XML kind', '<?xml version="1.0"?>\n<!DOCTYPE html><html>', 'a web page (HTML)'],
    ['a web page in one file', 'MIME-Version: 1.0\r\nContent-Type: multipart/related', 'MHTML'],
    ['an XML workbook', '<?xml version="1.0"?>\n<Workbook>', 'an XML file'],
    ['JSON', '[{"DeviceName":"dev1"}]', 'a JSON file'],
    ['only a header', `DeviceName,Psk,ProductId`, 'no row below its header in line 1'],
    [
      'a quote never closed',
      `DeviceName,Psk,ProductId\ndev0,${SECRET},PID1\n"dev1,${secretOf(1)},PID1\ndev2,${secretOf(2)},PID1\n`,
      'line 3: a quote opens there and is never closed',
    ],
    [
      'a quote never closed in a long file',
      `DeviceName,Psk,ProductId\nx,"y,z\n${'x,y,z\n'.repeat(20000)}`,
      'line 2: a quote opens',
    ],
    [
      'NULs in the middle',
      Buffer.concat([Buffer.from('DeviceName,Psk\nab'), Buffer.alloc(2 ** 21), Buffer.from('x')]),
      'NUL bytes in the middle',
    ],
  ])('%s gets one clear fault', async (_name, content, words) => {
    for (const size of [13, 4096]) {
      const fault = await faultOf(read(content, {}, size));
      expect(fault.code).toBe('csv-invalid');
      expect(fault.message).toContain(words);
      expect(fault.hint).not.toBeNull();
      expect(fault.message).not.toContain(SECRET);
    }
  });

  it('a malformed product for all rows is refused before anything is read', async () => {
    const options = { defaultProductId: 'no good' };
    expect(await faultOf(read('', options))).toMatchObject({ code: 'bad-input' });
  });

  it('a path that leads nowhere, or to a folder, is said so', async () => {
    expect(await faultOf(openTripleFile(fixture('none.csv')))).toMatchObject({ code: 'file-missing' });
    expect(await faultOf(openTripleFile(fixture('.')))).toMatchObject({ code: 'bad-input' });
  });
});

describe('a big file', () => {
  it('of 100,000 rows is read in seconds, each row once', async () => {
    const rowCount = 100_000;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('DeviceName,DeviceSecret,ProductId\n');
      for (let at = 0; at < rowCount; at += 1000) {
        const row = (_: unknown, i: number): string => `dev_${at + i},${secretOf(at + i)},PID1\n`;
        yield await Promise.resolve(Buffer.from(Array.from({ length: 1000 }, row).join('')));
      }
    }
    let line = 1;
    for await (const row of readTripleCsv(file, { digest }, never)) {
      line += 1;
      if (row.line !== line || !('triple' in row)) expect.unreachable(`row ${row.line}`);
    }
    expect(line).toBe(rowCount + 1);
  });
});

describe('secrets', () => {
  it('are found however the file is cut into chunks, beside long names, marks and other columns', async () => {
    const secret = fc.oneof(
      fc.constantFrom(SECRET, 'ABCD', 'a'.repeat(2000), '0123456789abcdef0123456789ABCDEF', `${SECRET}=`, ''),
      fc.base64String({ minLength: 4, maxLength: 52 }),
    );
    const name = fc.constantFrom(
      'dev',
      'a-very_LONG-name0123456789',
      'x'.repeat(46),
      'A\u0001B',
      'RGV2aWNlMQ==',
    );
    const remark = fc.constantFrom(
      '',
      '"a, ""quote"',
      'AAAABBBBCCCC\u0001000000\u0001',
      '备注ABCDEFGHIJ',
      '\u0001',
    );
    const row = fc.record({ name, secret, remark });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 90 }),
        async (all, size) => {
          fc.pre(all.length > 0);
          const rows = all.map((one, n) => ({ ...one, name: one.name + String(n) }));
          const lines = rows.map((one, n) => `${one.remark},${one.secret},${one.name},PRODUCTID${n}`);
          const result = await read(`remark,psk,DeviceName,ProductId\r\n${lines.join('\r\n')}`, {}, size);
          const found = result.map((one) =>
            'triple' in one ? [one.triple.productId, one.triple.deviceName, one.triple.deviceSecret] : null,
          );
          const seen = new Set<string>();
          expect(found).toEqual(
            rows.map((one, n) => {
              if (!DEVICE_NAME.test(one.name) || !DEVICE_SECRET.test(one.secret)) return null;
              // Of rows with one secret the first is right.
              if (seen.has(one.secret.toLowerCase())) return null;
              seen.add(one.secret.toLowerCase());
              return [`PRODUCTID${n}`, one.name, one.secret];
            }),
          );
        },
      ),
    );
  });

  it('are in no reason, whatever is wrong with the row', async () => {
    const cell = fc.constantFrom(
      '',
      'dev1',
      'bad name',
      'PID1',
      SECRET,
      `${SECRET}!`,
      `x"${SECRET}`,
      `${SECRET}\n`,
    );
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const content = `DeviceName,Psk,ProductId\n${rows.map((row) => row.join(',')).join('\n')}`;
        const outcome = await read(content).catch((error: unknown) => [String(error)]);
        const shown = outcome.filter((row) => typeof row === 'string' || 'reason' in row);
        expect(JSON.stringify(shown)).not.toContain(SECRET.slice(0, 8));
      }),
    );
  });
});

describe('a reader that stops', () => {
  it('closes the file when the consumer has seen enough', async () => {
    const content = `DeviceName,Psk,ProductId\n${`dev1,${SECRET},PID1\n`.repeat(50000)}`;
    const opened: Readable[] = [];
    const source = (): Readable => {
      const file = Readable.from(chunksOf(content, 4096));
      opened.push(file);
      return file;
    };
    for await (const row of readTripleCsv(source, { digest }, never)) {
      expect(row.line).toBe(2);
      break;
    }
    expect(opened.length).toBeGreaterThan(1);
    expect(opened.every((file) => file.destroyed)).toBe(true);
  });

  it('ends with the reason of the signal, even when the source never says another byte', async () => {
    const stop = new AbortController();
    const source = new Readable({ read: () => undefined });
    source.push(`DeviceName,Psk,ProductId\ndev1,${SECRET},PID1\n`);
    const reading = collect(readTripleCsv(() => source, { digest }, stop.signal));
    queueMicrotask(() => stop.abort(new Fault('interrupted', 'the page was closed')));
    expect(await faultOf(reading)).toMatchObject({ code: 'interrupted' });
    expect(source.destroyed).toBe(true);
  });

  it('does not begin when it is stopped already', async () => {
    const source = (): Readable => Readable.from(chunksOf('x'));
    expect(await faultOf(collect(readTripleCsv(source, { digest }, AbortSignal.abort())))).toMatchObject({
      code: 'cancelled',
    });
  });
});
