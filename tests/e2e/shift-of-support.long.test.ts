import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startKiosk } from '#kiosk';
import { createNodePlatform, type ReopenableStation, STATION_ITSELF } from '#station';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { invoke } from '../kit/in-process.ts';
import { moduleRecipe, parsedRecipe } from '../kit/recipes.ts';
import { TestRegistry } from '../kit/registry.ts';
import { openReopenable } from '../kit/reopenable.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { type SimulatedUnits, simulated } from '../kit/units.ts';
import { watchPages } from '../kit/watch-pages.ts';
import { soon } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';
import { burnElsewhere } from './burn-elsewhere.ts';
import { typeSignIn } from './sign-in.ts';

const PAGES = join(import.meta.dirname, '../../out/renderer');
const PIN = '246810';
const FOREIGN = { productId: 'ELSEWHERE1', deviceName: 'plug-00f3a2' };
const LATER = { productId: 'ELSEWHERE1', deviceName: 'plug-00f3a3' };
const [GOOD, UNKNOWN, STRANGER, DOUBTFUL, CONFLICT, LATE, SAMPLE, LOST] = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** Identities of a list that the registry does not have. */
const [LATE_NAME, SAMPLE_NAME] = ['list-1', 'list-2'] as const;
/** Without a login, so that a unit passes whose identity the registry does not know. */
const RECIPE = moduleRecipe({ steps: '  - name: label\n    steps: [{ verb: label }]\n' });

const newSecret = (): string => randomBytes(16).toString('base64');

/** A day of the line before the shift: good units, two that fail while they are burned, two of a list. */
async function makeUnits(
  { current: station }: ReopenableStation,
  units: SimulatedUnits,
  registry: TestRegistry,
  dir: string,
  lateSecret: string,
): Promise<Record<number, string>> {
  const { http, enrolmentToken } = registry.service;
  registry.seed(20);
  station.settings.configure(
    { station: 'L3-07', registry: { url: http, token: enrolmentToken } },
    STATION_ITSELF,
  );
  await station.pool.lease(PRODUCT, 20, STATION_ITSELF, soon());
  const list = join(dir, 'list.csv');
  const row = (name: string, secret: string, slot: number): string =>
    [PRODUCT, name, secret, units.chipOf(slot)].join(',');
  writeFileSync(
    list,
    [
      'ProductId,DeviceName,DeviceSecret,MAC',
      row(LATE_NAME, lateSecret, LATE),
      row(SAMPLE_NAME, newSecret(), SAMPLE),
      '',
    ].join('\n'),
  );
  await station.pool.importCsv(list, {}, STATION_ITSELF, soon());
  const { batchId } = station.batches.create(
    { recipe: parsedRecipe(RECIPE), quantity: 100, name: '昨天' },
    STATION_ITSELF,
  );
  const runs: Record<number, string> = {};
  const make = async (slot: number): Promise<void> => {
    const serialNumber = units.serialOf(slot);
    const result = await station.startUnit({ batchId, serialNumber, operator: '赵敏', slot }).finished;
    runs[slot] = result.runId;
    station.slots.acknowledge(slot);
  };
  for (const slot of [GOOD, DOUBTFUL, CONFLICT, LATE, SAMPLE, LOST]) await make(slot);
  // Another program burned two units; the line sees one of them again.
  await burnElsewhere(units, STRANGER, FOREIGN);
  for (const slot of [DOUBTFUL, CONFLICT]) await units.simulator.inner.changeFaults(slot, { clear: true });
  await burnElsewhere(units, CONFLICT, LATER);
  await make(CONFLICT);
  return runs;
}

async function approve(page: Page, reason: string, approver: string): Promise<void> {
  await page.getByTestId('reason').fill(reason);
  await page.getByTestId('approver').fill(approver);
  await page.getByTestId('approver-pin').fill(PIN);
  await page.keyboard.press('Enter');
}

