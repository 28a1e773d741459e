import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shareFile } from '../../../node-kit/files/index.ts';
import { invoke } from '../../kit/in-process.ts';
import { tempDir } from '../../support/temp-dir.ts';

const permissionsOf = (path: string): number => statSync(path).mode & 0o777;

it('gives a file the read permissions of its folder, and only those', () => {
  using dir = tempDir('share-file');
  const file = join(dir.path, 'report.csv');
  for (const [ofFolder, ofFile] of [
    [0o755, 0o644],
    [0o750, 0o640],
    [0o733, 0o600],
  ] as const) {
    writeFileSync(file, '', { mode: 0o600 });
    chmodSync(dir.path, ofFolder);
    shareFile(file);
    expect(permissionsOf(file)).toBe(ofFile);
  }
});

it.runIf(process.platform === 'linux')(
  'leaves a file whose permissions the system does not let it set',
  () => {
    // The kernel refuses this for each user, as a mount of another user does.
    expect(() => chmodSync('/proc/self/comm', 0o644)).toThrow('EPERM');
    expect(() => shareFile('/proc/self/comm')).not.toThrow();
  },
);

it('shares the schema of recipes, which editors of other users read', async () => {
  using dir = tempDir('share-schema');
  chmodSync(dir.path, 0o755);
  const path = join(dir.path, 'recipe.schema.json');
  const before = process.umask(0o077);
  try {
    expect(await invoke('recipe', 'schema', '--out', path)).toMatchObject({ status: 0, stdout: `${path}\n` });
  } finally {
    process.umask(before);
  }
  expect(permissionsOf(path)).toBe(0o644);
});
