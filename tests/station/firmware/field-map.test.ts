import { describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { verifyAudit } from '../../../station/core/audit-log/index.ts';
import { readConfigFields } from '../../../station/firmware/config-fields.ts';
import { parseFieldMap } from '../../../station/firmware/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { LI, openFirmware, packageBytes } from './firmware-setup.ts';
import { zipBytes } from './zip-bytes.ts';

const read = (json: string): [string, string][] =>
  readConfigFields(Buffer.from(json), 'ota_cfg.json').map(({ path, text }) => [path, text]);

describe('the fields of an ota_cfg.json', () => {
  test('keep their order and the digits they were written with', () => {
    expect(read('{"b":1.10,"a":"x","big":12345678901234567890,"e":1e3,"t":true,"n":null}')).toEqual([
      ['b', '1.10'],
      ['a', 'x'],
      ['big', '12345678901234567890'],
      ['e', '1e3'],
      ['t', 'true'],
      ['n', 'null'],
    ]);
  });

  test('keep the digits of numbers in lists and below the eighth level', () => {
    expect(read('{"l":[1.10,12345678901234567890]}')).toEqual([['l', '[1.10,12345678901234567890]']]);
    expect(read(`${'{"a":'.repeat(9)}1.10${'}'.repeat(9)}`)).toEqual([['a.a.a.a.a.a.a.a', '{"a":1.10}']]);
  });

  test('inside of others are named by their way', () => {
    expect(read('{"a":{"b":{"c":"d"}},"l":[{"x":1.0}],"__proto__":{"y":"z"}}')).toEqual([
      ['a.b.c', 'd'],
      ['l', '[{"x":1.0}]'],
      ['__proto__.y', 'z'],
    ]);
  });

  test('are none where there is only a value', () => {
    expect(read('[]')).toEqual([['', '[]']]);
    expect(read('"x"')).toEqual([['', 'x']]);
  });

  test('however many and deep they are, are read', () => {
    expect(read(`${'{"a":'.repeat(100)}1.0${'}'.repeat(100)}`)).toHaveLength(1);
    expect(() => read(`${'[1,'.repeat(60_000)}1${']'.repeat(60_000)}`)).toThrow('nested too deep');
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, n]));
    expect(read(JSON.stringify(many))).toHaveLength(5000);
  });
});

describe('the mapping', () => {
  test('is written as pairs', () => {
    expect(parseFieldMap('version=fw.v, product=a=b,md5=sum')).toEqual({
      version: 'fw.v',
      product: 'a=b',
      md5: 'sum',
    });
    expect(parseFieldMap('')).toEqual({});
    for (const text of ['version', 'version=', '=x', 'colour=red'])
      expect(() => parseFieldMap(text)).toThrow(Fault);
  });

  test('is kept by the station, for every import after it, and in the audit trail', async () => {
    await using setup = openFirmware();
    expect(setup.firmware.fields()).toEqual({ product: 'productId', version: 'version' });
    setup.firmware.setFields({ version: 'ver', description: 'desc' }, LI);
    const path = setup.write(
      'a.zip',
      packageBytes(Buffer.from('x'), { ver: 7, productId: 'P', desc: '说明' }),
    );
    const { firmware } = await setup.import(path);
    expect(firmware).toMatchObject({ version: '7', productId: null, description: '说明' });
    expect(setup.firmware.get(firmware.firmwareId).fields).toEqual([
      { path: 'ver', text: '7', meaning: 'version' },
      { path: 'productId', text: 'P', meaning: null },
      { path: 'desc', text: '说明', meaning: 'description' },
    ]);
    expect(verifyAudit(setup.database)).toMatchObject({ entries: 2, brokenAt: null });
  });

  test('reads a field behind 500 others; of those that are not mapped, 500 are shown and all are counted', async () => {
    await using setup = openFirmware();
    const others = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`k${n}`, n]));
    const content = packageBytes(Buffer.from('x'), { ...others, version: '1.2', last: 1 });
    const { firmware } = await setup.import(setup.write('a.zip', content));
    expect(firmware.version).toBe('1.2');
    const { fields, fieldCount } = setup.firmware.get(firmware.firmwareId);
    expect(fieldCount).toBe(602);
    expect(fields).toHaveLength(501);
    expect(fields.at(-1)).toEqual({ path: 'version', text: '1.2', meaning: 'version' });
  });

  test('of a path that two fields have refuses the package', async () => {
    await using setup = openFirmware();
    const content = packageBytes(Buffer.from('x'), { n: { a: '1' }, 'n.a': '2' });
    const path = setup.write('a.zip', content);
    expect((await setup.import(path)).firmware.version).toBeNull();
    expect(await faultOf(() => setup.import(path, { fields: { version: 'n.a' } }))).toMatchObject({
      code: 'firmware-invalid',
      message: 'ota_cfg.json has two fields "n.a": one of them has a key with a dot',
      details: { reason: 'field-ambiguous' },
    });
  });

  test('is changed in the named meanings only, so that two people at two pages do not undo each other', async () => {
    await using setup = openFirmware();
    setup.firmware.setFields({ version: 'ver', md5: 'sum' }, LI);
    expect(setup.firmware.changeFields({ description: 'desc', md5: null }, LI)).toEqual({
      version: 'ver',
      description: 'desc',
    });
    expect(setup.firmware.changeFields({ name: 'title' }, LI)).toEqual({
      version: 'ver',
      description: 'desc',
      name: 'title',
    });
    expect(setup.firmware.fields()).toEqual({ version: 'ver', description: 'desc', name: 'title' });
    expect(verifyAudit(setup.database)).toMatchObject({ entries: 3, brokenAt: null });
  });

  test('of a field that is no such value says nothing', async () => {
    await using setup = openFirmware();
    const config = { productId: 'has blanks', version: { major: 1 } };
    const { firmware } = await setup.import(setup.write('a.zip', packageBytes(Buffer.from('x'), config)));
    expect(firmware).toMatchObject({ productId: null, version: null });
  });

  test('is kept in whole characters: no U+FFFD stands where a text is cut, or has half of one', async () => {
    await using setup = openFirmware();
    const version = `${'v'.repeat(199)}😀 and more`;
    const config = Buffer.from(`{"productId":"a\\ud83d","version":"${version}"}`);
    const content = zipBytes([
      { name: 'x.bin.ota', data: Buffer.from('x') },
      { name: 'ota_cfg.json', data: config },
    ]);
    const { firmware } = await setup.import(setup.write('a.zip', content));
    const kept = setup.firmware.get(firmware.firmwareId);
    expect(kept).toMatchObject({ invalidProduct: 'a\\ud83d', invalidVersion: `${'v'.repeat(199)}😀` });
  });
});

test('the line ends of Windows and a byte order mark change no field', () => {
  const json = '{\n  "version": 1.10,\n  "product": "工位",\n  "list": [\n    1.0\n  ]\n}\n';
  expect(read(`\uFEFF${json.replaceAll('\n', '\r\n')}`)).toEqual(read(json));
});
