import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { addAttached, addSampleBatch } from '../station/results/reports/sample-batch.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

it('the file of an attachment is saved whole, under a new name or with --force, and readable as its folder', async () => {
  using dir = tempDir('cli-attachment');
  const bytes = Buffer.from('photo '.repeat(50_000));
  {
    const database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
    const files = [{ name: 'plate.jpg', bytes }];
    addAttached(database, dir.path, { runId: 'r1', startedAtMs: 1000, outcome: 'PASS', files });
    database.close();
  }
  const out = join(dir.path, 'out');
  mkdirSync(out);
  chmodSync(out, 0o755);
  const save = (name: string, ...more: string[]) =>
    invoke(
      'attachment',
      'save',
      'r1',
      'plate.jpg',
      '--out',
      name,
      ...more,
      '--data',
      join(dir.path, 'data'),
      '--json',
    );
  const file = join(out, 'a.jpg');
  const before = process.umask(0o077);
  try {
    expect((await save(file)).events).toMatchObject([
      { event: 'attachment.saved', path: file, bytes: bytes.length },
    ]);
  } finally {
    process.umask(before);
  }
  expect(readFileSync(file)).toEqual(bytes);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o644);
  writeFileSync(file, 'another');
  const folder = join(out, 'folder');
  mkdirSync(folder);
  for (const [name, code, words] of [
    [file, 'file-denied', 'exists already'],
    [folder, 'file-denied', 'exists already'],
    [join(out, 'none', 'a.jpg'), 'file-missing', 'does not exist'],
  ] as const) {
    expect((await save(name)).events).toMatchObject([
      { code, message: expect.stringContaining(words) as string },
    ]);
  }
  expect((await save(folder, '--force')).events).toMatchObject([
    { code: 'file-denied', message: `${folder} is a folder` },
  ]);
  expect(readFileSync(file, 'utf8')).toBe('another');
  expect((await save(file, '--force')).status).toBe(0);
  expect(readFileSync(file)).toEqual(bytes);
  expect(readdirSync(out).sort()).toEqual(['a.jpg', 'folder']);
});
