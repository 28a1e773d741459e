import { existsSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startKiosk } from '#kiosk';
import { createNodePlatform, type Platform } from '#station';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { loadLibc, openPty } from '../../simulator/pty/index.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { openReopenable } from '../kit/reopenable.ts';
import { tempDir } from '../support/temp-dir.ts';
import { typeSignIn } from './sign-in.ts';

const PAGES = join(import.meta.dirname, '../../out/renderer');
const PIN = '246810';
const BY = { role: 'engineer', user: 'e2e' } as const;

/** Two adapters of one kind: ptys whose links are plugged in and pulled. */
function plugAdapters(dir: string, stack: AsyncDisposableStack) {
  const libc = loadLibc();
  const ptys = [1, 2].map(() => stack.adopt(openPty(libc), (pty) => pty.close()));
  const linkOf = (socket: number): string => join(dir, `ttyUSB${socket}`);
  const plugIn = (socket: number): void => symlinkSync(ptys[socket - 1]?.path ?? '', linkOf(socket));
  plugIn(1);
  plugIn(2);
  const list = () =>
    Promise.resolve(
      readdirSync(dir)
        .filter((name) => name.startsWith('ttyUSB') && existsSync(join(dir, name)))
        .map((name) => ({
          path: join(dir, name),
          usbPath: `usb:1-1.${name.slice(-1)}`,
          title: 'QinHeng CH340',
        })),
    );
  const platform = ({ devicePorts }: Platform): Partial<Platform> => ({
    devicePorts: { ...devicePorts, list },
  });
  return { plugIn, pull: (socket: number): void => unlinkSync(linkOf(socket)), platform };
}

test('an engineer: a setting with its entry in the trail, a slot found by its cable, a backup restored, all by page', async () => {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(tempDir('station-page')).path;
  const dataDir = join(dir, 'station');
  const adapters = plugAdapters(dir, stack);
  const { station } = stack.use(await openReopenable(dataDir, adapters.platform));
  await station.current.access.add('陈静', 'engineer', PIN, BY);
  await station.current.access.add('李伟', 'support', PIN, BY);
  await ensureBundle('pages');
  const { log } = createNodePlatform(dataDir);
  const kiosk = stack.use(await startKiosk({ station, rendererDir: PAGES, log }));
  const browser = await sharedBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  stack.defer(() => context.close());
  const page = await context.newPage();
  await page.goto(kiosk.url);
  await typeSignIn(page, '陈静', PIN);
  const at = (testId: string) => page.getByTestId(testId);

  // A setting, and who changed it.
  await at('nav-station').click();
  await at('station-name').fill('L3-07');
  await at('station-name').press('Enter');
  await at('toast').waitFor();
  await at('section-trail').click();
  const renamed = page.getByRole('row').filter({ hasText: 'Renamed the station' });
  await renamed.waitFor();
  expect(await renamed.textContent()).toContain('陈静');

  // The second of two equal adapters belongs to slot 1: its cable says so.
  await at('section-slots').click();
  await at('add-slot').click();
  await page.locator('[data-testid="find-port"][data-step="gone"]').waitFor();
  await expect.poll(() => page.getByRole('dialog').textContent()).toContain('Unplug the serial cable');
  adapters.pull(2);
  await page.locator('[data-testid="find-port"][data-step="came"]').waitFor();
  expect(await at('find-port').textContent()).toContain('usb:1-1.2');
  adapters.plugIn(2);
  await at('found-port').waitFor();
  await at('find-use').click();
  await at('needs-reopening').waitFor();
  await at('reopen').click();
  await at('reopen-go').click();
  await expect.poll(() => at('slot-table').textContent()).not.toContain('used after the station was opened');
  expect(await at('slot-table').textContent()).toContain('Connected');
  expect(station.current.slots.state.slots.map(({ portPath }) => portPath)).toEqual(['usb:1-1.2']);

  // A backup, a change after it, and the restore that undoes the change.
  await at('section-backup').click();
  await at('backup-make').click();
  await at('backup-table').locator('[data-testid^="restore-"]').first().waitFor();
  station.current.slotSettings.assign(2, 'usb:1-1.1', BY);
  await at('backup-table').locator('[data-testid^="restore-"]').first().click();
  await at('will').waitFor();
  expect(await at('will').textContent()).toContain('No unit was tested since');
  await at('reason').fill('a slot was assigned by mistake');
  await at('approver').fill('李伟');
  await at('approver-pin').fill('999999');
  await at('approver-pin').press('Enter');
  await page.locator('[data-testid="not-begun"][data-code="pin-wrong"]').waitFor();
  await at('approver-pin').fill(PIN);
  await at('approver-pin').press('Enter');
  await at('restored').waitFor();
  expect(await at('restored').textContent()).toContain('陈静 restored a backup');
  expect(station.current.slotSettings.all()).toEqual([{ slot: 1, portPath: 'usb:1-1.2' }]);
  await at('section-trail').click();
  await page.getByRole('row').filter({ hasText: 'Restored a backup' }).waitFor();
  // The entries after the backup are carried over: nothing is missing in the trail.
  await page.getByRole('row').filter({ hasText: 'Changed the port of a slot' }).nth(1).waitFor();
});
