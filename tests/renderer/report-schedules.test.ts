import { describe, expect, it } from 'vitest';
import { timesOf } from '../../renderer/src/features/station/schedule-draft.ts';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = () => tabs().open({ role: 'engineer', route: 'station/reports', language: 'en' });

describe('the automatic reports on the station page', () => {
  it('are added for the ends of shifts; what cannot be right is said at its field', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('add-schedule');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A shift ends').click();
    await page.getByTestId('schedule-times').fill('25:00');
    await screen.click('schedule-save');
    await eventually(() => dialog.textContent()).toContain('Type 1 to 12 times');
    expect(await dialog.textContent()).toContain('Type the whole path');
    expect(await screen.calls('reportSchedules.add')).toEqual([]);
    await page.getByTestId('schedule-times').fill('20:00 8:00');
    await dialog.getByText('The registry keeps it').click();
    expect(await page.getByTestId('schedule-folder').count()).toBe(0);
    await dialog.getByText('Folder', { exact: true }).first().click();
    await page.getByTestId('schedule-folder').fill(' /mnt/reports ');
    await screen.click('schedule-save');
    await page.getByTestId('toast').waitFor();
    expect(await screen.calls('reportSchedules.add')).toEqual([
      { occasion: { at: 'shift-end', times: ['08:00', '20:00'] }, format: 'xlsx', folder: '/mnt/reports' },
    ]);
    expect(await screen.text('schedule-table')).toContain('A shift ends (08:00 20:00)');
    expect(screen.complaints).toEqual([]);
  });

  it('say why one is not written, are tried again, given up and removed', async () => {
    const screen = await open();
    const { page } = screen;
    await page.getByTestId('scheduled-fault').waitFor();
    expect(await screen.text('scheduled-fault')).toContain('3 attempts');
    await screen.click('retry-report');
    await eventually(() => screen.text('scheduled-table')).toContain('311 runs');
    await screen.click('remove-schedule-shift');
    await screen.click('remove-schedule-go');
    await page.getByTestId('remove-schedule-shift').waitFor({ state: 'detached' });
    expect(screen.complaints).toEqual([]);
  });

  it('take times as people type them', () => {
    expect(timesOf('8:00, 20：00')).toEqual(['08:00', '20:00']);
    expect(timesOf('06:00、06:00')).toEqual(['06:00']);
    for (const wrong of ['', '24:00', '8', '08:00 x', '8:5']) expect(timesOf(wrong), wrong).toBeNull();
  });
});
