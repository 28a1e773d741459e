import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unpackArchive } from '../../scripts/package/asar.ts';
import { LONG } from '../support/depth.ts';
import { tempDir } from '../support/temp-dir.ts';
import { playScene, ROOT } from './play-scene.ts';

/** Packaging takes tens of seconds; `npm run dist -- --dir --stand-in` does the same by hand. */
test.skipIf(!LONG || process.platform !== 'linux')(
  'a package is whole around a stand-in of the runtime: its core and its main start from the archive',
  async () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts/steps/dist.ts'), '--dir', '--stand-in'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/the core from the archive, under plain Node: ready as \S/);

    using dir = tempDir('archive');
    const archive = join(ROOT, 'dist/stand-in/linux-unpacked/resources/app.asar');
    unpackArchive(archive, dir.path, (path) => readFileSync(join(`${archive}.unpacked`, path)));
    const bundle = join(dir.path, 'out/electron/main/index.js');
    const seen = await playScene<{ loaded: string[]; options: { webPreferences: { preload: string } } }>(
      'launch',
      { bundle },
    );
    expect(seen.loaded).toEqual(['app://gongwei/']);
    expect(readFileSync(seen.options.webPreferences.preload, 'utf8')).toContain('gongwei:connect');
    expect(seen.options.webPreferences.preload).toContain(dir.path);
  },
);
