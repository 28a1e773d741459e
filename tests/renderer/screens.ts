import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { operatorShots } from './screens/operator-shots.ts';
import { backOfficeShots } from './screens/back-office-shots.ts';
import { type Shot, take } from './screens/shot.ts';
import { documentedShots } from './screens/documented-shots.ts';
import { openBrowser } from './support/browser.ts';
import { servePages } from './support/built-pages.ts';

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
  for (const shot of values.shown ? documentedShots() : [...operatorShots(), ...backOfficeShots()]) {
    const file = fileOf(shot);
    if (values.only === undefined || values.only.some((part) => file.includes(part)))
      await take(browser, pages.url, shot, join(out, file));
  }
} finally {
  await browser.close();
}
console.log(out);
