import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPages } from '../kit/pages.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { choose } from '../renderer/support/choose.ts';
import { readCode } from '../station/results/labels/readers.ts';
import { signIn } from './sign-in.ts';

test('an engineer designs a label with the values of a run, saves it and puts it into a draft', async () => {
  await using pages = await startPages({ units: simulated(1, { timeScale: 0 }), name: 'e2e-labels' });
  const { setup } = pages;
  expect(await setup.run(1)).toMatchObject({ outcome: 'PASS' });
  const page = await signIn(pages, 'Chen', 'engineer');
  await page.getByTestId('nav-recipes').click();
  await page.getByTestId('new-from-example').click();
  await page.getByTestId('menu-at-wifi-module').click();
  await page.getByTestId('draft-page').waitFor();

  await page.getByTestId('nav-labels').click();
  await page.getByTestId('serial-60x40').getByRole('link').click();
  await page.getByTestId('label-canvas').locator('img').waitFor();
  await choose(page, 'label-run', { index: 1 });
  // What the page shows is the station's drawing: its codes are read from the screen.
  const picture = join(setup.dir, 'screen.png');
  await expect
    .poll(
      async () => {
        await page.getByTestId('label-canvas').screenshot({ path: picture });
        return readCode(picture);
      },
      { timeout: 20_000 },
    )
    .toContain(`"sn":"${serialOf(1)}"`);

  await page.getByTestId('box-1').focus();
  await page.keyboard.press('ArrowRight');
  await page.getByTestId('save-label').click();
  await expect.poll(() => page.getByTestId('label-versions').textContent()).toContain('Version 1');
  await page.getByTestId('add-to-draft').click();
  await page.getByRole('menuitem').first().click();
  await page.getByTestId('toast').filter({ hasText: 'serial-60x40.yaml' }).waitFor();
  const { database } = setup.station;
  const [draft] = database.recipeDrafts.list();
  expect([...database.recipeDrafts.getFiles(draft?.draftId ?? '').keys()]).toContain('serial-60x40.yaml');
  expect(database.labelTemplates.listLatest()).toMatchObject([
    { name: 'serial-60x40', version: 1, savedBy: 'Chen' },
  ]);
  expect(pages.problems()).toEqual([]);
});
