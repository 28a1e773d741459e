import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePackage } from '#simulator';
import { faultOf } from '../../support/fault-of.ts';
import { type FirmwareSetup, openFirmware, otaBytes, sha256 } from './firmware-setup.ts';

const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined;

let setup: FirmwareSetup;
beforeEach(() => {
  setup = openFirmware();
});
afterEach(() => setup[Symbol.asyncDispose]());

const OTA = otaBytes({ body: Buffer.alloc(300_000, 'firmware ') });

/** A folder with a package in it, for a foreign archiver. */
function folder(): string {
  const root = join(setup.dir, 'package');
  mkdirSync(root);
  writeFileSync(join(root, 'fw.bin.ota'), OTA);
  writeFileSync(join(root, 'ota_cfg.json'), '{"productId":"CS0SLTKSYA"}');
  return root;
}

describe.skipIf(!has('python3'))("archives of Python's zipfile", () => {
  const python = (script: string): string => {
    const root = folder();
    const out = join(setup.dir, 'out.zip');
    execFileSync('python3', ['-c', `import zipfile, sys\nout, root = sys.argv[1:]\n${script}`, out, root]);
    return out;
  };
  const members = "for n in ('fw.bin.ota', 'ota_cfg.json'):\n  z.write(root + '/' + n, 'sub/' + n)\n";

  test.each([
    ['stored', `z = zipfile.ZipFile(out, 'w')\n${members}z.close()`],
    ['deflated', `z = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)\n${members}z.close()`],
    [
      'streamed, so that sizes stand behind the content',
      `class S:\n  def __init__(s, f): s.f = f\n  def write(s, b): return s.f.write(b)\n  def flush(s): s.f.flush()\n` +
        `f = open(out, 'wb')\nz = zipfile.ZipFile(S(f), 'w', zipfile.ZIP_DEFLATED)\n${members}z.close()\nf.close()`,
    ],
    [
      'in zip64',
      `z = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)\nfor n in ('fw.bin.ota', 'ota_cfg.json'):\n` +
        `  with z.open(n, 'w', force_zip64=True) as m: m.write(open(root + '/' + n, 'rb').read())\nz.close()`,
    ],
    [
      'with a comment and Chinese folders',
      `z = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)\nz.comment = b'PK comment'\n` +
        `for n in ('fw.bin.ota', 'ota_cfg.json'):\n  z.write(root + '/' + n, '固件/' + n)\nz.close()`,
    ],
  ])('%s are read', async (_, script) => {
    const { firmware } = await setup.import(python(script));
    expect(firmware).toMatchObject({ sha256: sha256(OTA), kind: 'bl60x', productId: 'CS0SLTKSYA' });
  });

  test.each([
    ['bzip2', 'not-a-package', `z = zipfile.ZipFile(out, 'w', zipfile.ZIP_BZIP2)\n${members}z.close()`],
    [
      'a link',
      'symlink',
      `z = zipfile.ZipFile(out, 'w')\n${members}i = zipfile.ZipInfo('link')\ni.external_attr = 0o120777 << 16\nz.writestr(i, '/etc/passwd')\nz.close()`,
    ],
    [
      'a gigabyte of zeros',
      'bomb',
      `z = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)\nz.write(root + '/ota_cfg.json', 'ota_cfg.json')\n` +
        `m = z.open('fw.bin.ota', 'w')\n[m.write(bytes(1 << 20)) for _ in range(90)]\nm.close()\nz.close()`,
    ],
  ])('with %s are refused', async (_, reason, script) => {
    const fault = await faultOf(() => setup.import(python(script)));
    expect(fault).toMatchObject({ code: 'firmware-invalid', details: { reason } });
    expect(setup.contents()).toEqual([]);
  });

  test("the simulator's packages are sound to it", async () => {
    const path = join(setup.dir, 'sample.zip');
    const sample = await makePackage(path, { bodyBytes: 700_001, softwareVersion: '7', folder: '样例' });
    const said = execFileSync(
      'python3',
      ['-c', 'import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())', path],
      {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
      },
    );
    expect(said).toBe("None ['样例/sim_firmware.bin.ota', '样例/ota_cfg.json', '样例/readme.txt']\n");
    const { firmware } = await setup.import(path);
    expect(firmware).toMatchObject({ sha256: sample.sha256, md5: sample.md5, kind: 'bl60x', version: '7' });
  });
});

describe.skipIf(!has('zip'))('archives of Info-ZIP', () => {
  const zip = (...args: string[]): string => {
    const root = folder();
    symlinkSync('/etc/passwd', join(root, 'link'));
    const out = join(setup.dir, 'out.zip');
    execFileSync('zip', ['-q', '-r', ...args, out, 'fw.bin.ota', 'ota_cfg.json'], { cwd: root });
    return out;
  };

  test('are read', async () => {
    const { firmware } = await setup.import(zip('-9'));
    expect(firmware.sha256).toBe(sha256(OTA));
  });

  test('with a password are refused', async () => {
    const fault = await faultOf(() => setup.import(zip('-P', 'secret')));
    expect(fault.details).toMatchObject({ reason: 'encrypted' });
  });

  test('in parts, or cut off, are refused', async () => {
    const whole = readFileSync(zip());
    for (const length of [whole.length - 1, whole.length - 30, whole.length >> 1]) {
      const fault = await faultOf(() => setup.import(setup.write('cut.zip', whole.subarray(0, length))));
      expect(fault.details).toMatchObject({ reason: 'damaged' });
    }
  });
});

describe('packages as vendors made them, of any size', () => {
  test.each([
    [{ bodyBytes: 1 }, 'bl60x'],
    [{ bodyBytes: 262_144, headerless: true }, 'opaque'],
    [{ bodyBytes: 5_000_000, config: '{"ver":"2","mode":1}' }, 'bl60x'],
  ] as const)('%j', async (options, kind) => {
    const path = join(setup.dir, 'sample.zip');
    const sample = await makePackage(path, options);
    const { firmware } = await setup.import(path);
    expect(firmware).toMatchObject({ sha256: sample.sha256, sizeBytes: sample.sizeBytes, kind });
    expect(setup.firmware.get(sample.sha256).config).toBe(sample.config);
  });
});
