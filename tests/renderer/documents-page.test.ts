import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = (options: OpenOptions): Promise<DevPage> => tabs().open({ language: 'en', ...options });

describe('the balance of a batch', () => {
  it('shows the sum, each list behind its count, and closes the batch after a question', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-1' });
    const { page } = screen;
    await eventually(() => screen.text('balance-issued')).toContain('130');
    expect(await page.getByTestId('balance-quarantined').isDisabled()).toBe(true);
    await screen.click('balance-inDoubt');
    await eventually(() => screen.text('balance-list-inDoubt')).toContain('sp_261120000210');
    await page.keyboard.press('Escape');
    await screen.click('close-batch');
    await eventually(() => page.getByRole('alertdialog').textContent()).toContain(
      'Issued 130 = Registered 128',
    );
    expect(await screen.calls('documents.closeBatch')).toEqual([]);
    await screen.click('close-batch-go');
    await eventually(() => page.getByTestId('batch-closed').count()).toBe(1);
    expect(await screen.calls('documents.closeBatch')).toEqual([{ batchId: 'b-1' }]);
    expect(await page.getByTestId('close-batch').count()).toBe(0);
  });

  it('says what to do about each open identity, and does not close the batch', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-2' });
    await eventually(() => screen.text('balance-open-note')).toContain('10 identities are open');
    await screen.click('balance-open');
    await eventually(() => screen.text('balance-list-open')).toContain('decide on the sync page');
    await screen.page.keyboard.press('Escape');
    await screen.click('close-batch');
    expect(await screen.page.getByTestId('close-batch-go').isDisabled()).toBe(true);
  });
});

describe('the certificate of a run', () => {
  it('is a page in the language of the screen, or the signed file alone', async () => {
    const screen = await open({ role: 'engineer', route: 'runs/run-11999', variant: 'many-runs' });
    await screen.click('certificate-pdf');
    await eventually(() => screen.calls('documents.certificate')).toEqual([
      { runId: 'run-11999', format: 'pdf', pdf: { language: 'en' } },
    ]);
    await eventually(() => screen.page.getByTestId('certificate').isEnabled()).toBe(true);
    await screen.click('certificate');
    await eventually(() => screen.calls('documents.certificate')).toContainEqual({
      runId: 'run-11999',
      format: 'json',
    });
  });
});

describe('the page that verifies a file', () => {
  it('says whether it is whole and whose it is', async () => {
    const screen = await open({ role: 'support', route: 'verify' });
    const file = { name: 'c.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
    await screen.page.getByTestId('verify-file').setInputFiles(file);
    await eventually(() => screen.text('whole')).toContain('nothing was changed');
    expect(await screen.text('owner')).toContain('The registry confirms');
    expect(await screen.text('verified')).toContain('SN2611200001');
    expect(screen.complaints).toEqual([]);
  });
});
