import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

describe('the key / in the back office', () => {
  it.each([
    ['the Enter that signed a person in', 'Enter', true],
    ['the Shift that the keyboard needs for it', 'Shift', true],
    ['a character of a scan', 'A', false],
  ])('right behind %s', async (_, key, opens) => {
    const screen = await tabs().open({ route: 'sync', role: 'engineer', language: 'en' });
    const { page } = screen;
    const field = page.getByTestId('find-unit');
    await field.waitFor();
    const press = (pressed: string, atMs: number): Promise<void> =>
      page.evaluate(
        ([name, timeStamp]) => {
          const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
          Object.defineProperty(event, 'timeStamp', { value: timeStamp });
          document.body.dispatchEvent(event);
        },
        [pressed, atMs] as const,
      );
    const hasFocus = (): Promise<boolean> => field.evaluate((input) => input === document.activeElement);
    await press(key, 100_000);
    await press('/', 100_050);
    expect(await hasFocus()).toBe(opens);
    // Alone it opens the search.
    await press('/', 200_000);
    await eventually(hasFocus).toBe(true);
    expect(screen.complaints).toEqual([]);
  });
});
