import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { parseScan } from '#shared/domain/scan/index.ts';
import { type Chapter, CHAPTERS } from '#shared/manual/chapter.ts';
import { helpChapterOf } from '../../renderer/src/services/navigation/help-chapter.ts';
import { BACK_OFFICE } from '../../renderer/src/app/router/back-office.ts';
import { readChapter } from '../../scripts/vite/read-chapter.ts';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const fileOf = (language: string, name: string): string => join(ROOT, 'manual', language, `${name}.md`);

function read(language: string, name: string): { chapter: Chapter; pictures: readonly string[] } {
  const file = fileOf(language, name);
  return readChapter(readFileSync(file, 'utf8'), file);
}

describe('the manual', () => {
  it.each(CHAPTERS)(
    'has the chapter %s in both languages, with the same parts and existing pictures',
    (name) => {
      const [zh, en] = [read('zh-CN', name), read('en', name)];
      const parts = ({ chapter }: { chapter: Chapter }): string[] =>
        chapter.blocks.map((block) =>
          block.kind === 'table'
            ? `table of ${block.rows.length}`
            : block.kind === 'list'
              ? `list of ${block.items.length}`
              : block.kind,
        );
      expect(parts(zh)).toEqual(parts(en));
      expect(zh.chapter.title).not.toBe(en.chapter.title);
      expect(zh.pictures).toEqual(en.pictures.map((picture) => picture.replace('/en/', '/zh-CN/')));
      for (const picture of [...en.pictures, ...zh.pictures])
        expect(readFileSync(join(dirname(fileOf('en', name)), picture)).length, picture).toBeGreaterThan(
          5_000,
        );
    },
  );

  it.each([
    ['no title', '## a', /does not begin with its title/],
    ['HTML', '# a\n\n<b>x</b>', /html/],
    ['HTML in a text', '# a\n\nx <b>y</b>', /html/],
    ['a link to elsewhere', '# a\n\n[x](https://example.com)', /leads to no chapter/],
    ['a link to an unknown chapter', '# a\n\n[x](nowhere.md)', /leads to no chapter/],
    ['a mark that marks nothing', '# a\n\n**名称。**它', /marks nothing/],
    ['a second title', '# a\n\n# b', /level 1/],
  ])('is not built with %s', (_, markdown, words) => {
    expect(() => readChapter(markdown, 'x.md')).toThrow(words);
  });

  it('has a chapter for each page', () => {
    const names = BACK_OFFICE.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const without = names.filter((name) => helpChapterOf(name) === 'first-day');
    expect(names.length).toBeGreaterThan(5);
    expect(without).toEqual([]);
  });
});

const tabs = devPages(openDevPages);
const hash = ({ page }: DevPage): Promise<string> => page.evaluate(() => location.hash);
const title = ({ page }: DevPage): Promise<string | null> => page.locator('h1').first().textContent();

describe('a page', () => {
  beforeAll(async () => {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    const wasmBinary = (await readFile(wasm)).buffer as ArrayBuffer;
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  });

  it('opens its chapter and comes back; chapters are searched, and read in both languages', async () => {
    const screen = await tabs().open({ route: 'sync', role: 'engineer', language: 'en', size: [800, 600] });
    const { page } = screen;
    await screen.click('help-link');
    await eventually(() => hash(screen)).toBe('#/help/sync');
    await page.getByTestId('manual-text').getByText('Needs attention').waitFor();
    expect(await title(screen)).toBe('Sync');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    expect(await page.evaluate(() => document.title)).toMatch(/^Sync · /);

    // A word that only one chapter has.
    await page.getByTestId('manual-search').fill('ABORTED stays');
    await page.getByRole('status').waitFor();
    await page.getByTestId('manual-search').fill('Cpk');
    await eventually(() => page.getByTestId(/^chapter-/).count()).toBe(1);
    await screen.click('chapter-batches');
    await eventually(() => title(screen)).toBe('Batches');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    const picture = page.locator('article img').first();
    await picture.scrollIntoViewIfNeeded();
    await eventually(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(
      100,
    );
    expect(screen.complaints).toEqual([]);

    await page.goBack();
    await screen.click('manual-back');
    await eventually(() => hash(screen)).toBe('#/sync');

    const chinese = await tabs().open({ route: 'pool', role: 'engineer', language: 'zh-CN' });
    await chinese.page.keyboard.press('F1');
    await eventually(() => hash(chinese)).toBe('#/help/triples');
    await eventually(() => title(chinese)).toBe('三元组');
  });

  it('prints the codes of the card, which a decoder reads as commands', async () => {
    const screen = await tabs().open({ slots: 4, language: 'en' });
    const { page } = screen;
    await page.keyboard.press('F1');
    await screen.click('to-card');
    const codes = page.getByTestId('code').locator('img.square');
    await eventually(() => codes.count()).toBe(9);
    const read: string[] = [];
    for (const code of await codes.all()) {
      const [found] = await readBarcodes(await code.screenshot(), { tryHarder: true, formats: ['QRCode'] });
      expect(found?.text).toBe(await code.getAttribute('alt'));
      read.push(found?.text ?? '');
    }
    expect(read.slice(0, 3)).toEqual(['#GW#START#', '#GW#STOP#', '#GW#ACK#']);
    expect(read.at(-1)).toBe('#GW#SLOT,4#');
    for (const text of read) expect(parseScan(text).kind).not.toBe('serial');
    const bars = page.getByTestId('code').locator('img.bars');
    await eventually(() => bars.count()).toBe(9);
    for (const code of await bars.all()) {
      const [shown, drawn] = await code.evaluate((image: HTMLImageElement) => [
        image.width,
        image.naturalWidth,
      ]);
      expect(shown).toBe(drawn);
    }
    expect(screen.complaints).toEqual([]);
  });
});
