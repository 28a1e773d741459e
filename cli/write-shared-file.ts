import { asFileFault, type FileContent, shareFile, writeFileAtomic } from '#node-kit/files/index.ts';

/**
 * Writes a file that a user named, which others may read as its folder says. Faults: `file-denied`, `file-missing`, `disk-full`,
 * `disk-read-only`, `disk-failing`, `data-busy`; the signal's reason.
 */
export async function writeSharedFile(
  path: string,
  content: FileContent,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await writeFileAtomic(path, content, { ...(signal !== undefined && { signal }), removeLeftovers: true });
  } catch (error) {
    throw asFileFault(error, path, 'written', {
      'disk-read-only': { hint: 'Choose a folder on another disk.' },
      'file-denied': { hint: 'Choose a folder this user may write to, and close the file where it is open.' },
      'file-missing': { hint: 'Make it, or name another.' },
    });
  }
  shareFile(path);
}
