import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { findElectron } from '../../cli/electron-runtime.ts';
import { ROOT } from './play-scene.ts';

const runtime = findElectron();
const display =
  process.platform !== 'linux' || (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
const missing = runtime.kind === 'missing' ? runtime.reason : display ? null : 'there is no display';

describe('the desktop', () => {
  // The reason stands in the name, so that a skipped test says why in every report.
  const name = missing === null ? 'opens one window with a live station' : `SKIPPED, because ${missing}`;
  test.skipIf(missing !== null)(name, async () => {
    await ensureBundle('pages');
    await ensureBundle('electron');
    const dataDir = mkdtempSync(join(tmpdir(), 'gongwei-smoke-'));
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const desktop = await _electron.launch({
      executablePath: runtime.kind === 'found' ? runtime.executable : '',
      args: [...asRoot, ROOT, `--data=${dataDir}`],
      cwd: ROOT,
    });
    try {
      const page = await desktop.firstWindow();
      expect(page.url()).toBe('app://gongwei/');
      const world = await page.evaluate(() => ({
        node: [typeof globalThis.process, typeof (globalThis as { require?: unknown }).require],
        bridge: Object.keys((globalThis as unknown as { gongwei: object }).gongwei),
      }));
      expect(world).toEqual({ node: ['undefined', 'undefined'], bridge: ['connect', 'openUploadPort'] });
      await expect.poll(() => page.locator('body').innerText()).not.toBe('');
      await page.evaluate(() => window.open('https://example.invalid/'));
      expect(desktop.windows()).toHaveLength(1);
    } finally {
      await desktop.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
