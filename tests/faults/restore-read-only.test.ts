import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBackup, createNodePlatform, restoreStation } from '#station';
import { openStore, openStoreForReading, storeFile } from '../../station/core/database/index.ts';
import { addTriples, openSampleStore } from '../station/support/sample-store.ts';
import { tempDir } from '../station/support/temp-dir.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';

const by = { user: 'Chen', role: 'support' };

function triplesAfterRestore(dataDir: string): number {
  const store = openStoreForReading(dataDir);
  try {
    return store.triples.inState('quarantined').length;
  } finally {
    store.close();
  }
}

describe('a backup', () => {
  it('is one file, and stays one when it is looked at', async () => {
    using dir = tempDir('one-file');
    const store = openSampleStore(dir.path);
    const path = await store.backup('20260101T000000');
    store.close();
    checkBackup(path);
    expect(readdirSync(join(dir.path, 'backups'))).toEqual(['station-20260101T000000.db']);
  });

  it.skipIf(!canMount())('is restored from a disk that is write-protected, whoever made it', async () => {
    using dir = tempDir('from-protected');
    using disk = mountSmallDisk(32);
    const store = openSampleStore(join(dir.path, 'old'));
    addTriples(store, 3);
    const made = await store.backup('20260101T000000');
    cpSync(made, join(disk.path, 'new.db'));
    // As a version before made it, and as a copy of a directory at work is: with a log beside it.
    for (const part of ['', '-wal'])
      cpSync(storeFile(join(dir.path, 'old')) + part, join(disk.path, `at-work.db${part}`));
    store.close();
    openStore(join(dir.path, 'old')).close();
    cpSync(storeFile(join(dir.path, 'old')), join(disk.path, 'folded.db'));
    disk.readOnly(true);
    for (const name of ['new.db', 'at-work.db', 'folded.db']) {
      const dataDir = join(dir.path, name);
      await restoreStation(createNodePlatform(dataDir), {
        from: join(disk.path, name),
        reason: 'the old computer is gone',
        approver: 'Wang',
        by,
      });
      expect(triplesAfterRestore(dataDir), name).toBeGreaterThanOrEqual(3);
    }
  });
});
