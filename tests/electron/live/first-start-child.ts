/**
 * Runs in a process of its own, as the program of a desktop: loads the built main over `./electron.ts` and does in its
 * windows what a person does on the first day; then closes them. Prints what was seen as one line of
 * JSON. `node --import ./register.ts first-start-child.ts`, with `FIRST_START` as `FirstStartInput` in JSON.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { walkToFirstPass, type FirstDay } from '../../e2e/first-pass.ts';
import { watchPages } from '../../kit/watch-pages.ts';
import { openBrowser } from '../../kit/browser.ts';
import { until } from '../../support/until.ts';
import { BrowserWindow, desk } from './electron.ts';

export interface FirstStartInput {
  readonly locale: string;
  readonly dataDir: string;
  /** Ports of the slots. */
  readonly slots: readonly string[];
  readonly day: FirstDay;
}

/** What the windows showed. */
export interface FirstStartSeen {
  readonly problems: readonly string[];
  readonly address: string;
  readonly bridge: readonly string[];
  /** The text of the sign-in page of the office window, which has a user of its own. */
  readonly office: string;
  /** What a terminal beside the open desktop prints of the station's records, as JSON Lines. */
  readonly records: { readonly runs: string; readonly audit: string };
}

const OUT = join(import.meta.dirname, '../../../out');
const { locale, dataDir, slots, day } = JSON.parse(process.env['FIRST_START'] ?? '') as FirstStartInput;
// As the packaged program is started: program, switches.
process.argv.splice(1, Infinity, `--data=${dataDir}`, ...slots.map((port) => `--slot=${port}`));
Object.assign(process, { resourcesPath: '/nonexistent/resources' });

const browser = await openBrowser();
const problems: (() => string[])[] = [];
browser.on('context', (context) => {
  void watchPages(context).then((watched) => problems.push(() => watched.problems()));
});
Object.assign(desk, { browser, locale });
const gone = new Promise<void>((resolve) => (desk.onGone = resolve));

async function gongwei(...args: readonly string[]): Promise<string> {
  const command = [join(OUT, 'cli/main.js'), ...args, '--data', dataDir, '--json'];
  return (await promisify(execFile)(process.execPath, command)).stdout;
}

async function shownWindow(index: number): Promise<BrowserWindow> {
  return (await until(() => BrowserWindow.all[index], `window ${index}`)) as BrowserWindow;
}

await import(pathToFileURL(join(OUT, 'electron/main/index.js')).href);
desk.launch();
const line = await shownWindow(0);
const page = await line.page;
await walkToFirstPass(page, day);

// The office opens in a window of its own, in which no user is signed in.
await page.evaluate(() => window.open('/#/back-office'));
const office = await (await shownWindow(1)).page;
await office.getByTestId('sign-in').getByText(day.engineer.name).waitFor();
const seen: FirstStartSeen = {
  problems: problems.flatMap((of) => of()),
  address: line.webContents.mainFrame.url,
  bridge: await page.evaluate(() => Object.keys((globalThis as unknown as { gongwei: object }).gongwei)),
  office: (await office.getByTestId('sign-in').textContent()) ?? '',
  records: {
    runs: await gongwei('runs'),
    audit: await gongwei('triples', 'audit'),
  },
};
line.close();
await gone;
await browser.close();
process.stdout.write(`${JSON.stringify(seen)}\n`);
process.exit(0);
