import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { operatorShots } from './screens/operator-shots.ts';
import { backOfficeShots } from './screens/back-office-shots.ts';
import { type Shot, take } from './screens/shot.ts';
import { documentedShots } from './screens/documented-shots.ts';
import { openBrowser } from '../kit/browser.ts';
import { servePages } from './support/built-pages.ts';
import { type DevPages, openDevPages } from './support/dev-page.ts';

/**
 * Pictures of every page in every state: `node tests/renderer/screens.ts [--out DIR] [--only TEXT]…`, printing the
 * folder that they are in. With `--shown` those few of `docs/screens/`, written there unless told otherwise.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    only: { type: 'string', multiple: true },
    shown: { type: 'boolean', default: false },
  },
});

function fileOf(shot: Shot): string {
  if (values.shown) return `${shot.name}.png`;
  return `${shot.name}-${shot.slots}-${shot.size[0]}-${shot.language}-${shot.theme}.png`;
}

const SHOWN_DIR = join(import.meta.dirname, '../../docs/screens');
const out = values.out ?? (values.shown ? SHOWN_DIR : await mkdtemp(join(tmpdir(), 'gongwei-screens-')));
await mkdir(out, { recursive: true });
await using pages = await servePages('dev-pages');
const browser = await openBrowser();
try {
  const shots = values.shown ? documentedShots() : [...operatorShots(), ...backOfficeShots()];
  const wanted = shots.filter((shot) => values.only?.some((part) => fileOf(shot).includes(part)) ?? true);
  await using tabs = openDevPages(browser, pages.url);
  // Each language and theme has a tab of its own, so they are photographed beside one another.
  const groups = Map.groupBy(wanted, ({ language, theme }) => `${language} ${theme}`);
  await Promise.all([...groups.values()].map((group) => takeAll(tabs, group)));
} finally {
  await browser.close();
}
console.log(out);

async function takeAll(tabs: DevPages, group: readonly Shot[]): Promise<void> {
  for (const shot of group) await take(tabs, shot, join(out, fileOf(shot)));
}
