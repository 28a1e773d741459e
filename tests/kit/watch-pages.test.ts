import { expect, test } from 'vitest';
import { sharedBrowser } from './browser.ts';
import { watchPages } from './watch-pages.ts';

/** A page with these elements, which come after the language of the page is known. */
const withElements = (html: string): string =>
  `<!doctype html><html lang="zh-CN"><body></body><script>document.body.innerHTML = ${JSON.stringify(html)}</script></html>`;

test('pages that are watched report errors, exceptions and English sentences, and nothing else', async () => {
  const context = await (await sharedBrowser()).newContext();
  try {
    const watched = await watchPages(context);
    const page = await context.newPage();
    const show = async (html: string): Promise<void> => {
      await page.goto('about:blank');
      await page.setContent(withElements(html));
      await page.evaluate(() => new Promise(requestAnimationFrame));
    };

    await show(
      '<p>治具位 3 的 AT Wi-Fi</p><code>no answer to this command</code><p hidden>it is not shown</p><pre>AT and so on</pre>',
    );
    expect(watched.problems()).toEqual([]);
    await show('<p>没有回答：no answer to AT within 10 s</p>');
    await expect
      .poll(() => watched.problems())
      .toEqual(['English on a Chinese page: 没有回答：no answer to AT within 10 s']);
    await page.evaluate(() => {
      console.error('broken');
      setTimeout(() => {
        throw new Error('uncaught');
      });
    });
    await expect.poll(() => watched.problems().slice(1)).toEqual(['console: broken', 'uncaught: uncaught']);
  } finally {
    await context.close();
  }
});
