import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describedRecipe } from '../kit/recipes.ts';
import { startPages } from '../kit/pages.ts';
import { scripted } from '../kit/units.ts';
import { until } from '../support/until.ts';

const PHOTO = `- { verb: prompt, kind: photo, name: plate, ask: { zh-CN: 拍下铭牌, en: Photo of the plate } }
- { verb: prompt, kind: photo, name: back, ask: { zh-CN: 拍下背面, en: Photo of the back } }`;

it('a photo of the camera and a picture of a file are taken, retaken and kept', async () => {
  await using pages = await startPages({
    units: scripted([() => undefined]),
    registry: 'none',
    recipe: describedRecipe(PHOTO),
  });
  const { page, setup } = pages;
  setup.station.batches.select(setup.batchId);
  const running = setup.run();
  const panel = page.getByTestId('ask-photo');
  const toBe = (state: string): Promise<unknown> =>
    until(
      async () => (await panel.getAttribute('data-state').catch(() => null)) === state,
      `a photo ${state}`,
    );
  await page.locator('[data-testid=ask][data-armed=true]').waitFor();
  await until(() => page.getByTestId('photo-take').isEnabled(), 'the camera');
  await until(
    () => page.getByTestId('photo-live').evaluate((video: HTMLVideoElement) => video.videoWidth > 0),
    'a picture of the camera',
  );
  // Keys in quick succession would be a scan.
  const press = async (key: string): Promise<void> => {
    await pages.rest(400);
    await page.keyboard.press(key);
  };
  await press('Space');
  await toBe('taken');
  const shown = page.getByTestId('photo-taken');
  await until(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth > 0), 'the photo on the page');
  await press('Backspace');
  await toBe('live');
  await until(
    () => page.getByTestId('photo-live').evaluate((video: HTMLVideoElement) => video.videoWidth > 0),
    'a picture of the camera',
  );
  await press('Enter');
  await toBe('taken');
  await press('Enter');

  await page.getByTestId('ask-question').getByText('Photo of the back').waitFor();
  const text = join(setup.dir, 'no-picture.png');
  writeFileSync(text, '<svg onload="alert(1)"/>');
  await page.getByTestId('photo-file').setInputFiles(text);
  await toBe('taken');
  await page.locator('[data-testid=ask][data-armed=true]').waitFor();
  await page.getByTestId('photo-keep').click();
  // Refused: the question is still there.
  await page.getByText('no-picture.png is no picture').or(page.getByTestId('scan-message')).first().waitFor();
  const picture = join(setup.dir, 'back.PNG');
  writeFileSync(picture, await page.screenshot());
  await page.getByTestId('photo-again').click();
  await page.getByTestId('photo-file').setInputFiles(picture);
  await page.getByTestId('photo-keep').click();

  const { runId, failure } = await running;
  expect(failure).toBeNull();
  const kept = setup.station.database.attachments.listOfRun(runId);
  expect(kept).toMatchObject([
    { name: 'plate.jpg', mediaType: 'image/jpeg', madeBy: 'prompt' },
    { name: 'back.png', mediaType: 'image/png' },
  ]);
  expect(pages.problems()).toEqual([]);
});
