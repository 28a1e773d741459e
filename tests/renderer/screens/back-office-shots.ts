import type { Page } from 'playwright-core';
import { checkLabelTemplate } from '#shared/label/index.ts';
import { encodeSvg } from '../../../station/results/labels/encode-svg.ts';
import { createFontBook } from '../../../station/results/labels/fonts/font-book.ts';
import { layoutTemplate, sampleValuesOf } from '../../../station/results/labels/templates/index.ts';
import { bothWays, type Shot } from './shot.ts';

type Act = NonNullable<Shot['act']>;

const click =
  (...testIds: readonly string[]): Act =>
  async (page) => {
    for (const testId of testIds) await page.getByTestId(testId).first().click();
  };

const hover =
  (testId: string): Act =>
  (page) =>
    page.getByTestId(testId).hover();

/** The measured value at this place of the list, in the middle of the screen. */
const measured =
  (index: number): Act =>
  async (page) => {
    await page.getByTestId('measured-row').nth(index).click();
    await page.getByTestId('measured').evaluate((card: HTMLElement) => {
      // No half row above it.
      card.style.scrollMarginTop = '12px';
      card.scrollIntoView({ block: 'start' });
    });
  };

async function read(page: Page, slot: number): Promise<void> {
  await page.getByTestId(`read-${slot}`).click();
  await page.getByTestId('verdict').waitFor();
}

const BROKEN_RECIPE = `gongwei: recipe/1
name: smart-plug
version: 1.5.0
phases:
  - name: identify
    steps:
      - verb: nonsense
`;

const signIn = { name: 'sign-in', scene: 'ready', slots: 4, route: 'back-office' } as const;
const support = { scene: 'ready', slots: 8, role: 'support' } as const;
const engineer = { scene: 'ready', slots: 4, role: 'engineer' } as const;

/** The pages of the back office in their states. */
export function backOfficeShots(): Shot[] {
  return [
    ...signInShots(),
    ...returnShots(),
    ...batchShots(),
    ...recipeShots(),
    ...stationShots(),
    ...firmwareShots(),
    ...tripleShots(),
    ...labelShots(),
    ...recordShots(),
    ...unansweredShots(),
    ...bothWays({ ...engineer, name: 'sync', scene: 'parked', route: 'sync' }),
    ...bothWays({ ...engineer, name: 'sync-offline', scene: 'offline', route: 'sync', large: true }),
  ];
}

/** The pages while the station does not answer, and with a refusal. */
function unansweredShots(): Shot[] {
  return ['batches', 'batches/b-1', 'returns', 'pool', 'firmware', 'sync'].flatMap((route) =>
    (['no-answers', 'faults'] as const).flatMap((variant) => {
      const name = `${route.replace('/', '-')}-${variant}`;
      return bothWays({ ...engineer, name, route, variant });
    }),
  );
}

function signInShots(): Shot[] {
  const wrong: Act = async (page) => {
    await click('user-Ana')(page);
    await page.getByTestId('pin').fill('1357');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').fill('12');
  };
  const short: Act = async (page) => {
    await click('user-Maria Keller')(page);
    await page.getByTestId('pin').fill('2468');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="pin"][data-step="new"]').waitFor();
  };
  return [
    ...bothWays(signIn),
    ...bothWays({ ...signIn, name: 'sign-in-pin', act: wrong }),
    ...bothWays({ ...signIn, name: 'sign-in-new-pin', act: short }),
    ...bothWays({ ...signIn, name: 'sign-in-nobody', variant: 'no-users' }),
    ...bothWays({ ...signIn, name: 'sign-in-sample', variant: 'sample-line' }),
  ];
}

