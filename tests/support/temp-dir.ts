import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * On a disk in memory where there is one: for histories of thousands of commits, whose durability is tested elsewhere.
 */
export function fastDir(): { readonly path: string } & Disposable {
  return made(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fast');
}

/** A temporary directory, removed when it is disposed. */
export function tempDir(name = 'station'): { readonly path: string } & Disposable {
  return made(tmpdir(), name);
}

function made(parent: string, name: string): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(parent, `gongwei-${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
