import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

describe('a call of a page', () => {
  it.runIf(LONG)(
    'is refused at once while the station does not answer, and nothing is sent later',
    async () => {
      const screen = await tabs().open({ role: 'engineer', route: 'sync', slots: 8, language: 'en' });
      await screen.page.getByTestId('audit-verdict').waitFor();
      await screen.station((harness) => void (harness.connection.silent = true));
      await screen.page.getByTestId('notice-connection').waitFor();
      await screen.click('drain');
      await eventually(() => screen.page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
      await screen.station((harness) => void (harness.connection.silent = false));
      await screen.page.getByTestId('notice-connection').waitFor({ state: 'detached' });
      // Calls are sent in order: after the answer to this one, an earlier call would have been answered.
      await screen.click('audit-again');
      await eventually(() => screen.calls('identity.audit')).toHaveLength(2);
      expect(await screen.calls('sync.drain')).toEqual([]);
      await screen.click('drain');
      await eventually(() => screen.calls('sync.drain')).toHaveLength(1);
      await eventually(() => screen.page.getByTestId('fault').count()).toBe(0);
      expect(screen.complaints).toEqual([]);
    },
  );

  it('that counts yields is repeated when the station answers again', async () => {
    const screen = await tabs().open({ role: 'engineer', route: 'batches', slots: 8, language: 'en' });
    const { page } = screen;
    await page.getByTestId('batches-page').waitFor();
    // The figures of the list are counted first, so that only the page of the batch waits.
    await eventually(() => page.getByTestId('row-b-3').getByTestId('list-lpy').textContent()).toMatch(/%/);
    await screen.station(({ station }) =>
      station.answer({ 'yield.batch': () => new Promise<never>(() => undefined) }),
    );
    await page.evaluate(() => (location.hash = '#/batches/b-3'));
    await eventually(() => screen.calls('yield.batch').then((all) => all.length)).toBe(1);
    await screen.station((harness) => {
      harness.connection.cut();
      setTimeout(() => window.dispatchEvent(new Event('online')), 20);
    });
    await eventually(() => screen.calls('yield.batch').then((all) => all.length)).toBe(2);
    expect(await page.getByTestId('fault').count()).toBe(0);
  });

  it('that lists who may sign in is repeated when the station answers again', async () => {
    const screen = await tabs().open({ route: 'back-office', language: 'en' });
    const { page } = screen;
    await page.getByTestId('who').waitFor();
    await page.keyboard.press('F9');
    await page.getByTestId('scan-input').waitFor();
    await screen.station((harness) => {
      harness.connection.unreachable = true;
      harness.connection.cut();
    });
    await page.getByTestId('notice-connection').waitFor();
    await page.keyboard.press('F9');
    await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
    await screen.station((harness) => {
      harness.connection.unreachable = false;
      window.dispatchEvent(new Event('online'));
    });
    await page.getByTestId('who').waitFor();
    expect(await page.getByTestId('fault').count()).toBe(0);
  });

  it('that succeeded can be undone from its toast, also when its panel has been closed', async () => {
    const screen = await tabs().open({ role: 'engineer', route: 'firmware', slots: 8, language: 'en' });
    const { page } = screen;
    await page.locator('[data-testid^="firmware-"][data-state] td').first().click();
    const path = 'module.version';
    const field = page.getByTestId(`field-${path}`);
    await field.getByRole('combobox').click();
    await page.locator('[role=option][data-option="md5"]').click();
    const toast = page.getByTestId('toast');
    await toast.waitFor();
    expect(await toast.textContent()).toContain(path);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByTestId('firmware-panel').waitFor({ state: 'detached' });
    await page.getByTestId('toast-action').click();
    await eventually(() => screen.calls('firmware.changeFields')).toEqual([
      { changes: { md5: path, version: null } },
      { changes: { md5: null, version: path } },
    ]);
    await toast.waitFor({ state: 'detached' });
    expect(screen.complaints).toEqual([]);
  });

  it('changes no field of firmware before the map of the station is known, and shows why it is not', async () => {
    const screen = await tabs().open({ role: 'engineer', route: 'firmware', slots: 8, language: 'en' });
    const { page } = screen;
    await screen.station(({ station }) => {
      const { promise, resolve } = Promise.withResolvers<{ fields: { version: string } }>();
      Object.assign(window, { answerLate: resolve });
      station.answer({ 'firmware.fields': () => promise });
    });
    await page.locator('[data-testid^="firmware-"][data-state] td').first().click();
    const choice = page.getByTestId('field-module.version').getByRole('combobox');
    await choice.waitFor();
    expect(await choice.isDisabled()).toBe(true);
    await page.evaluate(() =>
      (window as unknown as { answerLate: (answer: object) => void }).answerLate({
        fields: { version: 'module.version' },
      }),
    );
    await eventually(() => choice.getAttribute('data-value')).toBe('version');
    await eventually(() => choice.isDisabled()).toBe(false);

    await page.keyboard.press('Escape');
    await screen.station(({ station }) =>
      station.answer({ 'firmware.fields': () => Promise.reject(new Error('a defect of the fixture')) }),
    );
    await page.locator('[data-testid^="firmware-"][data-state] td').first().click();
    const panel = page.getByTestId('config-fields');
    await panel.getByTestId('again').waitFor();
    expect(await choice.isDisabled()).toBe(true);
    await screen.station(({ station }) =>
      station.answer({ 'firmware.fields': { fields: { md5: 'module.version' } } }),
    );
    await panel.getByTestId('again').click();
    await eventually(() => choice.getAttribute('data-value')).toBe('md5');
    expect(await screen.calls('firmware.changeFields')).toEqual([]);
  });
});
