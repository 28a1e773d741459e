import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Station, STATION_ITSELF } from '#station';
import { finishRun } from '../../station/execution/executor/finish-run.ts';
import { startPages } from '../kit/pages.ts';
import { addBatch, beginRun, SECRET } from '../kit/sample-rows.ts';
import { simulated } from '../kit/units.ts';
import { chipOf } from '../kit/triples.ts';
import { soon } from '../support/patience.ts';
import { signIn } from './sign-in.ts';

const PRODUCT = 'GWDEMO0001';
/** More than a page of the list. */
const STRANGERS = 55;
const [DOUBTED, LOST] = [901, 902] as const;

/** Unit `n` gets an identity that the registry does not know, in a run that passes. */
function burnStranger({ database }: Station, n: number): void {
  const runId = `stranger-${n}`;
  const because = { at: n, runId, note: '' };
  const deviceName = `stranger-${n}`;
  beginRun(database, runId, `SN${n}`, 'S1');
  database.transaction(() => {
    const sealed = Buffer.from(SECRET);
    database.triples.add({ productId: PRODUCT, deviceName, sealed, source: 'test', lease: null }, 1);
    const free = database.triples.findByName(PRODUCT, deviceName);
    if (free === null) throw new Error(`${deviceName} is not there`);
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    const claimed = database.triples.applyEvent(free, 'claim', because, unitId);
    database.triples.applyEvent(database.triples.applyEvent(claimed, 'intend', because), 'confirm', because);
    database.runs.setUnit(runId, unitId);
    database.runs.setTriple(runId, free.tripleId);
  });
  finishRun(database, runId, n + 1, 'PASS', null);
}

/** A leased triple of the pool is claimed for unit `n`, and comes into a state that the station cannot end alone. */
function leaveUnresolved({ database }: Station, n: number, end: 'doubt' | 'conflict'): string {
  return database.transaction(() => {
    const because = { at: Date.now(), runId: null, note: 'the station stopped while it was being written' };
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    const free = database.triples.findNextFree(PRODUCT);
    if (free === null) throw new Error('the pool is empty');
    const claimed = database.triples.applyEvent(free, 'claim', because, unitId);
    database.triples.applyEvent(database.triples.applyEvent(claimed, 'intend', because), end, because);
    return free.deviceName;
  });
}

async function approve(page: Page, reason: string, pin: string): Promise<void> {
  await page.fill('[data-testid="reason"]', reason);
  await page.fill('[data-testid="approver"]', 'Chen');
  await page.fill('[data-testid="approver-pin"]', pin);
  await page.keyboard.press('Enter');
}

test('support settles refused messages and identities in doubt by the sync page alone', async () => {
  await using pages = await startPages({ units: simulated(1, { timeScale: 0 }), lease: 20 });
  const { station } = pages.setup;
  addBatch(station.database);
  for (let n = 1; n <= STRANGERS; n++) burnStranger(station, n);
  const doubted = leaveUnresolved(station, DOUBTED, 'doubt');
  const lost = leaveUnresolved(station, LOST, 'conflict');
  // The pages are told of the pool when it changes by an act of the station.
  await station.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
  const { parked } = await station.sync.drain(soon());
  expect(parked).toBe(STRANGERS);
  await station.access.add('Chen', 'engineer', '864209', { role: 'engineer', user: 'e2e' });
  const page = await signIn(pages, 'Ana', 'support');
  const at = (id: string) => page.getByTestId(id);
  const toast = (text: string | RegExp) => at('toast').filter({ hasText: text }).waitFor();
  const keys = (): string[] =>
    [...station.database.audit.iterate()].map(({ action, subject }) => `${action} ${subject}`);
  await page.click('[data-testid="nav-sync"]');

  // Every refused message can be reached, with its reason and what to do.
  const list = at('parked').locator('tbody tr');
  await expect.poll(() => list.count()).toBe(50);
  expect(await list.first().textContent()).toMatch(
    /The registry has no such identity.*Let the identity be added at the registry/s,
  );
  const card = page.locator('section', { has: at('parked') });
  await card.getByTestId('list-next').click();
  await expect.poll(() => card.getByTestId('list-range').textContent()).toBe('51–55 of 55');
  await expect.poll(() => list.count()).toBe(5);
  await card.getByTestId('list-first').click();
  await expect.poll(() => list.count()).toBe(50);

  // Sent again, refused again: said, and recorded.
  await at('retry-run:stranger-1').click();
  await toast('The registry refused 1 message again.');
  await at('retry-all').click();
  await toast('55 messages are sent again.');
  await expect.poll(() => station.sync.state().parked).toBe(STRANGERS);

  // Set aside with the approval of a second person: a wrong PIN leaves everything as it is.
  await at('set-aside-run:stranger-1').click();
  await expect.poll(() => at('will').textContent()).toContain('later messages of the unit are sent');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await at('set-aside-run:stranger-1').click();
  await at('confirm').click();
  await at('missing').filter({ hasText: 'a reason of 2 letters or more' }).waitFor();
  await approve(page, 'a sample of the lab', '111111');
  await at('not-begun').waitFor();
  expect(station.sync.state().setAside).toBe(0);
  await approve(page, 'a sample of the lab', '864209');
  await toast(/is set aside/);
  await expect.poll(() => at('set-aside').textContent()).toContain('a sample of the lab (Chen)');
  expect(keys()).toEqual(
    expect.arrayContaining([
      'outbox.retry run:stranger-1',
      'outbox.retry-all outbox',
      'outbox.set-aside run:stranger-1',
    ]),
  );

  // In doubt and in conflict: what to do is said; the identity of a lost unit is written off here and at the registry.
  expect(await at(`unresolved-${doubted}`).textContent()).toContain('Put the unit on a slot and scan it');
  expect(await at(`unresolved-${lost}`).textContent()).toContain('Read the unit at the returns desk');
  await at(`write-off-${doubted}`).click();
  await expect.poll(() => at('will').textContent()).toContain(`${doubted} is retired for good`);
  await approve(page, 'fell into the shredder', '864209');
  await toast(`${doubted} is written off`);
  await at('unresolved-in-doubt').waitFor({ state: 'detached' });
  expect(station.database.triples.findByName(PRODUCT, doubted)?.state).toBe('retired');
  await expect
    .poll(async () => (await station.registry()?.device(PRODUCT, doubted, soon()))?.state)
    .toBe('retired');

  // For a registry that was restored: how many is said before.
  await at('resend').click();
  await at('resend-since').fill('2020-01-01T00:00');
  await expect.poll(() => at('will').textContent()).toMatch(/^1 message is sent again\./);
  await approve(page, 'restored from a backup', '864209');
  await toast('1 message is sent again.');
  await expect.poll(() => keys().some((key) => key.startsWith('outbox.resend'))).toBe(true);

  // To take along: all that the registry does not have.
  const download = page.waitForEvent('download');
  await at('export-messages').click();
  const path = await (await download).path();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(STRANGERS);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    key: 'run:stranger-1',
    setAside: 'a sample of the lab (Chen)',
  });

  // From a refused message to its unit.
  await list.first().getByRole('link').click();
  await at('report').waitFor();
});
