import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '#shared/domain/fault.ts';
import { MAX_CONFIG_BYTES, MAX_FIRMWARE_BYTES } from '#shared/domain/firmware.ts';
import { faultOf } from '../../support/fault-of.ts';
import {
  type FirmwareSetup,
  LI,
  md5,
  openFirmware,
  otaBytes,
  packageBytes,
  packageOf,
  sha256,
} from './firmware-setup.ts';
import { type ZipEntry, zipBytes } from './zip-bytes.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

let setup: FirmwareSetup;
beforeEach(() => {
  setup = openFirmware();
});
afterEach(() => setup[Symbol.asyncDispose]());

const OPAQUE = Buffer.from('no header at all, only bytes');

async function refusal(path: string, request?: Parameters<FirmwareSetup['import']>[1]): Promise<Fault> {
  const before = { contents: setup.contents(), rows: setup.database.firmware.list().length };
  const fault = await faultOf(() => setup.import(path, request));
  expect({ contents: setup.contents(), rows: setup.database.firmware.list().length }).toEqual(before);
  return fault;
}

describe('a package is refused, with the reason and without a trace,', () => {
  const [ota, config] = packageOf(OPAQUE) as [ZipEntry, ZipEntry];
  const cases: [string, string, () => Buffer][] = [
    ['no firmware', 'no-firmware', () => zipBytes([config])],
    ['two firmwares', 'several-firmwares', () => zipBytes([ota, { ...ota, name: 'x/b.BIN.OTA' }, config])],
    ['the same entry twice', 'several-firmwares', () => zipBytes([ota, ota, config])],
    ['no ota_cfg.json', 'no-config', () => zipBytes([ota, { ...config, name: 'ota_cfg.json.bak' }])],
    [
      'two ota_cfg.json',
      'several-configs',
      () => zipBytes([ota, config, { ...config, name: 'x/ota_cfg.json' }]),
    ],
    ['an empty archive', 'no-firmware', () => zipBytes([])],
    [
      'an empty firmware',
      'empty-firmware',
      () => zipBytes([{ ...ota, data: Buffer.alloc(0), deflate: false }, config]),
    ],
    ['a name that climbs', 'unsafe-name', () => zipBytes([{ ...ota, name: '../../evil.bin.ota' }, config])],
    [
      'a name that climbs with backslashes',
      'unsafe-name',
      () => zipBytes([{ ...ota, name: 'a\\..\\..\\e.bin.ota' }, config]),
    ],
    [
      'a name that climbs beside a sound pair',
      'unsafe-name',
      () => zipBytes([ota, config, { ...config, name: '../x' }]),
    ],
    ['an absolute name', 'unsafe-name', () => zipBytes([{ ...ota, name: '/etc/evil.bin.ota' }, config])],
    ['a name with a drive', 'unsafe-name', () => zipBytes([{ ...ota, name: 'C:evil.bin.ota' }, config])],
    ['a name with a NUL', 'unsafe-name', () => zipBytes([{ ...ota, name: 'evil\0.bin.ota' }, config])],
    ['a link', 'symlink', () => zipBytes([{ ...ota, mode: 0o120777 }, config])],
    [
      'a link beside a sound pair',
      'symlink',
      () => zipBytes([ota, config, { ...config, name: 'l', mode: 0o120777 }]),
    ],
    ['encryption', 'encrypted', () => zipBytes([{ ...ota, flags: 0x801 }, config])],
    ['encryption of the directory', 'encrypted', () => zipBytes([{ ...ota, flags: 0x2800 }, config])],
    [
      'a method of packing that is not known',
      'not-a-package',
      () => zipBytes([{ ...ota, deflate: false, method: 14 }, config]),
    ],
    ['a checksum that does not fit', 'damaged', () => zipBytes([{ ...ota, claimedCrc: 1 }, config])],
    ['more content than declared', 'bomb', () => zipBytes([{ ...ota, claimedBytes: 5 }, config])],
    [
      'less content than declared',
      'damaged',
      () => zipBytes([{ ...ota, claimedBytes: OPAQUE.length + 1 }, config]),
    ],
    ['deflate that is none', 'damaged', () => zipBytes([{ ...ota, deflate: false, method: 8 }, config])],
    [
      'more than 1 GiB declared',
      'too-large',
      () => zipBytes([{ ...ota, claimedBytes: MAX_FIRMWARE_BYTES + 1 }, config]),
    ],
    [
      'more than 1 GiB declared together',
      'too-large',
      () =>
        zipBytes([
          ota,
          config,
          ...Array.from({ length: 18 }, (_, n) => ({ ...config, name: `${n}`, claimedBytes: 60_000_000 })),
        ]),
    ],
    [
      'a firmware that grows a thousandfold',
      'bomb',
      () => zipBytes([{ ...ota, data: Buffer.alloc(80_000_000) }, config]),
    ],
    ['an ota_cfg.json that is no JSON', 'config-not-json', () => packageBytes(OPAQUE, '{version: 1}')],
    [
      'an ota_cfg.json in GBK',
      'config-not-json',
      () => zipBytes([ota, { ...config, data: Buffer.from([0x22, 0xb9, 0xcc, 0x22]) }]),
    ],
    [
      'an ota_cfg.json too large',
      'config-too-large',
      () => packageBytes(OPAQUE, `"${'x'.repeat(MAX_CONFIG_BYTES)}"`),
    ],
    [
      'too many files',
      'too-many-files',
      () => zipBytes(Array.from({ length: 10_001 }, (_, n) => ({ name: `${n}`, data: Buffer.alloc(0) }))),
    ],
    ['no zip', 'not-a-package', () => Buffer.from('Rar!\x1a\x07')],
    ['a body of another hash', 'hash-differs', () => packageBytes(changed(otaBytes(), -1))],
    ['a header of another hash', 'hash-differs', () => packageBytes(changed(otaBytes(), 70))],
    ['a header of another length', 'size-differs', () => packageBytes(changed(otaBytes(), 20))],
    ['a cut body', 'size-differs', () => packageBytes(otaBytes().subarray(0, -1))],
    [
      'bytes after the body',
      'size-differs',
      () => packageBytes(Buffer.concat([otaBytes(), Buffer.from('x')])),
    ],
    ['a cut header', 'size-differs', () => packageBytes(otaBytes().subarray(0, 100))],
  ];

  test.each(cases)('for %s', async (_, reason, bytes) => {
    const fault = await refusal(setup.write('broken.dat', bytes()));
    expect(fault).toMatchObject({ code: 'firmware-invalid', details: { reason } });
    expect(fault.hint).toMatch(/\w/);
    expect(fault.message).not.toMatch(/[\n\0]/);
  });

  function changed(bytes: Buffer, at: number): Buffer {
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
    return bytes;
  }

  test('when it is cut off anywhere', async () => {
    const whole = packageBytes(otaBytes({ body: Buffer.alloc(3000, 'x') }));
    for (let length = 0; length < whole.length; length += 37) {
      const fault = await refusal(setup.write('cut.zip', whole.subarray(0, length)));
      expect(fault).toMatchObject({ code: 'firmware-invalid', details: { reason: 'damaged' } });
    }
  });

  test('when mapped fields contradict the content', async () => {
    const path = setup.write(
      'a.zip',
      packageBytes(OPAQUE, { v: '1', len: 7, sum: 'ab', n: 'other.bin.ota' }),
    );
    for (const [fields, reason] of [
      [{ size: 'len' }, 'size-differs'],
      [{ md5: 'sum' }, 'hash-differs'],
      [{ sha256: 'sum' }, 'hash-differs'],
      [{ file: 'n' }, 'name-differs'],
    ] as const) {
      expect((await refusal(path, { fields })).details).toMatchObject({ reason });
    }
    const fits = { s: OPAQUE.length, m: md5(OPAQUE).toUpperCase(), h: sha256(OPAQUE), f: 'fw.bin.ota' };
    const sound = setup.write('b.zip', packageBytes(OPAQUE, fits));
    expect(
      (await setup.import(sound, { fields: { size: 's', md5: 'm', sha256: 'h', file: 'f' } })).added,
    ).toBe(true);
  });

  test('when its version is here with another content', async () => {
    await setup.import(setup.write('a.zip', packageBytes(OPAQUE)));
    const fault = await refusal(setup.write('b.zip', packageBytes(Buffer.from('other content'))));
    expect(fault).toMatchObject({
      code: 'firmware-invalid',
      details: { reason: 'version-taken', version: '1.0.3', sha256: sha256(OPAQUE) },
    });
    const another = setup.write('c.zip', packageBytes(Buffer.from('other content'), { version: '1.0.4' }));
    expect((await setup.import(another, { productId: 'CS0SLTKSYA' })).added).toBe(true);
    await expect(setup.import(another, { version: '1.0.3' })).rejects.toMatchObject({
      details: { reason: 'version-taken' },
    });
  });

  test('when a folder holds a link', async () => {
    const root = join(setup.dir, 'folder');
    mkdirSync(root);
    writeFileSync(join(root, 'ota_cfg.json'), '{}');
    writeFileSync(join(setup.dir, 'outside'), 'secret');
    symlinkSync(join(setup.dir, 'outside'), join(root, 'fw.bin.ota'));
    expect((await refusal(root)).details).toMatchObject({ reason: 'symlink' });
  });

  test('when a dropped file is a link', async () => {
    writeFileSync(join(setup.dir, 'outside'), 'secret');
    symlinkSync(join(setup.dir, 'outside'), join(setup.dir, 'fw.bin.ota'));
    const paths = [join(setup.dir, 'fw.bin.ota'), setup.write('ota_cfg.json', Buffer.from('{}'))];
    const work = setup.firmware.importFrom(paths, {}, () => undefined, LI, NEVER_ABORTED);
    await expect(work).rejects.toMatchObject({ details: { reason: 'symlink' } });
  });

  test('when it is the firmware alone', async () => {
    expect((await refusal(setup.write('fw.bin.ota', OPAQUE))).details).toMatchObject({
      reason: 'not-a-package',
    });
  });

  test.each([
    [{ productId: 'no spaces' }, /ProductId/],
    [{ productId: '' }, /ProductId/],
    [{ version: 'a b' }, /version/],
    [{ version: 'x'.repeat(65) }, /version/],
  ])('when it is named %j', async (request, message) => {
    const fault = await refusal(setup.write('a.zip', packageBytes(OPAQUE)), request);
    expect(fault.code).toBe('bad-input');
    expect(fault.message).toMatch(message);
  });

  test('when nothing is there', async () => {
    expect((await refusal(join(setup.dir, 'nothing.zip'))).code).toBe('file-missing');
  });
});
