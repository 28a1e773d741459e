import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { verifyAudit } from '../../../station/core/audit-log/index.ts';
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

describe('a sound package', () => {
  test('with a header is kept by its hash, and says what it is', async () => {
    const ota = otaBytes({ body: Buffer.alloc(200_000, 'body ') });
    const { firmware, added } = await setup.import(setup.write('jx.zip', packageBytes(ota)));
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
    expect(setup.contents()).toEqual([sha256(ota)]);
    expect(readFileSync(join(setup.dataDir, 'firmware', sha256(ota)))).toEqual(ota);
    expect(setup.firmware.get(firmware.firmwareId.slice(0, 8)).header).toEqual({
      type: 'RAW',
      bodyBytes: 200_000,
      hardwareVersion: 'JX-12F',
      softwareVersion: '1.0.3',
      bodySha256: sha256(ota.subarray(512)),
    });
    expect(verifyAudit(setup.database)).toMatchObject({ entries: 1, brokenAt: null });
  });

  test('is found by the digits of its id, in upper case, too, and not by fewer than six', async () => {
    const { firmware } = await setup.import(setup.write('a.zip', packageBytes(OPAQUE)));
    const { firmwareId } = firmware;
    expect(setup.firmware.get(firmwareId.toUpperCase()).firmwareId).toBe(firmwareId);
    expect(setup.firmware.get(firmwareId.slice(0, 6).toUpperCase()).firmwareId).toBe(firmwareId);
    expect(await faultOf(() => setup.firmware.get(firmwareId.slice(0, 5)))).toMatchObject({
      code: 'bad-input',
      hint: 'Give at least 6 digits of its SHA-256.',
    });
  });

  test('without a header is opaque; nothing of its ota_cfg.json is guessed, all of it is shown', async () => {
    const config = '{"ver":"2","mode":1,"module":{"rev":1.10},"list":[1,2]}';
    const entries = packageOf(OPAQUE, config).map((entry) => ({
      ...entry,
      name: `out/deep/${String(entry.name)}`,
    }));
    const { firmware } = await setup.import(setup.write('ci.zip', zipBytes(entries)));
    expect(firmware).toMatchObject({ kind: 'opaque', productId: null, version: null, versionFrom: null });
    const details = setup.firmware.get(firmware.firmwareId);
    expect(details.config).toBe(config);
    expect(details.fields).toEqual([
      { path: 'ver', text: '2', meaning: null },
      { path: 'mode', text: '1', meaning: null },
      { path: 'module.rev', text: '1.10', meaning: null },
      { path: 'list', text: '[1,2]', meaning: null },
    ]);
  });

  test('may be a folder, at any depth, among other files', async () => {
    const root = join(setup.dir, 'folder');
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'readme.txt'), 'x');
    writeFileSync(join(root, 'a/fw.bin'), 'not this');
    writeFileSync(join(root, 'a/fw.bin.ota'), OPAQUE);
    writeFileSync(join(root, 'a/b/ota_cfg.json'), '\uFEFF{"version":"9"}');
    const { firmware } = await setup.import(root);
    expect(firmware).toMatchObject({ firmwareId: sha256(OPAQUE), packageName: 'folder', version: '9' });
  });

  test('may be its two files, dropped together', async () => {
    const paths = [setup.write('x.bin.ota', OPAQUE), setup.write('ota_cfg.json', Buffer.from('{}'))];
    const { firmware } = await setup.firmware.importFrom(paths, {}, () => undefined, LI, NEVER_ABORTED);
    expect(firmware.fileName).toBe('x.bin.ota');
  });

  test('is not disturbed by what macOS and Windows leave in archives', async () => {
    const clutter: ZipEntry[] = [
      { name: '__MACOSX/._fw.bin.ota', data: Buffer.from('fork') },
      { name: '._ota_cfg.json', data: Buffer.from('fork') },
      { name: 'Thumbs.db', data: Buffer.from('x') },
      { name: 'folder/', data: Buffer.alloc(0) },
    ];
    const path = setup.write('mac.zip', zipBytes([...clutter, ...packageOf(OPAQUE)], 'made by hand'));
    expect((await setup.import(path)).added).toBe(true);
  });

  test('with names in GBK, and with backslashes for folders, is read', async () => {
    const name = Buffer.concat([Buffer.from([0xb9, 0xcc, 0xbc, 0xfe, 0x5c]), Buffer.from('fw.bin.ota')]);
    const [, config] = packageOf(OPAQUE);
    const path = setup.write('gbk.zip', zipBytes([{ name, data: OPAQUE, flags: 0 }, config!]));
    expect((await setup.import(path)).firmware.fileName).toBe('fw.bin.ota');
  });

  test('imported again is the same package, also from another archive', async () => {
    const first = await setup.import(setup.write('a.zip', packageBytes(OPAQUE, '{}')));
    const again = await setup.import(setup.write('b.zip', zipBytes(packageOf(OPAQUE, '{}').reverse())));
    expect(again).toEqual({ firmware: first.firmware, added: false, skippedFiles: [] });
    expect(setup.contents()).toHaveLength(1);
    expect(setup.database.firmware.list()).toHaveLength(1);
  });

  test('imported again with names completes what was not known', async () => {
    const path = setup.write('a.zip', packageBytes(OPAQUE, '{}'));
    await setup.import(path);
    const named = await setup.import(path, { productId: 'CS0SLTKSYA', version: '3.1' });
    expect(named).toMatchObject({
      added: false,
      firmware: { productId: 'CS0SLTKSYA', version: '3.1', versionFrom: 'given' },
    });
    expect((await setup.import(path)).firmware).toEqual(named.firmware);
  });

  test('a person counts more than the mapping, the mapping more than the header', async () => {
    const both = otaBytes({ version: 'from-header' });
    const config = { a: { v: 'from-field' } };
    const fields = { version: 'a.v' };
    const mapped = await setup.import(setup.write('a.zip', packageBytes(both, config)), { fields });
    expect(mapped.firmware).toMatchObject({ version: 'from-field', versionFrom: 'mapping' });
    const other = otaBytes({ version: 'from-header', body: Buffer.from('other') });
    const unmapped = await setup.import(setup.write('b.zip', packageBytes(other, config)));
    expect(unmapped.firmware).toMatchObject({ version: 'from-header', versionFrom: 'header' });
    const third = otaBytes({ version: 'from-header', body: Buffer.from('third') });
    const given = await setup.import(setup.write('c.zip', packageBytes(third, config)), {
      fields,
      version: 'said',
    });
    expect(given.firmware).toMatchObject({ version: 'said', versionFrom: 'given' });
  });

  test('tells how far it is', async () => {
    const ota = otaBytes({ body: Buffer.alloc(300_000, 1) });
    const seen: [number, number][] = [];
    const paths = [setup.write('a.zip', packageBytes(ota))];
    await setup.firmware.importFrom(paths, {}, (done, total) => seen.push([done, total]), LI, NEVER_ABORTED);
    expect(seen.at(-1)).toEqual([ota.length, ota.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
  });
});

