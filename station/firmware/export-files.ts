import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asFileFault, copyFileAtomic, nativeFileName, writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** One file of a package, from the content store or from the database. */
export interface ExportedFile {
  /** Path inside the package, with `/`. */
  readonly path: string;
  readonly content: { readonly file: string } | { readonly bytes: Uint8Array };
}

/**
 * Writes files of a package into a folder, which is created when it is missing, and returns their paths. Nothing is written
 * when a file exists already. After a fault the files that were written are removed again; folders stay.
 * Faults: `bad-input`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`, `data-busy`, `file-missing` when the stored
 * content is missing.
 */
export async function exportFiles(files: readonly ExportedFile[], dir: string): Promise<string[]> {
  const targets = files.map(({ path, content }) => ({
    target: join(dir, ...path.split('/').map((step) => nativeFileName(step))),
    path,
    content,
  }));
  for (const { target } of targets) {
    if ((await lstat(target).catch(() => null)) === null) continue;
    throw new Fault('bad-input', `${target} exists already`, {
      hint: 'Name an empty folder. Nothing was written.',
    });
  }
  const written: string[] = [];
  try {
    for (const { target, path, content } of targets) {
      await makeFolder(dirname(target));
      await writeTarget(target, path, content);
      written.push(target);
    }
  } catch (error) {
    for (const target of written) await rm(target, { force: true });
    throw error;
  }
  return written;
}

const FOLDER_HINT = 'Check that this is a folder and that you may write to it.';

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const message = `the folder ${folder} cannot be made`;
    throw asFileFault(cause, folder, 'made', {
      'file-missing': { message, hint: 'Check that each part of its path is a folder.' },
      'file-denied': { message, hint: FOLDER_HINT },
    });
  }
}

/** After a fault there is no file under the name of the target. */
async function writeTarget(target: string, path: string, content: ExportedFile['content']): Promise<void> {
  try {
    if ('file' in content) await copyFileAtomic(content.file, target, { isNew: true, removeLeftovers: true });
    else await writeFileAtomic(target, content.bytes, { removeLeftovers: true });
  } catch (cause) {
    if ('file' in content && (await lstat(content.file).catch(() => null)) === null) {
      throw new Fault('file-missing', `the station's copy of ${path} is missing: ${content.file}`, {
        hint: 'Import the package again.',
        cause,
      });
    }
    throw asFileFault(cause, target, 'written', {
      'file-denied': { hint: FOLDER_HINT },
    });
  }
}
