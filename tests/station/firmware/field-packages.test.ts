import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultOf } from '../../support/fault-of.ts';
import { type FirmwareSetup, openFirmware, otaBytes, packageOf, sha256 } from './firmware-setup.ts';
import { toDetails } from '../../../station/firmware/views.ts';
import type { FirmwareRow } from '../../../station/core/database/index.ts';
import { type ZipEntry, zipBytes } from './zip-bytes.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

let setup: FirmwareSetup;
beforeEach(() => {
  setup = openFirmware();
});
afterEach(() => setup[Symbol.asyncDispose]());

const OTA = otaBytes({ body: Buffer.from('a body of some length, twice: a body of some length') });
const plain = (config = '{"productId":"HT5","version":"2.0"}', more: readonly ZipEntry[] = []): Buffer =>
  zipBytes([...packageOf(OTA, config), ...more]);

describe('a name that cannot be one', () => {
  test.each([
    ['V3.1 beta', 'a blank'],
    ['版本二', 'Chinese'],
    ['１.０', 'full-width digits'],
    ['v'.repeat(65), 'its length'],
  ])('of a version (%s) is kept and shown, and asked for: %s', async (version) => {
    const { firmware } = await setup.import(
      setup.write('a.zip', plain(JSON.stringify({ productId: 'HT5', version }))),
    );
    // The header has a version that fits; the package's own word is shown, and the header's is taken.
    expect(firmware).toMatchObject({ version: '1.0.3', versionFrom: 'header', invalidVersion: version });
  });

  test('of a product and a version is said in the refusal of the upload', async () => {
    await using alone = openFirmware({ registry: {} as never });
    const opaque = zipBytes(
      packageOf(Buffer.from('opaque'), '{"productId":"智能 灯","version":" V3 20260301 "}'),
    );
    const { firmware } = await alone.import(alone.write('a.zip', opaque));
    expect(firmware).toMatchObject({
      productId: null,
      invalidProduct: '智能 灯',
      version: null,
      invalidVersion: 'V3 20260301',
    });
    const upload = (): Promise<unknown> =>
      alone.firmware.upload(
        firmware.firmwareId,
        () => undefined,
        { user: 'Li', role: 'engineer' },
        NEVER_ABORTED,
      );
    expect(await faultOf(upload)).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(
        /the product "智能 灯" of its package is not valid, and the version "V3 20260301"/,
      ) as string,
    });
    // Said by a person, both are known.
    const named = alone.firmware.describe(
      firmware.firmwareId,
      { productId: 'HT5', version: '3.0' },
      { user: 'Li', role: 'engineer' },
    );
    expect(named).toMatchObject({ productId: 'HT5', version: '3.0' });
  });

  test('is shown of a field that is no name at all', async () => {
    const opaque = zipBytes(packageOf(Buffer.from('opaque'), '{"productId":["HT5"],"version":true}'));
    const { firmware } = await setup.import(setup.write('a.zip', opaque));
    expect(firmware).toMatchObject({
      productId: null,
      invalidProduct: '["HT5"]',
      version: null,
      invalidVersion: 'true',
    });
  });

  test('is null where the package says nothing', async () => {
    const { firmware } = await setup.import(setup.write('a.zip', plain('{"version":null,"productId":""}')));
    expect(firmware).toMatchObject({ invalidProduct: null, invalidVersion: null });
  });
});

describe('an archive of another kind', () => {
  const tar = Buffer.alloc(1536);
  tar.write('fw.bin.ota');
  tar.write('ustar', 257);
  const oldTar = Buffer.alloc(1536);
  oldTar.write('fw.bin.ota');
  const sum = [...oldTar.subarray(0, 512)].reduce((all, byte) => all + byte, 8 * 0x20);
  oldTar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);

  test.each([
    ['RAR 4', Buffer.from('Rar!\x1a\x07\0rest', 'latin1'), 'a RAR archive'],
    ['RAR 5', Buffer.from('Rar!\x1a\x07\x01\0rest', 'latin1'), 'a RAR archive'],
    ['7z', Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'), 'a 7z archive'],
    ['tar', tar, 'a tar archive'],
    ['tar of before POSIX', oldTar, 'a tar archive'],
    ['gzip', gzipSync('x'), 'a gzip file'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'a bzip2 file'],
    ['xz', Buffer.from('\xfd7zXZ\0\0', 'latin1'), 'an xz file'],
    ['LZ4', Buffer.from('\x04\x22\x4d\x18rest', 'latin1'), 'an LZ4 file'],
    [
      'RAR behind a program',
      Buffer.from('MZ\x90 a program Rar!\x1a\x07\x01\0', 'latin1'),
      'a RAR archive that',
    ],
    [
      '7z behind a program',
      Buffer.from('MZ\x90 a program 7z\xbc\xaf\x27\x1c', 'latin1'),
      'a 7z archive that',
    ],
    ['a program', Buffer.from('MZ\x90\0 a program'), 'a program (.exe)'],
    ['the first part of a split zip', Buffer.from('PK\x07\x08PK\x03\x04'), 'a part of a split zip'],
    ['an error message', Buffer.from('{"code":401,"msg":"未登录"}'), 'a text'],
    ['a page of a web site', Buffer.from('<!DOCTYPE html><title>Sign in</title>'), 'a page of a web site'],
    // A zip within it must not be taken for the archive.
    ['tar that ends with a zip', Buffer.concat([tar, plain()]), 'a tar archive'],
  ])('is named for what it is, whatever its ending: %s', async (_name, content, kind) => {
    for (const name of ['fw.zip', 'fw.bin']) {
      expect(await faultOf(() => setup.import(setup.write(name, content)))).toMatchObject({
        code: 'firmware-invalid',
        message: expect.stringContaining(`${name} is ${kind}`) as string,
        details: { reason: 'not-a-package' },
      });
    }
    expect(setup.contents()).toEqual([]);
  });
});

