import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readStepArgs } from '../../scripts/lib/step-args.ts';
import { operatorShots } from './screens/operator-shots.ts';
import { backOfficeShots } from './screens/back-office-shots.ts';
import { type Shot, take } from './screens/shot.ts';
import { documentedShots } from './screens/documented-shots.ts';
import { openBrowser } from '../kit/browser.ts';
import { servePages } from './support/built-pages.ts';
import { type DevPages, openDevPages } from './support/dev-page.ts';

const USAGE = `npm run screens [-- OPTION…]
  Takes pictures of the pages in every state over a mock station, and prints the folder that they are in.
  --out DIR     the folder (a temporary one; with --shown docs/screens)
  --only TEXT   only pictures whose file name has this text; may be repeated
  --shown       only the pictures of docs/screens; those of the manual in both languages
`;
const { values } = readStepArgs(USAGE, {
  out: { type: 'string' },
  only: { type: 'string', multiple: true },
  shown: { type: 'boolean', default: false },
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
  for (const shot of group) {
    const file = join(out, fileOf(shot));
    await mkdir(dirname(file), { recursive: true });
    await take(tabs, shot, file);
  }
}