function returnShots(): Shot[] {
  const route = 'returns';
  const verdicts = ['known', 'unknown', 'foreign', 'in-doubt', 'mismatch', 'erased', 'retired'];
  const form: Act = async (page) => {
    await read(page, 1);
    await click('action-reissue', 'preset-returns.reason.leaked')(page);
    await page.getByTestId('approver').fill('陈静');
    await page.getByTestId('approver-pin').fill('246800');
  };
  const unapproved: Act = async (page) => {
    await form(page);
    await page.getByTestId('approver-pin').fill('999999');
    await click('confirm')(page);
    await page.getByTestId('not-begun').waitFor();
  };
  const done: Act = async (page) => {
    await form(page);
    await click('confirm')(page);
    await page.getByTestId('done').waitFor();
  };
  const near: Act = async (page) => {
    await page.getByTestId('nearby-listen').click();
    await page.getByTestId('near-A2:B7:16:CA:2C:1D').waitFor();
  };
  const nearUnit: Act = async (page) => {
    await near(page);
    await page.getByTestId('near-read-A2:B7:16:CA:2C:1D').click();
    await page.getByTestId('nearby-services').waitFor();
  };
  const nearForm: Act = async (page) => {
    await nearUnit(page);
    await page.getByTestId('nearby-decide').click();
    await page.getByTestId('owner').waitFor();
    await page.getByTestId('action-reissue').click();
  };
  const find: Act = async (page) => {
    await page.getByTestId('find').fill('dev_4107');
    await page.keyboard.press('Enter');
  };
  return [
    ...bothWays({ ...support, name: 'returns-empty', route }),
    ...verdicts.flatMap((verdict, index) =>
      bothWays({
        ...support,
        name: `returns-${verdict}`,
        route,
        large: verdict === 'mismatch',
        act: (page) => read(page, index + 1),
      }),
    ),
    ...bothWays({ ...support, name: 'returns-not-read', route, act: find }),
    ...bothWays({
      ...support,
      name: 'returns-offline',
      scene: 'offline',
      route,
      act: (page) => read(page, 1),
    }),
    ...bothWays({ ...support, name: 'returns-busy', route, variant: 'slow-units', act: click('read-2') }),
    ...bothWays({ ...support, name: 'returns-form', route, act: form }),
    ...bothWays({ ...support, name: 'returns-unapproved', route, act: unapproved }),
    ...bothWays({ ...support, name: 'returns-done', route, act: done }),
    ...bothWays({ ...support, name: 'returns-near', route, act: near }),
    ...bothWays({ ...support, name: 'returns-near-unit', route, act: nearUnit }),
    ...bothWays({ ...support, name: 'returns-near-form', route, act: nearForm }),
    ...bothWays({ ...support, name: 'returns-16', slots: 16, route, act: click('read-9') }),
  ];
}

function batchShots(): Shot[] {
  const broken: Act = async (page) => {
    await click('new-batch')(page);
    await click('tab-text')(page);
    await page.getByTestId('recipe').fill(BROKEN_RECIPE);
    await page.getByTestId('recipe-issues').waitFor();
  };
  const provisioned: Act = async (page) => {
    await page.getByTestId('provisioning-released').scrollIntoViewIfNeeded();
  };
  const right: Act = async (page) => {
    await click('new-batch')(page);
    await click('tab-text')(page);
    await page.getByTestId('recipe').fill(BROKEN_RECIPE.replace('nonsense', 'identify'));
    await page.getByTestId('recipe-summary').waitFor();
    await page.getByTestId('quantity').fill('500');
  };
  return [
    ...bothWays({ ...engineer, name: 'batches', route: 'batches' }),
    ...bothWays({ ...engineer, name: 'batches-none', scene: 'no-batches', route: 'batches' }),
    ...bothWays({ ...engineer, name: 'batches-long', scene: 'long-names', route: 'batches' }),
    ...bothWays({ ...engineer, name: 'batch-warned', scene: 'drifting', route: 'batches/b-1' }),
    ...bothWays({ ...engineer, name: 'batch', route: 'batches/b-1', large: true }),
    ...bothWays({ ...engineer, name: 'batch-empty', route: 'batches/b-2' }),
    ...bothWays({ ...engineer, name: 'batch-words', route: 'batches/b-1', act: hover('yield-RTY') }),
    ...bothWays({ ...engineer, name: 'batch-measured', route: 'batches/b-1', large: true, act: measured(0) }),
    ...bothWays({ ...engineer, name: 'batch-failed', route: 'batches/b-1', act: measured(1) }),
    ...bothWays({ ...engineer, name: 'runs-filtered', route: 'batches/b-1', act: click('pareto-bar') }),
    ...bothWays({ ...engineer, name: 'runs', route: 'runs', large: true }),
    ...bothWays({ ...engineer, name: 'run-pass', route: 'runs/run-29?batch=b-1' }),
    ...bothWays({ ...engineer, name: 'run-provisioning', route: 'runs/run-29', act: provisioned }),
    ...bothWays({ ...engineer, name: 'run-fail', route: 'runs/run-25?batch=b-1' }),
    ...bothWays({ ...engineer, name: 'new-batch-broken', route: 'batches', act: broken }),
    ...bothWays({ ...engineer, name: 'new-batch', route: 'batches', act: right }),
  ];
}

