import type { Page } from 'playwright-core';
import type { PageState } from './page-state.ts';

const support = { role: 'support' } as const;

const click =
  (testId: string) =>
  (page: Page): Promise<void> =>
    page.getByTestId(testId).first().click();
async function read(page: Page): Promise<void> {
  await click('read-1')(page);
  await page.getByTestId('verdict').waitFor();
}
const readThen =
  (button: string): NonNullable<PageState['act']> =>
  async (page) => (await read(page), click(button)(page));
async function listenNearby(page: Page): Promise<void> {
  await click('nearby-listen')(page);
  await page.getByTestId('near-A2:B7:16:CA:2C:1D').waitFor();
}
async function readNearby(page: Page): Promise<void> {
  await listenNearby(page);
  await click('near-read-A2:B7:16:CA:2C:1D')(page);
  await page.getByTestId('nearby-services').waitFor();
}
async function makeOwnCode(page: Page): Promise<void> {
  await page.locator('[data-testid="own-code-network"][data-value="guest"]').waitFor();
  await click('own-code-make')(page);
  await page.getByTestId('code-picture').waitFor();
}

export const returns: readonly PageState[] = [
  { ...support, name: 'empty', route: 'returns' },
  { ...support, name: 'known', route: 'returns', act: read },
  { ...support, name: 'foreign', route: 'returns', slots: 8, act: click('read-3') },
  { ...support, name: 'a new identity', route: 'returns', act: readThen('action-reissue'), dialog: true },
  { ...support, name: 'released', route: 'returns', act: readThen('release-owner'), dialog: true },
  { ...support, name: 'written off', route: 'returns', act: click('write-off'), dialog: true },
  { ...support, name: 'near', route: 'returns', act: listenNearby },
  { ...support, name: 'a unit near', route: 'returns', act: readNearby },
  { ...support, name: "a person's own code", route: 'returns/code/wifi', act: makeOwnCode },
  { ...support, name: 'refused', route: 'returns', variant: 'faults', act: click('read-1') },
];
