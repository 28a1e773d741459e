import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { readArchive, readArchived, writeArchive } from '../../scripts/package/asar.ts';
import { neededPackages } from '../../scripts/package/needed-packages.ts';
import { bundledPackages, isAllowed, noticesOf } from '../../scripts/package/notices.ts';
import { type PackagePlan, planPackage } from '../../scripts/package/plan.ts';
import { STAGE, stagePackage } from '../../scripts/package/stage.ts';
import { startCore } from '../../scripts/package/start-core.ts';
import { makeStandIn, readFuses } from '../../scripts/package/stand-in.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ROOT } from './play-scene.ts';

let plan: PackagePlan;
const target = { platform: process.platform, arch: process.arch };

beforeAll(async () => {
  await ensureBundle('pages');
  await ensureBundle('electron');
  plan = planPackage(ROOT, target);
});

describe('what travels with the desktop', () => {
  test('is what its bundles load, and nothing that serves other hosts, builds or patches', () => {
    const names = plan.packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['better-sqlite3', 'serialport', '@stoprocent/noble', 'zod', 'pdfkit', 'ms']),
    );
    const idle =
      /^(?:usb|koffi|fastify|@fastify\/.*|mqtt|aedes|ws|vue|pinia|@vue\/.*|@stoprocent\/bleno|patch-package|node-addon-api|electron|electron-builder|commander)$/;
    expect(names.filter((name) => idle.test(name))).toEqual([]);
    expect(names.length).toBeLessThan(90);
  });

  test('has the binaries of this system and of no other, and no sources, types or tests', () => {
    const natives = plan.files.filter((file) => file.endsWith('.node'));
    expect(natives.some((file) => file.startsWith('node_modules/better-sqlite3/'))).toBe(true);
    const here = new RegExp(`${target.platform}-([\\w+]*)${target.arch}`);
    expect(natives.filter((file) => file.includes('prebuilds/') && !here.test(file))).toEqual([]);
    const idle = /\.(?:d\.ts|map|cc|cpp|h|gyp)$|(?<!license)\.md$|\/(?:test|tests|examples|deps)\//;
    expect(plan.files.filter((file) => idle.test(file))).toEqual([]);
    // Windows needs its own, and gets them.
    const windows = planPackage(ROOT, { platform: 'win32', arch: 'x64' }).files;
    expect(windows).toContain('node_modules/better-sqlite3/prebuilds/win32-x64.node');
    expect(windows.filter((file) => /linux|darwin/.test(file) && file.endsWith('.node'))).toEqual([]);
  });

  test('is enough: the core opens a station from these files alone and loads every package it names', () => {
    // Apart from the repository: in a folder below it Node would find all that is installed.
    using dir = tempDir('travels');
    const app = join(dir.path, 'app');
    stagePackage(ROOT, app, plan);
    renameSync(join(app, 'modules'), join(app, 'node_modules'));
    cpSync(join(ROOT, 'out/electron'), join(app, 'out/electron'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(app, 'package.json'));
    expect(plan.outside).toContain('better-sqlite3');
    expect(startCore(app, join(dir.path, 'data'), plan.outside)).toMatch(/^ready as /);
    // And it is no more than it says: without one of its packages it does not start.
    rmSync(join(app, 'node_modules/ms'), { recursive: true });
    expect(() => startCore(app, join(dir.path, 'data'), plan.outside)).toThrow(/Cannot find .*'ms'/);
  });

  test('is what electron-builder is told to take', () => {
    const { files, extraFiles, asarUnpack } = parse(
      readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'),
    ) as { files: unknown[]; extraFiles: object[]; asarUnpack: string[] };
    expect(files).toContain('!node_modules/**');
    expect(files).toContainEqual({ from: `${STAGE}/modules`, to: 'node_modules' });
    expect(files.filter((one) => typeof one === 'string' && /^(?!!).*node_modules/.test(one))).toEqual([]);
    expect(extraFiles).toContainEqual({
      from: `${STAGE}/THIRD-PARTY-NOTICES.txt`,
      to: 'THIRD-PARTY-NOTICES.txt',
    });
    expect(asarUnpack).toContain('**/*.node');
  });
});

