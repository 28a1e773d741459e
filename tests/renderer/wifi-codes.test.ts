import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLE_CODE } from '../../renderer/dev/fixtures/wifi-code.ts';
import { LONG } from '../support/depth.ts';
import { openDevPages } from './support/dev-page.ts';
import { devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

/** What zbarimg reads in a picture: each code is a line. */
function decode(picture: Buffer): string[] {
  const args = ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', '-'];
  return execFileSync('zbarimg', args, { input: picture, encoding: 'utf8' }).trimEnd().split('\n');
}

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;
const ALL = [1, 4, 16].flatMap((slots) =>
  SIZES.flatMap((size) =>
    (['zh-CN', 'en'] as const).flatMap((language) =>
      (['light', 'dark'] as const).map((theme) => ({ slots, size, language, theme })),
    ),
  ),
);
/** The smallest code, in the theme that a code is not made for. */
const HARDEST = ALL.filter(
  ({ slots, size, language, theme }) =>
    slots === 16 && size === SIZES[0] && language === 'en' && theme === 'dark',
);
/** Where the pictures are kept, to look at them. */
const { GONGWEI_TEST_PICTURES: pictures } = process.env;

describe('the Wi-Fi code on a tile', () => {
  it.each(LONG ? ALL : HARDEST)(
    'is read by zbarimg from a screenshot: $slots slots, $size, $language, $theme',
    async ({ slots, size, language, theme }) => {
      const { page } = await tabs().open({ scene: 'code', slots, size, language, theme });
      const all = page.getByTestId('code-picture');
      await all.nth(slots - 1).waitFor();
      if (pictures !== undefined) {
        const name = `code-${slots}-${size[0]}-${language}-${theme}.png`;
        writeFileSync(join(pictures, name), await page.screenshot());
      }
      const tiles = slots === 1 || LONG ? Array.from({ length: slots }, (_, at) => at + 1) : [1, slots];
      for (const slot of tiles) {
        const tile = page.getByTestId(`slot-${slot}`);
        expect([slot, decode(await tile.screenshot())]).toEqual([slot, [SAMPLE_CODE.text]]);
        expect(await tile.getByTestId('code-ssid').textContent()).toBe(SAMPLE_CODE.ssid);
      }
    },
  );

  it('is gone when the run shows it no more, also from the document', async () => {
    const screen = await tabs().open({ scene: 'code', slots: 4, language: 'en' });
    await screen.page.getByTestId('code-picture').nth(3).waitFor();
    await screen.station(({ station }) => {
      const { slots } = station.state('slots');
      for (const slot of slots)
        if (slot.run !== null)
          station.publish('slots', { kind: 'slot', slot: { ...slot, run: { ...slot.run, code: null } } });
    });
    await screen.page.getByTestId('code-picture').first().waitFor({ state: 'detached' });
    expect(await screen.page.content()).not.toContain(SAMPLE_CODE.ssid);
  });
});

describe('the screen that faces the fixture', () => {
  it('shows the codes alone, of all slots or of one', async () => {
    const { page } = await tabs().open({ scene: 'code', slots: 4, route: 'codes', language: 'en' });
    await page.getByTestId('code-picture').nth(3).waitFor();
    if (pictures !== undefined) writeFileSync(join(pictures, 'codes.png'), await page.screenshot());
    expect(decode(await page.getByTestId('code-3').screenshot())).toEqual([SAMPLE_CODE.text]);
    expect(await page.getByTestId('codes-screen').textContent()).not.toContain('SN');
    const one = await tabs().open({ scene: 'code', slots: 4, route: 'codes/2', language: 'en' });
    await one.page.getByTestId('code-2').waitFor();
    expect(await one.page.getByTestId('code-picture').count()).toBe(1);
    const none = await tabs().open({ scene: 'running', slots: 4, route: 'codes', language: 'en' });
    expect(await none.text('no-code')).toBe('No slot shows a Wi-Fi code now');
  });
});
