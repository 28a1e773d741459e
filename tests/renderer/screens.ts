import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { servePages } from './support/built-pages.ts';

/**
 * Pictures of the operator page in every state: `node tests/renderer/screens.ts [--out DIR] [--only TEXT]…`.
 * Prints the folder that they are in.
 */
interface Shot {
  readonly scene: string;
  readonly slots: number;
  readonly size: readonly [width: number, height: number];
  readonly language: 'zh-CN' | 'en';
  readonly theme: 'light' | 'dark';
  /** Keys to press before the picture. */
  readonly keys?: readonly string[];
}

const SMALL = [1280, 800] as const;
const LARGE = [1920, 1080] as const;

function shots(): Shot[] {
  const list: Shot[] = [];
  const results = [
    'running',
    'pass',
    'fail',
    'error',
    'timeout',
    'aborted',
    'stopping',
    'unavailable',
    'ready',
  ];
  for (const scene of results) {
    list.push({ scene, slots: 1, size: SMALL, language: 'zh-CN', theme: 'light' });
    list.push({ scene, slots: 1, size: LARGE, language: 'en', theme: 'dark' });
  }
  for (const slots of [2, 3, 4, 6, 9, 12, 16]) {
    for (const language of ['zh-CN', 'en'] as const) {
      list.push({ scene: 'mixed', slots, size: SMALL, language, theme: 'light' });
      list.push({ scene: 'mixed', slots, size: SMALL, language, theme: 'dark' });
      list.push({ scene: 'mixed', slots, size: LARGE, language, theme: 'dark' });
    }
  }
  list.push({ scene: 'fail', slots: 16, size: SMALL, language: 'en', theme: 'light' });
  list.push({ scene: 'fail', slots: 16, size: SMALL, language: 'zh-CN', theme: 'dark' });
  list.push({ scene: 'ready', slots: 16, size: SMALL, language: 'zh-CN', theme: 'light' });
  list.push({ scene: 'ready', slots: 4, size: SMALL, language: 'en', theme: 'light' });
  for (const scene of [
    'pick-batch',
    'no-batches',
    'batch-complete',
    'pool-empty',
    'pool-low',
    'offline',
    'parked',
  ]) {
    list.push({ scene, slots: 4, size: SMALL, language: 'zh-CN', theme: 'light' });
    list.push({ scene, slots: 4, size: SMALL, language: 'en', theme: 'dark' });
  }
  list.push({ scene: 'selected', slots: 4, size: SMALL, language: 'zh-CN', theme: 'light' });
  list.push({ scene: 'selected', slots: 9, size: SMALL, language: 'en', theme: 'dark' });
  list.push({ scene: 'ready', slots: 0, size: SMALL, language: 'zh-CN', theme: 'light' });
  list.push({ scene: 'ready', slots: 0, size: LARGE, language: 'en', theme: 'dark' });
  for (const [language, theme] of [
    ['zh-CN', 'light'],
    ['en', 'dark'],
  ] as const) {
    list.push({ scene: 'fail', slots: 4, size: SMALL, language, theme, keys: ['F3'] });
    list.push({ scene: 'ready', slots: 4, size: SMALL, language, theme, keys: ['F1'] });
    list.push({ scene: 'running', slots: 4, size: SMALL, language, theme, keys: ['Escape'] });
    list.push({ scene: 'ready', slots: 4, size: SMALL, language, theme, keys: ['X', '1', 'Enter'] });
    list.push({
      scene: 'ready',
      slots: 4,
      size: SMALL,
      language,
      theme,
      keys: ['S', 'N', '2', '6', 'Enter'],
    });
    list.push({
      scene: 'ready',
      slots: 4,
      size: SMALL,
      language,
      theme,
      keys: ['S', 'N', '2', '6', '1', '1'],
    });
  }
  return list;
}

function nameOf(shot: Shot): string {
  const keys = shot.keys === undefined ? '' : `-${shot.keys.join('')}`;
  return `${shot.scene}${keys}-${shot.slots}-${shot.size[0]}-${shot.language}-${shot.theme}.png`;
}

async function take(browser: Browser, url: string, shot: Shot, file: string): Promise<void> {
  const [width, height] = shot.size;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: shot.language,
    colorScheme: shot.theme,
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    await page.goto(`${url}?scene=${shot.scene}&slots=${shot.slots}`);
    await page.getByTestId('scan-input').waitFor();
    for (const key of shot.keys ?? []) await page.keyboard.press(key);
    await page.waitForTimeout(250);
    await page.screenshot({ path: file });
  } finally {
    await context.close();
  }
}

const { values } = parseArgs({
  options: { out: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const out = values.out ?? (await mkdtemp(join(tmpdir(), 'gongwei-screens-')));
await mkdir(out, { recursive: true });
await using pages = await servePages('renderer/dev/vite.config.ts');
const browser = await openBrowser();
try {
  for (const shot of shots()) {
    const name = nameOf(shot);
    if (values.only === undefined || values.only.some((part) => name.includes(part)))
      await take(browser, pages.url, shot, join(out, name));
  }
} finally {
  await browser.close();
}
console.log(out);