describe('a zip that is no package', () => {
  test('is named as the last part of a split zip', async () => {
    const part = plain();
    part.writeUInt16LE(1, part.length - 22 + 4);
    for (const name of ['fw.zip', 'fw.bin'])
      expect(await faultOf(() => setup.import(setup.write(name, part)))).toMatchObject({
        message: expect.stringContaining(`${name} is the last part of a split zip`) as string,
        details: { reason: 'not-a-package' },
      });
  });

  test.each(['out/pkg.zip', '固件.rar', 'pkg.tar.gz'])('names the archive in it: %s', async (inner) => {
    const content = zipBytes([{ name: inner, data: plain() }]);
    expect(await faultOf(() => setup.import(setup.write('mail.zip', content)))).toMatchObject({
      message: 'mail.zip contains no *.bin.ota',
      hint: `The package contains the archive "${inner}": unpack it and import its contents.`,
    });
  });
});

describe('a zip within other bytes', () => {
  test.each([
    ['a line end behind it', Buffer.concat([plain(), Buffer.from('\r\n\0')])],
    ['64 KiB of zeros behind it', Buffer.concat([plain(), Buffer.alloc(65_536)])],
    [
      'a comment and bytes behind it',
      Buffer.concat([zipBytes(packageOf(OTA), 'made by hand'), Buffer.from('--boundary--')]),
    ],
    [
      'an end mark among the bytes behind it',
      Buffer.concat([plain(), Buffer.from('xPK\x05\x06 and a few more bytes, 22 at least')]),
    ],
    ['an end mark in its comment', zipBytes(packageOf(OTA), 'PK\x05\x06 in a comment of 22 bytes and more')],
    ['a comment that is cut off', zipBytes(packageOf(OTA), 'made by hand').subarray(0, -5)],
    ['a program before it', Buffer.concat([Buffer.from('MZ\x90\0 unpacks itself'), plain()])],
    ['bytes before and behind it', Buffer.concat([Buffer.from('#!/bin/sh\n'), plain(), Buffer.from('\n')])],
  ])('is read: %s', async (_name, content) => {
    const { firmware } = await setup.import(setup.write('fw.zip', content));
    expect(firmware.sha256).toBe(sha256(OTA));
  });

  test('with bytes behind it is damaged when the CRC of its content is wrong', async () => {
    const entries = packageOf(OTA).map((entry) => ({ ...entry, claimedCrc: 7 }));
    const content = Buffer.concat([zipBytes(entries), Buffer.from('\r\n')]);
    expect(await faultOf(() => setup.import(setup.write('fw.zip', content)))).toMatchObject({
      details: { reason: 'damaged' },
    });
  });

  test('that is cut off is damaged', async () => {
    const whole = plain();
    for (const length of [4, 60, whole.length - 30, whole.length - 1])
      expect(
        await faultOf(() => setup.import(setup.write('fw.zip', whole.subarray(0, length)))),
      ).toMatchObject({
        details: { reason: 'damaged' },
      });
  });

  test('with a method that is not read names it', async () => {
    const [first, ...rest] = packageOf(OTA);
    for (const [method, name] of [
      [9, 'Deflate64'],
      [14, 'LZMA'],
      [93, 'Zstandard'],
      [77, 'method 77'],
    ] as const) {
      const content = zipBytes([{ ...(first as ZipEntry), method }, ...rest]);
      expect(await faultOf(() => setup.import(setup.write('fw.zip', content)))).toMatchObject({
        message: expect.stringContaining(`packed with ${name}`) as string,
        details: { reason: 'not-a-package', method },
      });
    }
  });

  test('made by Python behind a program, with its offsets corrected or not, in zip64 too', async () => {
    const root = join(setup.dir, 'made');
    mkdirSync(root);
    writeFileSync(join(root, 'fw.bin.ota'), OTA);
    writeFileSync(join(root, 'ota_cfg.json'), '{}');
    const out = join(setup.dir, 'sfx.exe');
    writeFileSync(out, 'MZ a program');
    // Python writes behind what is there and counts offsets from the file's beginning.
    execFileSync('python3', [
      '-c',
      `import zipfile, sys\nz = zipfile.ZipFile(sys.argv[1], 'a', zipfile.ZIP_DEFLATED)\n` +
        `for n in ('fw.bin.ota', 'ota_cfg.json'):\n  with z.open(n, 'w', force_zip64=True) as m: m.write(open(sys.argv[2] + '/' + n, 'rb').read())\nz.close()`,
      out,
      root,
    ]);
    expect((await setup.import(out)).firmware.sha256).toBe(sha256(OTA));
  });
});

