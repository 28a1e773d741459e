import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TEMPORARY_ENDING } from '#node-kit/files/index.ts';

/**
 * Removes the incomplete copies of the database that a killed process left. The key of a backup that was added completely
 * gets its name. The data directory is locked. A file that cannot be removed stays; its name says that it is not whole.
 */
export function removeUnfinishedCopies(dataDir: string): void {
  const backups = join(dataDir, 'backups');
  for (const path of [...unfinishedIn(backups, () => true), ...unfinishedIn(dataDir, isBeforeMigration)]) {
    const whole = path.slice(0, -TEMPORARY_ENDING.length);
    const isKey = whole.endsWith('.key') && existsSync(whole.replace(/\.key$/, '.db'));
    try {
      if (isKey && !existsSync(whole)) renameSync(path, whole);
      else rmSync(path, { force: true });
    } catch {
      // The next start tries again.
    }
  }
}

/** A copy that is made before the schema is changed; see `openDatabase`. */
function isBeforeMigration(name: string): boolean {
  return name.startsWith('station.db.');
}

function unfinishedIn(dir: string, isMeant: (name: string) => boolean): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(TEMPORARY_ENDING) && isMeant(name))
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}
