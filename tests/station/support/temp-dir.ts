import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of its own, gone with the test. */
export function tempDir(name = 'station'): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), `gongwei-${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
