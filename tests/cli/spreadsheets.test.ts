import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATION_ITSELF, parseRecipe } from '#station';
import { readSerials } from '../../cli/run/read-serials.ts';
import { faultOf } from '../support/fault-of.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { openStation } from '../kit/station.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

const dir = tempDir('cli-csv');
const at = (name: string): string => join(dir.path, name);
function file(name: string, text: string | Uint8Array): string {
  writeFileSync(at(name), text);
  return at(name);
}
const secretOf = (n: number): string => createHash('md5').update(`cli${n}`).digest('base64');
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
let batch = '';

beforeAll(async () => {
  const station = await openStation(at('data'));
  batch = station.batches.create(
    { recipe: parseRecipe(moduleRecipe(), 'r'), quantity: 5 },
    STATION_ITSELF,
  ).batchId;
  await station.close();
});
afterAll(() => dir[Symbol.dispose]());

describe('triples import', () => {
  it("reports the conversions of a spreadsheet's file, and takes columns by number", async () => {
    const csv = file(
      'u16.csv',
      utf16(`清单\r\n设备名称;设备名称;设备密钥;MAC;备注\r\n灯;t.1@a;${secretOf(1)};a2b700000001;x\r\n`),
    );
    const order = ['triples', 'import', csv, '--product', PRODUCT, '--data', at('data'), '--json'];
    const unclear = await invoke(...order);
    expect(unclear).toMatchObject({ status: 2 });
    expect(unclear.events[0]).toMatchObject({ event: 'error', code: 'csv-invalid' });
    expect(JSON.stringify(unclear.events[0])).toContain('--map dn=#1');
    const done = await invoke(...order, '--map', 'dn=#2');
    expect(done.events[0]).toMatchObject({
      added: 1,
      notes: [
        { kind: 'encoding', encoding: 'utf-16le' },
        { kind: 'titles', count: 1, line: 2 },
        { kind: 'unused', columns: ['设备名称', '备注'] },
        { kind: 'bound', count: 1, columns: ['MAC'] },
      ],
    });
    const both = await invoke(...order, '--no-bind', '--map', 'dn=#2,mac=#4');
    expect(both).toMatchObject({ status: 2 });
  });
});

describe('registry seed --file', () => {
  it('refuses a secret that was filled down, with its line, and reports that it binds no unit', async () => {
    const seed = (csv: string) =>
      invoke('registry', 'seed', '--product', PRODUCT, '--file', csv, '--data', at('registry'));
    const down = file(
      'down.csv',
      `DeviceName,Psk\nd1,${secretOf(2)}\nd2,${secretOf(2)}\nd3,${secretOf(2)}\n`,
    );
    const refused = await seed(down);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(
      'down.csv:3: DeviceSecret is that of line 2 under another name; 1 other row is wrong, too: line 4',
    );
    const good = await seed(file('good.csv', `DeviceName|Psk|SN\nd1|${secretOf(2)}|S1\n`));
    expect(good).toMatchObject({ status: 0 });
    expect(good.stdout).toContain('columns that are not used: SN');
    const known = await seed(file('known.csv', `DeviceName,Psk\nd3,${secretOf(2)}\n`));
    expect(known.stderr).toContain(`line 2: the DeviceSecret of ${PRODUCT}/d3 is that of ${PRODUCT}/d1`);
  });
});

describe('a list of serial numbers', () => {
  const read = async (text: string | Uint8Array): Promise<string[]> => {
    const said: string[] = [];
    const listed = await readSerials(file('sn', text), (words) => said.push(words), NEVER_ABORTED);
    return [...listed.map(({ serialNumber, line }) => `${line} ${serialNumber}`), ...said];
  };

  it('has one number per line, or is the column of a table, as spreadsheets write them', async () => {
    expect(await read('SN000001\r\n\r\nSN000002\n')).toEqual(['1 SN000001', '3 SN000002']);
    expect(await read('SN\n="000001"\n\'000002\n\u001a')).toEqual(['2 000001', '3 000002']);
    expect(await read('序号,序列号,MAC\n1,SN000001,x\n2,SN000002,y\n')).toEqual(['2 SN000001', '3 SN000002']);
    expect(await read('整机SN\r\nSN000001\r\n')).toEqual(['2 SN000001']);
    const label = '{"v":1,"pid":"P","dn":"d","sn":"SN000001"}';
    expect(await read(`${label}\r\n`)).toEqual([`1 ${label}`]);
    for (const header of ['S/N', '产品SN码', 'SN 序列号'])
      expect(await read(`${header}\nSN000001\n`)).toEqual(['2 SN000001']);
  });

  it('may have a tab after each number, and numbers that a spreadsheet rounded are reported', async () => {
    expect(await read('000001\t\r\n000002\t\r\n')).toEqual(['1 000001', '2 000002']);
    expect(await read('86123456789000000\n86123456789001000\n')).toEqual([
      '1 86123456789000000',
      '2 86123456789001000',
      expect.stringMatching(/^note: 2 numbers of more than 15 digits/),
    ]);
  });

  it('is refused if its numbers are ambiguous', async () => {
    const refusal = async (text: string): Promise<string> => (await faultOf(() => read(text))).message;
    expect(await refusal('a,b\nc,d\n')).toContain('2 columns, and none is named as serial numbers');
    expect(await refusal('SN,x\n8.61235E+16,1\n')).toContain(
      'sn:2: is a number that a spreadsheet shortened',
    );
    expect(await refusal('SN,x\n,1\n')).toContain('sn:2: has no serial number');
    const late = `${'000001\t\n'.repeat(40)}000002\t7\n`;
    expect(await refusal(late)).toContain('sn:41: has more than one column');
    expect(await refusal('PK\x03\x04\0\0[Content_Types].xml')).toContain('an Excel workbook (.xlsx)');
    expect(await refusal('\n \n')).toContain('has no serial numbers');
    expect(await refusal('<html><table><tr><td>SN</td></tr></table>')).toContain('a web page (HTML)');
  });

  it('with mistakes is refused with the line before any unit is started', async () => {
    const csv = file('twice.csv', 'SN\n\nSN000001\nSN000001\n');
    const refused = await invoke(
      'run',
      '--batch',
      batch,
      '--serials',
      csv,
      '--slot',
      at('none'),
      '--data',
      at('data'),
      '--json',
    );
    expect(refused.status).toBe(2);
    expect(JSON.stringify(refused.events)).toContain('SN000001 is listed twice');
  });
});