describe('an import', () => {
  test('that is cancelled leaves nothing', async () => {
    const path = setup.write('a.zip', packageBytes(otaBytes({ body: Buffer.alloc(3_000_000, 7) })));
    const stop = new AbortController();
    const work = setup.firmware.importFrom([path], {}, () => stop.abort(), LI, stop.signal);
    expect((await faultOf(() => work)).code).toBe('cancelled');
    expect(setup.contents()).toEqual([]);
  });

  test('that was killed is tidied up at the next start', async () => {
    await setup.import(setup.write('a.zip', packageBytes(OPAQUE)));
    const stray = join(setup.dataDir, 'firmware', 'f'.repeat(64));
    writeFileSync(stray, 'kept by rename, never recorded');
    writeFileSync(join(setup.dataDir, 'firmware', 'x.part'), 'half');
    await setup.firmware.close();
    setup.database.close();
    await using second = openFirmware({ dataDir: setup.dataDir });
    expect(second.contents()).toEqual([sha256(OPAQUE)]);
    expect(second.firmware.state().packages).toHaveLength(1);
  });

  test('restores a copy that was damaged on disk', async () => {
    const path = setup.write('a.zip', packageBytes(OPAQUE));
    await setup.import(path);
    writeFileSync(join(setup.dataDir, 'firmware', sha256(OPAQUE)), 'damaged');
    expect((await setup.import(path)).added).toBe(false);
    expect(readFileSync(join(setup.dataDir, 'firmware', sha256(OPAQUE)))).toEqual(OPAQUE);
  });

  test('of anything at all ends with a fault of the list or a package, never with a crash', async () => {
    const whole = packageBytes(otaBytes({ body: Buffer.alloc(600, 'y') }));
    const edit = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of edits) bytes[at] = byte;
        const path = setup.write('fuzz.zip', bytes);
        const outcome = await setup.import(path).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(Fault);
          expect((outcome as Fault).code).toBe('firmware-invalid');
        }
        expect(setup.contents().filter((name) => name.endsWith('.part'))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

test('several imports at once do not mix', async () => {
  const paths = [1, 2, 3].map((n) =>
    setup.write(`${n}.zip`, packageBytes(otaBytes({ body: Buffer.alloc(500_000, n) }), { version: `${n}` })),
  );
  const all = await Promise.all(paths.map((path) => setup.import(path, { productId: 'P' })));
  expect(all.map(({ firmware }) => firmware.version)).toEqual(['1', '2', '3']);
  expect(setup.contents()).toEqual(all.map(({ firmware }) => firmware.sha256).sort());
});
