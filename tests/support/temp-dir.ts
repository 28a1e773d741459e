import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temporary directory in memory where the system has one, for tests with thousands of commits. Durability is tested
 * elsewhere.
 */
export function memoryDir(): { readonly path: string } & Disposable {
  return createTempDir(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'memory');
}

/** A temporary directory, removed when it is disposed. */
export function tempDir(name = 'station'): { readonly path: string } & Disposable {
  return createTempDir(tmpdir(), name);
}

function createTempDir(parent: string, name: string): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(parent, `gongwei-${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
