import type { Page } from 'playwright-core';
import { SINGLE_KEY_MS } from '../../shared/domain/scan/index.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';

/** What a person brings to a station on its first day. */
export interface FirstDay {
  readonly engineer: { readonly name: string; readonly pin: string };
  readonly stationName: string;
  readonly registry: { readonly url: string; readonly token: string };
  /** The product whose triples are leased. */
  readonly productId: string;
  /** The text of a recipe of that product. */
  readonly recipe: string;
  /** The label of the unit on slot 1. */
  readonly serialNumber: string;
}

/**
 * From the page of a station that has no user to its first PASS, by pages alone. The page of the line is open at the end,
 * and the engineer is signed in. Waits for what the pages show, and for nothing else.
 */
export async function walkToFirstPass(page: Page, day: FirstDay): Promise<void> {
  const at = (testId: string) => page.getByTestId(testId);
  const isDone = (step: string): Promise<void> =>
    page.locator(`[data-testid="step-${step}"][data-done="true"]`).waitFor();
  const saved = (): Promise<void> => at('unsaved-mark').waitFor({ state: 'detached' });
  const backToList = async (done: string): Promise<void> => {
    await at('setup-continue').click();
    await isDone(done);
  };

  // There are no users: the page opens on the setup, and a PIN that is too short is refused.
  await at('first-engineer').waitFor();
  await at('engineer-name').fill(day.engineer.name);
  await at('new-pin').fill('12');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="new-pin"][aria-invalid="true"]').waitFor();
  await at('new-pin').fill(day.engineer.pin);
  await at('new-pin-again').fill(day.engineer.pin);
  await page.keyboard.press('Enter');
  await isDone('engineer');
  await isDone('slots');

  // The name, and the registry with its token.
  await at('open-name').click();
  await at('station-name').fill(day.stationName);
  await page.keyboard.press('Enter');
  await saved();
  await backToList('name');
  await at('open-registry').click();
  await at('registry-url').fill(day.registry.url);
  await at('registry-token').fill(day.registry.token);
  await at('registry-test').click();
  await at('registry-answer').getByRole('status').waitFor();
  await at('setting-form').getByTestId('save').click();
  await saved();
  await backToList('registry');

  // Triples from the registry, then a recipe and a batch.
  await at('open-triples').click();
  await at('lease').click();
  await at('lease-id').fill(day.productId);
  await at('lease-count').fill('5');
  await at('lease-go').click();
  await at(`pool-${day.productId}`).waitFor();
  await backToList('triples');
  await at('open-batch').click();
  await at('new-batch').click();
  await at('tab-text').click();
  await at('recipe').fill(day.recipe);
  await at('recipe-summary').waitFor();
  await at('quantity').fill('3');
  await at('create').click();
  await at('batch-page').waitFor();
  await backToList('batch');

  // The first unit at the line.
  await at('open-pass').click();
  await at('scan-input').waitFor();
  await at('batch-picker').locator('li button').first().click();
  await at('batch-picker').waitFor({ state: 'detached' });
  await page.waitForTimeout(SINGLE_KEY_MS + 50);
  await scanKeys(page, scannedLine(day.serialNumber));
  await at('first-pass').filter({ hasText: '100%' }).waitFor();
}
