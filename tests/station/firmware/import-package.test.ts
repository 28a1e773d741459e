import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { MAX_CONFIG_BYTES, MAX_FIRMWARE_BYTES } from '#shared/domain/firmware.ts';
import { verifyAudit } from '../../../station/core/audit-log/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import {
  type FirmwareBench,
  LI,
  md5,
  never,
  openBench,
  otaBytes,
  packageBytes,
  packageOf,
  sha256,
} from './bench.ts';
import { type ZipEntry, zipBytes } from './zip-bytes.ts';

let bench: FirmwareBench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const OPAQUE = Buffer.from('no header at all, only bytes');

async function refusal(path: string, request?: Parameters<FirmwareBench['import']>[1]): Promise<Fault> {
  const before = { contents: bench.contents(), rows: bench.database.firmware.list().length };
  const fault = await faultOf(() => bench.import(path, request));
  expect({ contents: bench.contents(), rows: bench.database.firmware.list().length }).toEqual(before);
  return fault;
}

describe('a sound package', () => {
  test('with a header is kept by its hash, and says what it is', async () => {
    const ota = otaBytes({ body: Buffer.alloc(200_000, 'body ') });
    const { firmware, added } = await bench.import(bench.write('jx.zip', packageBytes(ota)));
    expect(added).toBe(true);
    expect(firmware).toMatchObject({
      firmwareId: sha256(ota),
      sizeBytes: ota.length,
      md5: md5(ota),
      kind: 'bl60x',
      fileName: 'fw.bin.ota',
      packageName: 'jx.zip',
      productId: 'CS0SLTKSYA',
      productFrom: 'mapping',
      version: '1.0.3',
      versionFrom: 'mapping',
      importedBy: 'Li',
      registry: { state: 'none', sha256: null },
    });
    expect(bench.contents()).toEqual([sha256(ota)]);
    expect(readFileSync(join(bench.dataDir, 'firmware', sha256(ota)))).toEqual(ota);
    expect(bench.firmware.get(firmware.firmwareId.slice(0, 8)).header).toEqual({
      type: 'RAW',
      bodyBytes: 200_000,
      hardwareVersion: 'JX-12F',
      softwareVersion: '1.0.3',
      bodySha256: sha256(ota.subarray(512)),
    });
    expect(verifyAudit(bench.database)).toMatchObject({ entries: 1, brokenAt: null });
  });

  test('without a header is opaque; nothing of its ota_cfg.json is guessed, all of it is shown', async () => {
    const config = '{"ver":"2","mode":1,"module":{"rev":1.10},"list":[1,2]}';
    const entries = packageOf(OPAQUE, config).map((entry) => ({
      ...entry,
      name: `out/deep/${String(entry.name)}`,
    }));
    const { firmware } = await bench.import(bench.write('ci.zip', zipBytes(entries)));
    expect(firmware).toMatchObject({ kind: 'opaque', productId: null, version: null, versionFrom: null });
    const details = bench.firmware.get(firmware.firmwareId);
    expect(details.config).toBe(config);
    expect(details.fields).toEqual([
      { path: 'ver', text: '2', meaning: null },
      { path: 'mode', text: '1', meaning: null },
      { path: 'module.rev', text: '1.10', meaning: null },
      { path: 'list', text: '[1,2]', meaning: null },
    ]);
  });

  test('may be a folder, at any depth, among other files', async () => {
    const root = join(bench.dir, 'folder');
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'readme.txt'), 'x');
    writeFileSync(join(root, 'a/fw.bin'), 'not this');
    writeFileSync(join(root, 'a/fw.bin.ota'), OPAQUE);
    writeFileSync(join(root, 'a/b/ota_cfg.json'), '\uFEFF{"version":"9"}');
    const { firmware } = await bench.import(root);
    expect(firmware).toMatchObject({ firmwareId: sha256(OPAQUE), packageName: 'folder', version: '9' });
  });

  test('may be its two files, dropped together', async () => {
    const paths = [bench.write('x.bin.ota', OPAQUE), bench.write('ota_cfg.json', Buffer.from('{}'))];
    const { firmware } = await bench.firmware.importFrom(paths, {}, () => undefined, LI, never);
    expect(firmware.fileName).toBe('x.bin.ota');
  });

  test('is not disturbed by what macOS and Windows leave in archives', async () => {
    const clutter: ZipEntry[] = [
      { name: '__MACOSX/._fw.bin.ota', data: Buffer.from('fork') },
      { name: '._ota_cfg.json', data: Buffer.from('fork') },
      { name: 'Thumbs.db', data: Buffer.from('x') },
      { name: 'folder/', data: Buffer.alloc(0) },
    ];
    const path = bench.write('mac.zip', zipBytes([...clutter, ...packageOf(OPAQUE)], 'made by hand'));
    expect((await bench.import(path)).added).toBe(true);
  });

  test('with names in GBK, and with backslashes for folders, is read', async () => {
    const name = Buffer.concat([Buffer.from([0xb9, 0xcc, 0xbc, 0xfe, 0x5c]), Buffer.from('fw.bin.ota')]);
    const [, config] = packageOf(OPAQUE);
    const path = bench.write('gbk.zip', zipBytes([{ name, data: OPAQUE, flags: 0 }, config!]));
    expect((await bench.import(path)).firmware.fileName).toBe('fw.bin.ota');
  });

  test('imported again is the same package, also from another archive', async () => {
    const first = await bench.import(bench.write('a.zip', packageBytes(OPAQUE, '{}')));
    const again = await bench.import(bench.write('b.zip', zipBytes(packageOf(OPAQUE, '{}').reverse())));
    expect(again).toEqual({ firmware: first.firmware, added: false, passedOver: [] });
    expect(bench.contents()).toHaveLength(1);
    expect(bench.database.firmware.list()).toHaveLength(1);
  });

  test('imported again with names completes what was not known', async () => {
    const path = bench.write('a.zip', packageBytes(OPAQUE, '{}'));
    await bench.import(path);
    const named = await bench.import(path, { productId: 'CS0SLTKSYA', version: '3.1' });
    expect(named).toMatchObject({
      added: false,
      firmware: { productId: 'CS0SLTKSYA', version: '3.1', versionFrom: 'given' },
    });
    expect((await bench.import(path)).firmware).toEqual(named.firmware);
  });

  test('a person counts more than the mapping, the mapping more than the header', async () => {
    const both = otaBytes({ version: 'from-header' });
    const config = { a: { v: 'from-field' } };
    const fields = { version: 'a.v' };
    const mapped = await bench.import(bench.write('a.zip', packageBytes(both, config)), { fields });
    expect(mapped.firmware).toMatchObject({ version: 'from-field', versionFrom: 'mapping' });
    const other = otaBytes({ version: 'from-header', body: Buffer.from('other') });
    const unmapped = await bench.import(bench.write('b.zip', packageBytes(other, config)));
    expect(unmapped.firmware).toMatchObject({ version: 'from-header', versionFrom: 'header' });
    const third = otaBytes({ version: 'from-header', body: Buffer.from('third') });
    const given = await bench.import(bench.write('c.zip', packageBytes(third, config)), {
      fields,
      version: 'said',
    });
    expect(given.firmware).toMatchObject({ version: 'said', versionFrom: 'given' });
  });

  test('tells how far it is', async () => {
    const ota = otaBytes({ body: Buffer.alloc(300_000, 1) });
    const seen: [number, number][] = [];
    const paths = [bench.write('a.zip', packageBytes(ota))];
    await bench.firmware.importFrom(paths, {}, (done, total) => seen.push([done, total]), LI, never);
    expect(seen.at(-1)).toEqual([ota.length, ota.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
  });
});

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
    const fault = await refusal(bench.write('broken.dat', bytes()));
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
      const fault = await refusal(bench.write('cut.zip', whole.subarray(0, length)));
      expect(fault).toMatchObject({ code: 'firmware-invalid', details: { reason: 'damaged' } });
    }
  });

  test('when mapped fields contradict the content', async () => {
    const path = bench.write(
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
    const sound = bench.write('b.zip', packageBytes(OPAQUE, fits));
    expect(
      (await bench.import(sound, { fields: { size: 's', md5: 'm', sha256: 'h', file: 'f' } })).added,
    ).toBe(true);
  });

  test('when its version is here with another content', async () => {
    await bench.import(bench.write('a.zip', packageBytes(OPAQUE)));
    const fault = await refusal(bench.write('b.zip', packageBytes(Buffer.from('other content'))));
    expect(fault).toMatchObject({
      code: 'firmware-invalid',
      details: { reason: 'version-taken', version: '1.0.3', sha256: sha256(OPAQUE) },
    });
    const another = bench.write('c.zip', packageBytes(Buffer.from('other content'), { version: '1.0.4' }));
    expect((await bench.import(another, { productId: 'CS0SLTKSYA' })).added).toBe(true);
    await expect(bench.import(another, { version: '1.0.3' })).rejects.toMatchObject({
      details: { reason: 'version-taken' },
    });
  });

  test('when a folder holds a link', async () => {
    const root = join(bench.dir, 'folder');
    mkdirSync(root);
    writeFileSync(join(root, 'ota_cfg.json'), '{}');
    writeFileSync(join(bench.dir, 'outside'), 'secret');
    symlinkSync(join(bench.dir, 'outside'), join(root, 'fw.bin.ota'));
    expect((await refusal(root)).details).toMatchObject({ reason: 'symlink' });
  });

  test('when a dropped file is a link', async () => {
    writeFileSync(join(bench.dir, 'outside'), 'secret');
    symlinkSync(join(bench.dir, 'outside'), join(bench.dir, 'fw.bin.ota'));
    const paths = [join(bench.dir, 'fw.bin.ota'), bench.write('ota_cfg.json', Buffer.from('{}'))];
    const work = bench.firmware.importFrom(paths, {}, () => undefined, LI, never);
    await expect(work).rejects.toMatchObject({ details: { reason: 'symlink' } });
  });

  test('when it is the firmware alone', async () => {
    expect((await refusal(bench.write('fw.bin.ota', OPAQUE))).details).toMatchObject({
      reason: 'not-a-package',
    });
  });

  test.each([
    [{ productId: 'no spaces' }, /ProductId/],
    [{ productId: '' }, /ProductId/],
    [{ version: 'a b' }, /version/],
    [{ version: 'x'.repeat(65) }, /version/],
  ])('when it is named %j', async (request, message) => {
    const fault = await refusal(bench.write('a.zip', packageBytes(OPAQUE)), request);
    expect(fault.code).toBe('bad-input');
    expect(fault.message).toMatch(message);
  });

  test('when nothing is there', async () => {
    expect((await refusal(join(bench.dir, 'nothing.zip'))).code).toBe('file-missing');
  });
});