test('a shift of support by pages alone: units that came back, refused messages, a lost unit, a backup restored', async () => {
  await ensureBundle('pages');
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(tempDir('shift')).path;
  const dataDir = join(dir, 'station');
  const registry = stack.use(await TestRegistry.start(dir));
  const faults = { units: { [DOUBTFUL]: ['store-wrong' as const], [CONFLICT]: ['store-wrong' as const] } };
  const units = stack.use(await simulated(8, { timeScale: 0, faults })(dir, registry.service.mqtt));
  const opened = stack.use(
    await openReopenable(dataDir, () => units.platform, { slots: units.slots, autoSync: true }),
  );
  const { station } = opened;
  const by = { role: 'engineer', user: 'e2e' } as const;
  await station.current.access.add('陈静', 'engineer', PIN, by);
  await station.current.access.add('李伟', 'support', PIN, by);
  const lateSecret = newSecret();
  const runs = await makeUnits(station, units, registry, dir, lateSecret);
  const { log } = createNodePlatform(dataDir);
  const kiosk = stack.use(await startKiosk({ station, rendererDir: PAGES, log }));
  const context = await (
    await sharedBrowser()
  ).newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
  stack.defer(() => context.close());
  const watched = await watchPages(context);
  const page = await context.newPage();
  await page.goto(kiosk.url);
  const at = (testId: string) => page.getByTestId(testId);
  const verdict = (): Promise<string | null> => at('verdict').getAttribute('data-verdict');
  /** From the device's own flash. */
  const nameOn = (slot: number): string => units.simulator.inner.flashOf(slot).identity?.deviceName ?? '';
  const lost = nameOn(LOST);

  await typeSignIn(page, '李伟', PIN);
  await at('returns').waitFor();
  // The unit that stopped the line is the first thing that support sees.
  await expect.poll(() => at('waiting').textContent()).toContain(units.serialOf(CONFLICT));

  // Each unit is read by the number of its slot, and what becomes of it is approved by an engineer.
  const cases = [
    { slot: GOOD, is: 'known', action: 'retire', reason: '板子坏了', then: 'unknown' },
    { slot: UNKNOWN, is: 'unknown', action: 'reissue', reason: '从未烧录', then: 'known' },
    { slot: STRANGER, is: 'foreign', action: 'reissue', reason: '来自别的产线', then: 'known' },
    { slot: DOUBTFUL, is: 'in-doubt', action: 'keep', reason: '密钥不符', then: 'known' },
    { slot: CONFLICT, is: 'foreign', action: 'reissue', reason: '被别的程序写过', then: 'known' },
  ] as const;
  const before = cases.map(({ slot }) => nameOn(slot));
  for (const { slot, is, action, reason, then } of cases) {
    await at('find').fill(String(slot));
    await at('find').press('Enter');
    await expect.poll(verdict).toBe(is);
    await at(`action-${action}`).click();
    await approve(page, reason, '陈静');
    await expect.poll(verdict).toBe(then);
    await at('done').waitFor();
    await expect.poll(() => at('timeline').textContent()).toContain(`${reason} · 陈静 批准`);
  }
  const after = cases.map(({ slot }) => nameOn(slot));
  expect(after[0]).toBe('');
  expect(after[3]).toBe(before[3]);
  expect(new Set(after).size).toBe(after.length);
  await at('clear').click();
  await at('waiting').waitFor({ state: 'detached' });

  // Two messages were refused, because the registry does not have the identities of the list. It gets one of them.
  await at('nav-sync').click();
  await expect.poll(() => at('parked').locator('tbody tr').count()).toBe(2);
  registry.store.seedProduct({
    productId: PRODUCT,
    triples: [{ deviceName: LATE_NAME, deviceSecret: lateSecret }],
  });
  await at(`retry-run:${runs[LATE]}`).click();
  await expect.poll(() => station.current.sync.state().parked).toBe(1);
  await at(`set-aside-run:${runs[SAMPLE]}`).click();
  await at('will').waitFor();
  await approve(page, '实验室的样品', '陈静');
  await expect.poll(() => at('set-aside').textContent()).toContain('实验室的样品');
  await expect.poll(() => at('parked').locator('tbody tr').count()).toBe(0);

  // A unit that was lost cannot be read: its identity is written off by name, here and at the registry.
  await at('nav-returns').click();
  await at('write-off').click();
  await at('write-off-name').fill(lost);
  await expect.poll(() => at('will').textContent()).toContain(lost);
  await approve(page, '产品丢失', '陈静');
  await at('toast').filter({ hasText: lost }).waitFor();
  await expect
    .poll(async () => (await station.current.registry()?.device(PRODUCT, lost, soon()))?.state)
    .toBe('retired');

  // The shift ends with a backup. Later a wrong change is undone by it, by an engineer whom support approves.
  await at('sign-out').click();
  await at('who').waitFor();
  await page.keyboard.press('F9');
  await typeSignIn(page, '陈静', PIN);
  await at('nav-station').click();
  await at('section-backup').click();
  await at('backup-make').click();
  const restore = at('backup-table').locator('[data-testid^="restore-"]').first();
  await restore.waitFor();
  await at('nav-batches').click();
  await at('new-batch').click();
  await at('tab-text').click();
  await at('recipe').fill(RECIPE);
  await at('recipe-summary').waitFor();
  await at('quantity').fill('7');
  await at('batch-title').fill('弄错了');
  await at('create').click();
  await at('batch-page').waitFor();
  const batches = (): string[] => station.current.batches.state().batches.map(({ name }) => name);
  expect(batches().sort()).toEqual(['弄错了', '昨天'].sort());
  expect(watched.problems()).toEqual([]);
  await at('nav-station').click();
  await at('section-backup').click();
  await restore.click();
  await at('will').waitFor();
  await approve(page, '批次建错了', '李伟');
  await at('restored').waitFor();
  expect(await at('restored').textContent()).toContain('陈静');
  expect(batches()).toEqual(['昨天']);
  expect(watched.problems()).toEqual([]);

  // What the terminal says of the station that is closed.
  await station.close();
  const tell = async (...args: string[]) => (await invoke(...args, '--data', dataDir, '--json')).stdout;
  const audit = JSON.parse(await tell('triples', 'audit')) as object;
  expect(audit).toMatchObject({ violations: [] });
  for (const [index, { slot }] of cases.entries())
    if (after[index] !== '') expect(await tell('unit', 'show', units.chipOf(slot))).toContain(after[index]);
  expect(await tell('unit', 'show', lost)).toContain('产品丢失');
  expect((await invoke('audit', 'verify', '--data', dataDir, '--json')).status).toBe(0);
});
