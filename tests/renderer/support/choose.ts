import type { Page } from 'playwright-core';

/** Chooses an option of a select of the component set: by its value, or by its position from 0. */
export async function choose(page: Page, testId: string, option: string | { index: number }): Promise<void> {
  await page.getByTestId(testId).click();
  const options = page.getByRole('option');
  await (
    typeof option === 'string'
      ? page.locator(`[role=option][data-option="${option}"]`)
      : options.nth(option.index)
  ).click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

/** The value that a select of the component set has. */
export function chosenValue(page: Page, testId: string): Promise<string | null> {
  return page.getByTestId(testId).getAttribute('data-value');
}
