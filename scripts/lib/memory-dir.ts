import { readFileSync, statfsSync } from 'node:fs';

const SHARED_MEMORY = '/dev/shm';
/** The tests use less in total. Containers often have only 64 MB. */
const MIN_FREE_BYTES = 4 * 1024 ** 3;

/** A folder on a memory file system with enough space that can execute programs; `null` without one. */
export function memoryDir(): string | null {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    const mount = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, path]) => path === SHARED_MEMORY);
    const [, , type = '', options = ''] = mount ?? [];
    const fits =
      type === 'tmpfs' && !options.split(',').includes('noexec') && bavail * bsize >= MIN_FREE_BYTES;
    return fits ? SHARED_MEMORY : null;
  } catch {
    return null;
  }
}