describe('the notices of third parties', () => {
  test('name every package that travels, in a bundle too, with its text; and Node', () => {
    const inBundles = ['main', 'preload', 'pages'].flatMap((name) =>
      bundledPackages(
        ROOT,
        JSON.parse(readFileSync(join(ROOT, `out/modules/${name}.json`), 'utf8')) as never,
      ),
    );
    expect(inBundles.map(({ name }) => name)).toEqual(expect.arrayContaining(['@vue/runtime-core', 'pinia']));
    for (const { name, version } of [...plan.packages, ...inBundles])
      expect(plan.notices).toContain(`\n${name} ${version} (`);
    const texts = plan.notices.split(/^={79}\n.*\n={79}\n/m).slice(1);
    expect(texts.filter((text) => text.trim().length < 200)).toEqual([]);
    expect(plan.notices).toContain('Node.js (beside the program, for scripts of recipes)');
    expect(plan.notices).not.toMatch(/GNU (?:LESSER )?GENERAL PUBLIC LICENSE\s+Version/i);
  });

  /** A repository with one package, whose manifest and files are these. */
  function repository(manifest: object, files: Readonly<Record<string, string>> = {}) {
    const dir = tempDir('notices');
    const home = join(dir.path, 'node_modules/it');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'it', version: '1.0.0', ...manifest }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    return { ...dir, packages: [{ name: 'it', version: '1.0.0', path: 'node_modules/it' }] };
  }
  const attempt = (manifest: object, files?: Readonly<Record<string, string>>, known = {}): string => {
    const { path, packages, [Symbol.dispose]: end } = repository(manifest, files);
    try {
      return noticesOf(path, packages, known);
    } catch (error) {
      return `refused: ${String(error)}`;
    } finally {
      end();
    }
  };

  test.each<[string, object, Readonly<Record<string, string>> | undefined, string]>([
    ['LGPL', { license: 'LGPL-2.1-or-later' }, { LICENSE: 'text' }, 'LGPL-2.1-or-later is not allowed'],
    ['GPL beside MIT', { license: 'MIT AND GPL-3.0-only' }, { LICENSE: 'text' }, 'is not allowed'],
    ['an unknown licence', { license: 'SEE LICENSE IN x' }, { LICENSE: 'text' }, 'is not allowed'],
    ['no licence', {}, { LICENSE: 'text' }, 'licence not given is not allowed'],
    ['no text', { license: 'MIT' }, undefined, 'it 1.0.0 (node_modules/it): its licence text is missing'],
  ])('are not made of a package with %s, which ends the packaging', (_, manifest, files, said) => {
    expect(attempt(manifest, files)).toMatch(/^refused: /);
    expect(attempt(manifest, files)).toContain(said);
  });

  test('take what a person has looked up, for the version that was looked at', () => {
    const known = { 'it@1.0.0': { licence: 'MIT', text: 'the text' } };
    expect(attempt({ license: 'MIT' }, undefined, known)).toContain('the text');
    expect(attempt({ license: 'MIT' }, undefined, { 'it@0.9.0': known['it@1.0.0'] })).toContain('is missing');
    expect(attempt({ license: 'GPL-3.0-only' }, undefined, known)).toContain('is not allowed');
    expect(attempt({ license: 'ISC' }, { 'LICENCE.md': 'a', NOTICE: 'b' })).toMatch(
      /it 1\.0\.0 \(ISC\)[^]*a\n\nb/,
    );
  });

  test.each<[string, boolean]>([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['MIT AND ISC', true],
    ['Apache-2.0 AND LGPL-2.1', false],
    ['MPL-2.0', false],
    ['UNLICENSED', false],
    ['', false],
  ])('judge the expression "%s": %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });

  test('are asked of somebody for every module in a bundle', () => {
    expect(() => bundledPackages(ROOT, { inside: ['\0mystery:x'], outside: [], chunks: {} })).toThrow(
      'mystery',
    );
    expect(() => bundledPackages(ROOT, { inside: ['/elsewhere/x.js'], outside: [], chunks: {} })).toThrow(
      'elsewhere',
    );
    expect(bundledPackages(ROOT, { inside: ['station/index.ts'], outside: [], chunks: {} })).toEqual([]);
  });

  test('miss no package that is asked for and not installed', () => {
    expect(() => neededPackages(ROOT, ['never-installed/x'])).toThrow('never-installed');
    expect(neededPackages(ROOT, ['usb'])).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('the stand-in of a runtime', () => {
  test('has fuses, and archives that can be read', () => {
    using dir = tempDir('stand-in');
    const runtime = join(dir.path, 'runtime');
    makeStandIn(ROOT, runtime);
    expect(readFuses(join(runtime, 'electron'))).toEqual(Array(9).fill('off'));
    const archive = join(dir.path, 'a.asar');
    writeArchive(archive, { a: 'one', 'b.json': '{"二":2}' });
    expect(readArchive(archive).map((file) => [file.path, readArchived(archive, file).toString()])).toEqual([
      ['a', 'one'],
      ['b.json', '{"二":2}'],
    ]);
  });
});
