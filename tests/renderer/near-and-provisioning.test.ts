import { expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const NEAR = 'A2:B7:16:CA:2C:1D';
const THERMOMETER = 'A2:B7:5F:1F:1B:F5';
const RIGHT_PIN = '246800';

it('a unit near is decided about as on a slot: owner, history, and what will happen, with its address', async () => {
  const screen = await tabs().open({ role: 'support', route: 'returns', slots: 2, language: 'en' });
  const { page } = screen;
  await screen.click('nearby-listen');
  // Its identity is read over its port only.
  await page.getByTestId(`near-read-${THERMOMETER}`).click();
  await page.getByTestId('nearby-services').waitFor();
  expect(await page.getByTestId('nearby-decide').count()).toBe(0);
  expect(await screen.text('nearby-reading')).toContain('Put it on a slot');
  await screen.click('nearby-listen');
  await page.getByTestId(`near-read-${NEAR}`).click();
  await screen.click('nearby-decide');
  await page.getByTestId('owner').waitFor();
  expect(await screen.calls('returns.read')).toEqual([{ address: NEAR }]);
  // Firmware is written over a port.
  expect(await page.getByTestId('action-flash').count()).toBe(0);
  await screen.click('action-reissue');
  expect(await screen.text('will')).toContain(`near over Bluetooth (${NEAR}) gets a new identity`);
  await page.getByTestId('reason').fill('came back');
  await page.getByTestId('approver').fill('陈静');
  await page.getByTestId('approver-pin').fill(RIGHT_PIN);
  await page.keyboard.press('Enter');
  await eventually(() => screen.calls('returns.act')).toMatchObject([
    { address: NEAR, action: 'reissue', reason: 'came back', approver: '陈静' },
  ]);
  await page.getByTestId('done').waitFor();
  expect(screen.complaints).toEqual([]);
});

it('the page of a run shows its provisioning on the time of the run, and none for a run without', async () => {
  const screen = await tabs().open({ role: 'support', route: 'runs/run-29', slots: 2, language: 'en' });
  const { page } = screen;
  await page.getByTestId('provisioning').waitFor();
  const text = await screen.text('provisioning');
  for (const part of [
    '4.2 s',
    'Token made for gw000129',
    'The registry refused the token from gw000131',
    'gw000129 was online and reported the token',
    'Bound to station:L3-07',
    'Event status_report',
    '8.4 s until the unit had reported the token',
    'Released from its owner',
  ])
    expect(text).toContain(part);
  await page.evaluate(() => (location.hash = '#/runs/run-25'));
  await eventually(() => page.getByTestId('run-page').getAttribute('data-run')).toBe('run-25');
  await eventually(() => screen.calls('runs.provisioning').then((all) => all.length)).toBe(2);
  await eventually(() => page.getByTestId('provisioning').count()).toBe(0);
  expect(screen.complaints).toEqual([]);
});
