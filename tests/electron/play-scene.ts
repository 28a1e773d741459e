import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PATIENCE_MS } from '../support/patience.ts';

export const ROOT = join(import.meta.dirname, '../..');
const FAKE = join(import.meta.dirname, 'fake');

/** Plays a scene of `fake/scenes.ts` over the built main bundle, in a process of its own. */
export async function playScene<T>(
  scene: string,
  {
    args: more = [],
    env = {},
    bundle = join(ROOT, 'out/electron/main/index.js'),
  }: { args?: readonly string[]; env?: NodeJS.ProcessEnv; bundle?: string } = {},
): Promise<T & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gongwei-desktop-'));
  try {
    const args = [
      '--import',
      join(FAKE, 'register.ts'),
      join(FAKE, 'play.ts'),
      bundle,
      dataDir,
      scene,
      ...more,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      timeout: PATIENCE_MS,
      env: { ...process.env, ...env },
    });
    return { ...(JSON.parse(stdout) as T), dataDir };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
