import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBackup, createNodePlatform, restoreStation } from '#station';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  databaseFile,
} from '../../station/core/database/index.ts';
import { addTriples, openSampleStore } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';

const by = { user: 'Chen', role: 'support' } as const;

function triplesAfterRestore(dataDir: string): number {
  const database = openStationDatabaseForReading(dataDir);
  try {
    return database.triples.listInState('quarantined').length;
  } finally {
    database.close();
  }
}

describe('a backup', () => {
  it('is one file, and stays one when it is looked at', async () => {
    using dir = tempDir('one-file');
    const database = openSampleStore(dir.path);
    const path = await database.backup('20260101T000000');
    database.close();
    await checkBackup(path);
    expect(readdirSync(join(dir.path, 'backups'))).toEqual(['station-20260101T000000.db']);
  });

  it.skipIf(!canMount())('is restored from a disk that is write-protected, whoever made it', async () => {
    using dir = tempDir('from-protected');
    using disk = mountSmallDisk(32);
    const database = openSampleStore(join(dir.path, 'old'));
    addTriples(database, 3);
    const made = await database.backup('20260101T000000');
    cpSync(made, join(disk.path, 'new.db'));
    // As of an earlier version, and as a copy of a running station's directory: with a log beside it.
    for (const part of ['', '-wal'])
      cpSync(databaseFile(join(dir.path, 'old')) + part, join(disk.path, `at-work.db${part}`));
    database.close();
    openStationDatabase(join(dir.path, 'old')).close();
    cpSync(databaseFile(join(dir.path, 'old')), join(disk.path, 'folded.db'));
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
