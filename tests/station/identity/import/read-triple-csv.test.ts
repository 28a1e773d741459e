import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readTripleCsv } from '../../../../station/identity/import/index.ts';
import { digest, SECRET, secretOf, read, readFixture, names, faultOf } from './read-rows.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { LONG } from '../../../support/depth.ts';

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

describe('a big file', () => {
  it.runIf(LONG)('of 100,000 rows is read in seconds, each row once', async () => {
    const rowCount = 100_000;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('DeviceName,DeviceSecret,ProductId\n');
      for (let at = 0; at < rowCount; at += 1000) {
        const row = (_: unknown, i: number): string => `dev_${at + i},${secretOf(at + i)},PID1\n`;
        yield await Promise.resolve(Buffer.from(Array.from({ length: 1000 }, row).join('')));
      }
    }
    let line = 1;
    for await (const row of readTripleCsv(file, { digest }, NEVER_ABORTED)) {
      line += 1;
      if (row.line !== line || !('triple' in row)) expect.unreachable(`row ${row.line}`);
    }
    expect(line).toBe(rowCount + 1);
  });
});
