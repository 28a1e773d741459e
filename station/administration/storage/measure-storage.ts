import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageUsage } from '#shared/contract/index.ts';

type Kind = StorageUsage['kinds'][number]['kind'];

/** Folders of a data directory by kind; files beside them are the database or other. */
const FOLDERS: Readonly<Record<string, Kind>> = {
  attachments: 'attachments',
  recordings: 'recordings',
  logs: 'logs',
  backups: 'backups',
  'set-aside': 'replaced',
  exports: 'exports',
};
const ORDER: readonly Kind[] = [
  'database',
  'attachments',
  'recordings',
  'logs',
  'backups',
  'replaced',
  'exports',
  'other',
];
/** Number of files whose size is read at the same time. */
const MAX_PARALLEL_READS = 64;

/** The files of a data directory and their bytes by kind. A file that is removed meanwhile counts nothing. */
export async function measureStorage(dataDir: string, signal: AbortSignal): Promise<StorageUsage['kinds']> {
  const sums = new Map(ORDER.map((kind) => [kind, { kind, files: 0, bytes: 0 }]));
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  for (let offset = 0; offset < files.length; offset += MAX_PARALLEL_READS) {
    signal.throwIfAborted();
    const block = files.slice(offset, offset + MAX_PARALLEL_READS);
    const sizes = await Promise.all(
      block.map(({ parentPath, name }) =>
        stat(join(parentPath, name)).then(
          ({ size }) => size,
          () => null,
        ),
      ),
    );
    for (const [index, { parentPath, name }] of block.entries()) {
      const size = sizes[index] ?? null;
      const sum = sums.get(kindOf(dataDir, parentPath, name));
      if (size === null || sum === undefined) continue;
      sum.files += 1;
      sum.bytes += size;
    }
  }
  return [...sums.values()].filter(({ files: count }) => count > 0);
}

function kindOf(dataDir: string, parentPath: string, name: string): Kind {
  if (parentPath === dataDir) return name.startsWith('station.db') ? 'database' : 'other';
  const folder = Object.keys(FOLDERS).find(
    (one) => parentPath === join(dataDir, one) || parentPath.startsWith(join(dataDir, one, '/')),
  );
  return folder === undefined ? 'other' : (FOLDERS[folder] ?? 'other');
}
