import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** One file of a package, from the content store or from the database. */
export interface PackageContent {
  /** Path inside the package, with `/`. */
  readonly path: string;
  readonly content: { readonly file: string } | { readonly bytes: Uint8Array };
}

/**
 * Writes files of a package into a folder, which is created when it is missing, and returns their paths. Nothing is written
 * when a file exists already. Faults: `bad-input`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`,
 * `file-missing` when the stored content is missing.
 */
export async function exportFiles(contents: readonly PackageContent[], dir: string): Promise<string[]> {
  const targets = contents.map(({ path }) => join(dir, ...path.split('/')));
  for (const target of targets) {
    if ((await lstat(target).catch(() => null)) === null) continue;
    throw new Fault('bad-input', `${target} exists already`, {
      hint: 'Name an empty folder. Nothing was written.',
    });
  }
  for (const [at, { content }] of contents.entries()) {
    const target = targets[at] ?? dir;
    try {
      await mkdir(dirname(target), { recursive: true });
      if ('file' in content) await copyFile(content.file, target, constants.COPYFILE_EXCL);
      else await writeFile(target, content.bytes, { flag: 'wx' });
    } catch (cause) {
      throw asFileFault(cause, target, 'written', {
        'file-missing': {
          message: `the station's copy of ${target} is missing`,
          hint: 'Import the package again.',
        },
        'file-denied': { hint: 'Check the folder, its permissions and the room on its disk.' },
      });
    }
  }
  return targets;
}