describe('an import', () => {
  test('that is cancelled leaves nothing', async () => {
    const path = bench.write('a.zip', packageBytes(otaBytes({ body: Buffer.alloc(3_000_000, 7) })));
    const stop = new AbortController();
    const work = bench.firmware.importFrom([path], {}, () => stop.abort(), LI, stop.signal);
    expect((await faultOf(() => work)).code).toBe('cancelled');
    expect(bench.contents()).toEqual([]);
  });

  test('that was killed is tidied up at the next start', async () => {
    await bench.import(bench.write('a.zip', packageBytes(OPAQUE)));
    const stray = join(bench.dataDir, 'firmware', 'f'.repeat(64));
    writeFileSync(stray, 'kept by rename, never recorded');
    writeFileSync(join(bench.dataDir, 'firmware', 'x.part'), 'half');
    await bench.firmware.close();
    bench.database.close();
    await using second = openBench({ dataDir: bench.dataDir });
    expect(second.contents()).toEqual([sha256(OPAQUE)]);
    expect(second.firmware.state().packages).toHaveLength(1);
  });

  test('restores a copy that was damaged on disk', async () => {
    const path = bench.write('a.zip', packageBytes(OPAQUE));
    await bench.import(path);
    writeFileSync(join(bench.dataDir, 'firmware', sha256(OPAQUE)), 'damaged');
    expect((await bench.import(path)).added).toBe(false);
    expect(readFileSync(join(bench.dataDir, 'firmware', sha256(OPAQUE)))).toEqual(OPAQUE);
  });

  test('of anything at all ends with a fault of the list or a package, never with a crash', async () => {
    const whole = packageBytes(otaBytes({ body: Buffer.alloc(600, 'y') }));
    const edit = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of edits) bytes[at] = byte;
        const path = bench.write('fuzz.zip', bytes);
        const outcome = await bench.import(path).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(Fault);
          expect((outcome as Fault).code).toBe('firmware-invalid');
        }
        expect(bench.contents().filter((name) => name.endsWith('.part'))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

test('several imports at once do not mix', async () => {
  const paths = [1, 2, 3].map((n) =>
    bench.write(`${n}.zip`, packageBytes(otaBytes({ body: Buffer.alloc(500_000, n) }), { version: `${n}` })),
  );
  const all = await Promise.all(paths.map((path) => bench.import(path, { productId: 'P' })));
  expect(all.map(({ firmware }) => firmware.version)).toEqual(['1', '2', '3']);
  expect(bench.contents()).toEqual(all.map(({ firmware }) => firmware.sha256).sort());
});
