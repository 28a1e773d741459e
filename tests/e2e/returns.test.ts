import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { signIn } from './sign-in.ts';
import { burnElsewhere } from './burn-elsewhere.ts';
import { simulated } from '../kit/units.ts';
import { startPages, type TestPages } from '../kit/pages.ts';

const FOREIGN = { productId: 'ELSEWHERE1', deviceName: 'plug-00f3a2' };
const [GOOD, UNKNOWN, STRANGER, DOUBTFUL] = [1, 2, 3, 4] as const;

/** Runs a unit as an operator does, and acknowledges its result. */
async function make(pages: TestPages, slot: number): Promise<string | null> {
  const { station } = pages.setup;
  const [batch] = station.batches.state().batches;
  const serialNumber = `SN00000${slot}`;
  const run = station.startUnit({ batchId: batch?.batchId ?? '', serialNumber, operator: 'Li', slot });
  const { outcome } = await run.finished;
  if (outcome !== 'PASS') station.slots.acknowledge(slot);
  return outcome;
}

async function read(page: Page, slot: number): Promise<string | null> {
  await page.fill('[data-testid="find"]', String(slot));
  await page.press('[data-testid="find"]', 'Enter');
  await page.waitForSelector('[data-testid="verdict"], [data-testid="fault"]');
  return page.getAttribute('[data-testid="verdict"]', 'data-verdict');
}

async function act(page: Page, action: 'keep' | 'reissue' | 'retire', reason: string): Promise<void> {
  await page.click(`[data-testid="action-${action}"]`);
  await page.fill('[data-testid="reason"]', reason);
  await page.fill('[data-testid="approver"]', 'Chen');
  await page.fill('[data-testid="approver-pin"]', '864209');
  await page.click('[data-testid="confirm"]');
  await page.waitForSelector('[data-testid="done"], [data-testid="fault"]');
}

test('the returns desk: a good unit, an unknown one, a foreign identity, one in doubt', async () => {
  await using pages = await startPages({
    units: simulated(4, { faults: { units: { [DOUBTFUL]: ['store-wrong'] } }, timeScale: 0 }),
  });
  const {
    station,
    units: { simulator },
  } = pages.setup;
  await burnElsewhere(pages.setup.units, STRANGER, FOREIGN);
  expect(await make(pages, GOOD)).toBe('PASS');
  expect(await make(pages, DOUBTFUL)).toBe('FAIL');
  await simulator.inner.changeFaults(DOUBTFUL, { clear: true });
  /** From the device's own flash. */
  const nameOn = (slot: number): string => simulator.inner.flashOf(slot).identity?.deviceName ?? '';
  const tripleOf = (slot: number) => station.database.triples.listByDeviceName(nameOn(slot))[0];
  await station.access.add('Chen', 'engineer', '864209', { role: 'engineer', user: 'e2e' });
  const page = await signIn(pages, 'Ana', 'support');
  await page.waitForSelector('[data-testid="returns"]');

  // Good: device, ledger and registry agree. The identity is retired.
  expect(await read(page, GOOD)).toBe('known');
  expect(await page.getAttribute('[data-testid="compare"]', 'data-differ')).toBe('false');
  expect(await page.textContent('[data-testid="timeline"]')).toContain('PASS');
  const retired = nameOn(GOOD);
  await act(page, 'retire', 'scrapped, board is broken');
  expect(await page.getAttribute('[data-testid="verdict"]', 'data-verdict')).toBe('unknown');
  expect(station.database.triples.listByDeviceName(retired)[0]?.state).toBe('retired');
  expect(nameOn(GOOD)).toBe('');

  // Unknown: it can only be given an identity.
  expect(await read(page, UNKNOWN)).toBe('unknown');
  expect(await page.isDisabled('[data-testid="action-keep"]')).toBe(true);
  await act(page, 'reissue', 'was never burned');
  expect(await page.getAttribute('[data-testid="verdict"]', 'data-verdict')).toBe('known');
  expect(tripleOf(UNKNOWN)?.unitId).not.toBeNull();

  // Foreign: shown by name, and overwritten only by the decision of a person.
  expect(await read(page, STRANGER)).toBe('foreign');
  expect(await page.textContent('[data-testid="row-deviceName"]')).toContain(FOREIGN.deviceName);
  await act(page, 'reissue', 'comes from another line');
  expect(await page.getAttribute('[data-testid="verdict"]', 'data-verdict')).toBe('known');
  expect(nameOn(STRANGER)).not.toBe(FOREIGN.deviceName);

  // In doubt: the same identity is written once more, and nothing is retired.
  expect(await read(page, DOUBTFUL)).toBe('in-doubt');
  const doubted = nameOn(DOUBTFUL);
  await act(page, 'keep', 'the secret did not match');
  expect(await page.getAttribute('[data-testid="verdict"]', 'data-verdict')).toBe('known');
  expect(nameOn(DOUBTFUL)).toBe(doubted);

  // Without the unit, by its label.
  await page.fill('[data-testid="find"]', doubted);
  await page.press('[data-testid="find"]', 'Enter');
  await page.waitForSelector('[data-testid="verdict"][data-verdict="not-read"]');
  expect(await page.textContent('[data-testid="timeline"]')).toContain('approved by Chen');

  const report = await station.handlers['identity.audit']({}, undefined as never);
  expect(report.violations).toEqual([]);
  expect(report.retired).toBe(1);
});