describe('documents of a package', () => {
  const README = Buffer.from('read me first\n');
  const PROTOCOL = zipBytes([{ name: 'word/document.xml', data: Buffer.from('<w/>') }]);
  const beside: readonly ZipEntry[] = [
    { name: 'doc/jx_iot_protocol.docx', data: PROTOCOL },
    { name: 'readme.txt', data: README, deflate: true },
    // 说明.txt in GBK.
    { name: Buffer.from([0xcb, 0xb5, 0xc3, 0xf7, 0x2e, 0x74, 0x78, 0x74]), data: README, flags: 0 },
    { name: 'burn.elf', data: Buffer.from('not a document') },
    { name: '__MACOSX/._readme.txt', data: Buffer.from('clutter') },
  ];

  test('are kept with it, listed, and had as they came', async () => {
    const { firmware, skippedFiles } = await setup.import(setup.write('fw.zip', plain(undefined, beside)));
    expect(skippedFiles).toEqual(['burn.elf']);
    const { documents } = setup.firmware.get(firmware.firmwareId);
    expect(documents.map(({ path, sizeBytes, sha256: hash }) => ({ path, sizeBytes, hash }))).toEqual([
      { path: 'doc/jx_iot_protocol.docx', sizeBytes: PROTOCOL.length, hash: sha256(PROTOCOL) },
      { path: 'readme.txt', sizeBytes: README.length, hash: sha256(README) },
      { path: '说明.txt', sizeBytes: README.length, hash: sha256(README) },
    ]);
    const file = setup.firmware.documentFile(documents[0]?.fileId ?? '');
    expect(file).toMatchObject({ name: 'jx_iot_protocol.docx' });
    expect(readFileSync(file?.path ?? '')).toEqual(PROTOCOL);
    expect(setup.firmware.documentFile(`doc-${sha256(OTA)}`)).toBeNull();

    const out = join(setup.dir, 'out');
    await setup.firmware.exportTo(firmware.firmwareId, out, undefined);
    expect(readFileSync(join(out, 'fw.bin.ota'))).toEqual(OTA);
    expect(readFileSync(join(out, 'ota_cfg.json'), 'utf8')).toBe('{"productId":"HT5","version":"2.0"}');
    expect(readFileSync(join(out, 'doc/jx_iot_protocol.docx'))).toEqual(PROTOCOL);
    expect(readFileSync(join(out, '说明.txt'))).toEqual(README);
  });

  test('are not written over anything, and one can be had alone', async () => {
    const { firmware } = await setup.import(setup.write('fw.zip', plain(undefined, beside)));
    const out = join(setup.dir, 'out');
    await setup.firmware.exportTo(firmware.firmwareId, out, 'readme.txt');
    expect(existsSync(join(out, 'fw.bin.ota'))).toBe(false);
    expect(await faultOf(() => setup.firmware.exportTo(firmware.firmwareId, out, undefined))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('readme.txt exists already') as string,
    });
    expect(existsSync(join(out, 'fw.bin.ota'))).toBe(false);
    expect(await faultOf(() => setup.firmware.exportTo(firmware.firmwareId, out, 'no.txt'))).toMatchObject({
      code: 'not-found',
    });
  });

  test('name the stored content that is missing, not the target, and leave no other file behind', async () => {
    const { firmware } = await setup.import(setup.write('fw.zip', plain(undefined, beside)));
    const content = join(setup.dataDir, 'firmware', sha256(PROTOCOL));
    rmSync(content);
    const out = join(setup.dir, 'out');
    expect(await faultOf(() => setup.firmware.exportTo(firmware.firmwareId, out, undefined))).toMatchObject({
      code: 'file-missing',
      message: `the station's copy of doc/jx_iot_protocol.docx is missing: ${content}`,
    });
    expect(readdirSync(out, { recursive: true })).toEqual(['doc']);
  });

  test.each([
    ['is a file', 'taken', 'file-denied'],
    ['is inside of a file', 'taken/out', 'file-missing'],
  ])('are not written to a folder that %s, and the fault names it', async (_, name, code) => {
    const { firmware } = await setup.import(setup.write('fw.zip', plain()));
    setup.write('taken', Buffer.from('a file'));
    const out = join(setup.dir, name);
    const fault = await faultOf(() => setup.firmware.exportTo(firmware.firmwareId, out, undefined));
    expect(fault).toMatchObject({
      code,
      message: `the folder ${out} cannot be made`,
      hint: expect.stringMatching(/^Check that (?:this|each part of its path) is a folder/) as string,
    });
  });

  test('come later with the same firmware, and stay through a restart', async () => {
    const first = await setup.import(setup.write('a.zip', plain()));
    expect(setup.firmware.get(first.firmware.firmwareId).documents).toEqual([]);
    const newer = [{ name: 'readme.txt', data: Buffer.from('a newer one') }];
    await setup.import(setup.write('b.zip', plain(undefined, beside)));
    await setup.import(setup.write('c.zip', plain(undefined, newer)));
    await setup.firmware.close();
    setup.database.close();
    await using again = openFirmware({ dataDir: setup.dataDir });
    const { documents } = again.firmware.get(first.firmware.firmwareId);
    expect(documents.map(({ path }) => path)).toEqual(['doc/jx_iot_protocol.docx', 'readme.txt', '说明.txt']);
    const readme = again.firmware.documentFile(documents[1]?.fileId ?? '');
    expect(readFileSync(readme?.path ?? '', 'utf8')).toBe('a newer one');
  });

  test('are as many as a package has, and what is left out is named', async () => {
    const many = Array.from({ length: 70 }, (_, n) => ({
      name: `t${String(n).padStart(2, '0')}.txt`,
      data: Buffer.from(String(n)),
    }));
    const { firmware, skippedFiles } = await setup.import(setup.write('fw.zip', plain(undefined, many)));
    expect(setup.firmware.get(firmware.firmwareId).documents).toHaveLength(64);
    expect(skippedFiles).toEqual(['t64.txt', 't65.txt', 't66.txt', 't67.txt', 't68.txt', 't69.txt']);
  });

  test('that are damaged damage the package', async () => {
    const bad = { name: 'readme.txt', data: deflateRawSync(README), method: 8, claimedBytes: 5 };
    expect(await faultOf(() => setup.import(setup.write('fw.zip', plain(undefined, [bad]))))).toMatchObject({
      code: 'firmware-invalid',
    });
    expect(setup.contents()).toEqual([]);
  });
});