function tripleShots(): Shot[] {
  const file: Act = async (page) => {
    await page
      .getByTestId('triples-file')
      .setInputFiles({ name: 'triples-2611.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
    await page.getByTestId('columns').waitFor();
  };
  const done: Act = async (page) => {
    await file(page);
    await click('import-go')(page);
    await page.getByTestId('pool-notice').waitFor();
  };
  const route = 'pool';
  const full = { ...engineer, scene: 'pool-full', route } as const;
  return [
    ...bothWays({ ...full, name: 'triples', large: true }),
    ...bothWays({ ...engineer, name: 'triples-none', scene: 'pool-none', route }),
    ...bothWays({ ...engineer, name: 'triples-out', scene: 'pool-empty', route }),
    ...bothWays({ ...full, name: 'triples-preview', large: true, act: file }),
    ...bothWays({ ...full, name: 'triples-bad', variant: 'file-with-bad-rows', act: file }),
    ...bothWays({ ...full, name: 'triples-columns', variant: 'file-with-unknown-columns', act: file }),
    ...bothWays({ ...full, name: 'triples-notes', variant: 'file-with-notes', large: true, act: file }),
    ...bothWays({ ...full, name: 'triples-twice', variant: 'file-with-two-names', act: file }),
    ...bothWays({ ...full, name: 'triples-vouch', variant: 'file-after-restore', act: file }),
    ...bothWays({ ...full, name: 'triples-done', act: done }),
    ...bothWays({ ...full, name: 'triples-lease', act: click('lease-product') }),
    ...bothWays({ ...full, name: 'triples-give-back', act: click('give-back') }),
  ];
}

function recipeShots(): Shot[] {
  const locked = `recipes/versions/${'5e'.repeat(32)}`;
  const broken: Act = async (page) => {
    await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+End');
    await page.keyboard.type('nonsense');
    await page.getByTestId('draft-issues').waitFor();
  };
  const tried: Act = async (page) => {
    await click('dry-run-start')(page);
    await page.getByTestId('dry-run-result').scrollIntoViewIfNeeded();
  };
  const compared: Act = async (page) => {
    await click('compare-with')(page);
    await page.getByRole('option').first().click();
    await page.getByTestId('recipe-diff').scrollIntoViewIfNeeded();
  };
  return [
    ...bothWays({ ...engineer, name: 'recipe-dry-run', route: locked, act: tried }),
    ...bothWays({ ...engineer, name: 'recipe-compare', route: locked, act: compared }),
    ...bothWays({ ...engineer, name: 'recipes', route: 'recipes' }),
    ...bothWays({ ...engineer, name: 'recipe-draft', route: 'recipes/drafts/d-1', large: true }),
    ...bothWays({ ...engineer, name: 'recipe-broken', route: 'recipes/drafts/d-1', act: broken }),
    ...bothWays({ ...engineer, name: 'recipe-lock', route: 'recipes/drafts/d-1', act: click('lock-draft') }),
    ...bothWays({ ...engineer, name: 'recipe-version', route: locked }),
    ...bothWays({ ...engineer, name: 'recipe-release', route: locked, act: click('release') }),
    ...bothWays({ ...engineer, name: 'recipe-withdraw', route: locked, act: click('withdraw') }),
  ];
}

function stationShots(): Shot[] {
  return [
    ...bothWays({ ...engineer, name: 'users', route: 'users' }),
    ...bothWays({ ...engineer, name: 'setup', route: 'setup' }),
    ...bothWays({ ...engineer, name: 'station-slots', route: 'station/slots' }),
    ...bothWays({ ...engineer, name: 'station-doctor', route: 'station/doctor' }),
    ...bothWays({ ...engineer, name: 'station-backup', route: 'station/backup' }),
    ...bothWays({ ...engineer, name: 'station-audit', route: 'station/audit' }),
  ];
}

function labelShots(): Shot[] {
  const route = 'labels/lamp-60x40';
  // The mock station draws grey boxes; the picture shows what a station draws.
  const drawn: Act = async (page) => {
    const [asked] = await page.evaluate(
      () => window.harness.station.inputsOf('labelTemplates.preview') as { readonly template: unknown }[],
    );
    const { shape } = checkLabelTemplate(asked?.template);
    if (shape === null) throw new Error('the template of the mock station is wrong');
    const fonts = createFontBook();
    const { drawing } = layoutTemplate(shape, sampleValuesOf(shape), { dpi: 300, fonts });
    const svg = Buffer.from(encodeSvg(drawing)).toString('base64');
    await click('element-3')(page);
    const image = page.getByTestId('label-canvas').locator('img');
    await image.evaluate(
      (element: HTMLImageElement, source) => (element.src = source),
      `data:image/svg+xml;base64,${svg}`,
    );
  };
  const wrong: Act = async (page) => {
    await click('element-2')(page);
    await page.getByTestId('element-lines').fill('{serial}');
    await page.getByTestId('issue-2').waitFor();
  };
  return [
    ...bothWays({ ...engineer, name: 'labels', route: 'labels' }),
    ...bothWays({ ...engineer, name: 'label', route, large: true, act: drawn }),
    ...bothWays({ ...engineer, name: 'label-wrong', route, act: wrong }),
  ];
}

/** Exports, automatic reports, balances, and runs of others. */
function recordShots(): Shot[] {
  const atBalance: Act = async (page) => {
    await page.getByTestId('balance-issued').waitFor();
    await page.getByTestId('balance').evaluate((card: HTMLElement) => {
      card.style.scrollMarginTop = '12px';
      card.scrollIntoView({ block: 'start' });
    });
  };
  const checked: Act = async (page) => {
    await page
      .getByTestId('foreign-file')
      .setInputFiles({ name: 'line-2.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
    await page.getByTestId('foreign-bad-rows').waitFor();
  };
  return [
    ...bothWays({ ...engineer, name: 'export', route: 'runs', act: click('export', 'name-columns') }),
    ...bothWays({ ...engineer, name: 'balance', route: 'batches/b-1', act: atBalance }),
    ...bothWays({ ...engineer, name: 'reports', route: 'station/reports' }),
    ...bothWays({ ...engineer, name: 'reports-add', route: 'station/reports', act: click('add-schedule') }),
    ...bothWays({ ...engineer, name: 'verify', route: 'verify' }),
    ...bothWays({ ...engineer, name: 'imported', route: 'runs/imported' }),
    ...bothWays({
      ...engineer,
      name: 'imported-check',
      route: 'runs/imported',
      variant: 'foreign-file-with-errors',
      act: checked,
    }),
  ];
}

function firmwareShots(): Shot[] {
  const job =
    (patch: object): Act =>
    (page) =>
      page.evaluate(`window.harness.job(${JSON.stringify(patch)})`);
  const uploading = {
    jobId: 'u1',
    kind: 'upload',
    title: 'smart-plug-1.4.2.zip',
    stage: 'sending',
    firmwareId: '9f'.repeat(32),
    totalBytes: 1_204_224,
    doneBytes: 540_000,
  };
  const fault = {
    code: 'firmware-invalid',
    message: 'smart-plug-1.4.3.zip contains 2 *.bin.ota: "a/plug.bin.ota", "b/plug.bin.ota"',
    hint: 'Leave exactly one of them in the package.',
    details: { reason: 'several-firmwares' },
  };
  const refused = { jobId: 'i1', kind: 'import', title: 'smart-plug-1.4.3.zip', state: 'failed', fault };
  const route = 'firmware';
  return [
    ...bothWays({ ...engineer, name: 'firmware', route, large: true, act: job(uploading) }),
    ...bothWays({ ...engineer, name: 'firmware-refused', route, act: job(refused) }),
    ...bothWays({ ...engineer, name: 'firmware-panel', route, act: click('firmware-9fa9ce69') }),
    ...bothWays({ ...engineer, name: 'firmware-online', route, act: click('switch') }),
  ];
}
