import { appendFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskFile } from '../../../station/firmware/source/disk-file.ts';
import type { PackageFile } from '../../../station/firmware/source/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';

async function readAll(file: PackageFile): Promise<void> {
  for await (const _chunk of file.read(NEVER_ABORTED));
}

test('a file that changed since the package was opened is refused as changed, not as damaged', async () => {
  using dir = tempDir('disk-file');
  const path = join(dir.path, 'fw.bin.ota');
  writeFileSync(path, 'firmware');
  const file = diskFile('fw.bin.ota', path, statSync(path));
  appendFileSync(path, ' of a build that goes on');
  expect(await faultOf(() => readAll(file))).toMatchObject({
    message: '"fw.bin.ota" was changed while it was read',
    hint: 'Import it again when no program writes to it.',
    details: { reason: 'changed' },
  });
});

test('a link that has replaced the file is not followed', async () => {
  using dir = tempDir('disk-file');
  const path = join(dir.path, 'fw.bin.ota');
  writeFileSync(path, 'firmware');
  const file = diskFile('fw.bin.ota', path, statSync(path));
  renameSync(path, join(dir.path, 'secret'));
  symlinkSync(join(dir.path, 'secret'), path);
  expect(await faultOf(() => readAll(file))).toMatchObject({
    details: { reason: 'symlink' },
  });
});