test('an ota_cfg.json that is not UTF-8 is refused with its line', async () => {
  const gbk = Buffer.concat([Buffer.from('{\n"name":"'), Buffer.from([0xb5, 0xc6]), Buffer.from('"}')]);
  const content = zipBytes([
    { name: 'fw.bin.ota', data: OTA },
    { name: 'ota_cfg.json', data: gbk },
  ]);
  expect(await faultOf(() => setup.import(setup.write('fw.zip', content)))).toMatchObject({
    message: expect.stringMatching(/ota_cfg\.json", line 2, column 9: this file is not UTF-8/) as string,
    details: { reason: 'config-not-json', line: 2 },
  });
});

test('byte order marks are no part of an ota_cfg.json, and one of an older version is still shown', async () => {
  const marked = plain('\ufeff\ufeff{"productId":"HT5","version":"2.0"}');
  const { firmware } = await setup.import(setup.write('fw.zip', marked));
  expect(firmware).toMatchObject({ productId: 'HT5', version: '2.0' });
  const kept = setup.database.firmware.findBySha256(firmware.sha256);
  expect(setup.firmware.get(firmware.firmwareId).config).toBe('{"productId":"HT5","version":"2.0"}');
  // As a version that looked at no encoding has kept it.
  const details = toDetails(
    { ...(kept as FirmwareRow), config: Buffer.from('{"v":"\ufffd"}') },
    null,
    {},
    [],
  );
  expect(details).toMatchObject({ version: '2.0', config: '{"v":"\ufffd"}', fields: [] });
});
