import type { Page } from 'playwright-core';
import { foreignRuns } from './foreign-run-states.ts';
import type { PageState } from './page-state.ts';
import { returns } from './return-states.ts';

export type { PageState };

const engineer = { role: 'engineer' } as const;
const support = { role: 'support' } as const;

export const click =
  (...testIds: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const testId of testIds) await page.getByTestId(testId).first().click();
  };
const press =
  (key: string) =>
  (page: Page): Promise<void> =>
    page.keyboard.press(key);
async function chooseFile(page: Page): Promise<void> {
  await page
    .getByTestId('triples-file')
    .setInputFiles({ name: 'triples.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.getByTestId('columns').waitFor();
}

async function openTables(page: Page): Promise<void> {
  await page.getByTestId('measured').waitFor();
  for (const table of await page.getByTestId('chart-table').all()) await table.click();
}
async function countFigures(page: Page): Promise<void> {
  await page.getByTestId('measured').waitFor();
  await page.evaluate(() =>
    window.harness.station.publish('yield', {
      batchId: null,
      figures: null,
      counting: { done: 400_000, total: 1_000_000 },
      lastHour: [],
      pareto: [],
      warnings: [],
    }),
  );
  await page.getByTestId('counting').waitFor();
}

const operator: readonly PageState[] = [
  { name: 'ready', scene: 'ready' },
  { name: 'results of six slots', scene: 'mixed', slots: 6 },
  { name: 'flashing six slots', scene: 'flashing', slots: 6 },
  { name: 'failed with one slot', scene: 'fail', slots: 1 },
  { name: 'asking beside others', scene: 'ask-mixed' },
  { name: 'a label without paper', scene: 'no-paper', slots: 4 },
  { name: 'the label of another unit', scene: 'label-refused', slots: 4 },
  { name: 'asking for words', scene: 'ask-text', slots: 1 },
  { name: 'asking for a photo', scene: 'ask-photo', slots: 1 },
  { name: 'out of triples', scene: 'pool-empty' },
  { name: 'choosing a batch', scene: 'pick-batch' },
  { name: 'help', act: press('F1') },
  { name: 'technical details', scene: 'fail', act: press('F3') },
  { name: 'signed out elsewhere', act: signedOut },
];

/** As the station tells the page after another page gave the user a new PIN. */
async function signedOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { station } = window.harness;
    const signedOut = { user: 'Ana', why: 'pin' } as const;
    station.publish('session', { role: 'operator', user: 'operator', signedIn: false, signedOut });
  });
  await page.getByTestId('notice-signed-out').waitFor();
}

const signIn: readonly PageState[] = [
  { name: 'signed out elsewhere', route: 'back-office', act: signedOut },
  { name: 'who', route: 'back-office' },
  { name: 'pin', route: 'back-office', act: click('user-Ana') },
  { name: 'nobody yet', route: 'back-office', variant: 'no-users' },
];

const batches: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'batches' },
  { ...engineer, name: 'no batch', route: 'batches', scene: 'no-batches' },
  { ...engineer, name: 'long names', route: 'batches', scene: 'long-names' },
  { ...engineer, name: 'new', route: 'batches', act: click('new-batch'), dialog: true },
  { ...engineer, name: 'one with warnings', route: 'batches/b-1', scene: 'drifting' },
  { ...engineer, name: 'one value', route: 'batches/b-1', act: click('measured-row') },
  { ...engineer, name: 'charts as tables', route: 'batches/b-1', act: openTables },
  { ...engineer, name: 'figures being computed', route: 'batches/b-1', act: countFigures },
  { ...engineer, name: 'without runs', route: 'batches/b-2' },
  { ...engineer, name: 'with unproven units', route: 'batches/b-3' },
  { ...engineer, name: 'refused', route: 'batches/b-1', variant: 'faults' },
];

const triples: readonly PageState[] = [
  { ...engineer, name: 'all products', route: 'pool', scene: 'pool-full' },
  { ...engineer, name: 'none', route: 'pool', scene: 'pool-none' },
  { ...engineer, name: 'file', route: 'pool', scene: 'pool-full', act: chooseFile },
  { ...engineer, name: 'bad rows', route: 'pool', variant: 'file-with-bad-rows', act: chooseFile },
  {
    ...engineer,
    name: 'lease',
    route: 'pool',
    scene: 'pool-full',
    act: click('lease-product'),
    dialog: true,
  },
];

const firmware: readonly PageState[] = [
  { ...engineer, name: 'packages', route: 'firmware' },
  { ...engineer, name: 'one package', route: 'firmware', act: click('firmware-9fa9ce69'), dialog: true },
  { ...engineer, name: 'online?', route: 'firmware', act: click('switch'), dialog: true },
];

const sync: readonly PageState[] = [
  { ...engineer, name: 'parked', route: 'sync', scene: 'parked' },
  { ...engineer, name: 'offline', route: 'sync', scene: 'offline' },
  { ...engineer, name: 'going to a page', route: 'sync', act: press('Control+k'), dialog: true },
  {
    ...support,
    name: 'setting aside',
    route: 'sync',
    scene: 'parked',
    act: click('set-aside-parked:1', 'confirm'),
    dialog: true,
  },
  { ...support, name: 'unresolved', route: 'sync', scene: 'pool-full' },
  { ...support, name: 'sending again', route: 'sync', act: click('resend'), dialog: true },
];

/** The verdict about a dropped file. */
async function verifyFile(page: Page): Promise<void> {
  const file = { name: 'certificate.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
  await page.getByTestId('verify-file').setInputFiles(file);
  await page.getByTestId('verified').waitFor();
}
const documents: readonly PageState[] = [
  { ...support, name: 'nothing verified', route: 'verify' },
  { ...support, name: 'a verified file', route: 'verify', act: verifyFile },
  { ...engineer, name: 'an open list', route: 'batches/b-2', act: click('balance-open'), dialog: true },
  { ...engineer, name: 'closing', route: 'batches/b-1', act: click('close-batch'), dialog: true },
];

const runs: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'runs?outcome=FAIL,PASS&slot=2' },
  { ...engineer, name: 'none found', route: 'runs?q=nothing' },
  { ...engineer, name: 'columns', route: 'runs', act: click('choose-columns'), dialog: true },
  { ...engineer, name: 'export', route: 'runs', act: click('export'), dialog: true },
  { ...engineer, name: 'export, named', route: 'runs', act: click('export', 'name-columns'), dialog: true },
  {
    ...engineer,
    name: 'many conditions',
    route: 'runs?batch=b-1&time=today&first=any&counted=1&unit=%5B%22tested%22%2C2%2C1%2Cnull%5D&endedFrom=1',
  },
  {
    ...engineer,
    name: 'saving a filter',
    route: 'runs',
    act: click('saved-filters', 'menu-save-filter'),
    dialog: true,
  },
  { ...engineer, name: 'passed', route: 'runs/run-29' },
  {
    ...engineer,
    name: 'label printed again',
    route: 'runs/run-29',
    act: click('label-reprint'),
    dialog: true,
  },
  { ...engineer, name: 'failed and replayed', route: 'runs/run-25?batch=b-1', act: click('replay-start') },
  { ...engineer, name: 'missing', route: 'runs/nope' },
];

const lockedRecipe = `recipes/versions/${'5e'.repeat(32)}`;
/** A draft with a mistake. */
async function written(page: Page): Promise<void> {
  await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+End');
  await page.keyboard.type('nonsense');
  await page.getByTestId('draft-issues').waitFor();
}
/** A version after its dry run, beside another one. */
async function compared(page: Page): Promise<void> {
  await click('dry-run-start', 'compare-with')(page);
  await page.getByRole('option').first().click();
  await page.getByTestId('recipe-diff').waitFor();
}

/** A draft whose text cannot be read, and its tree of before. */
async function unreadable(page: Page): Promise<void> {
  await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+Home');
  await page.keyboard.type('"nonsense ');
  await page.getByTestId('tree-old').waitFor();
}
/** A draft that another engineer has saved meanwhile. */
async function conflicting(page: Page): Promise<void> {
  await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+End');
  await page.keyboard.type('# conflict');
  await page.keyboard.press('Control+s');
  await page.getByTestId('keep-mine').waitFor();
}
const recipes: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'recipes' },
  { ...engineer, name: 'refused', route: 'recipes', variant: 'faults' },
  { ...engineer, name: 'draft', route: 'recipes/drafts/d-1', act: written },
  { ...engineer, name: 'unreadable', route: 'recipes/drafts/d-1', act: unreadable },
  { ...engineer, name: 'conflict', route: 'recipes/drafts/d-1', act: conflicting, dialog: true },
  { ...engineer, name: 'script', route: 'recipes/drafts/d-1', act: click('edit-pwm.ts'), dialog: true },
  { ...engineer, name: 'new script', route: 'recipes/drafts/d-1', act: click('new-file'), dialog: true },
  { ...engineer, name: 'lock', route: 'recipes/drafts/d-1', act: click('lock-draft'), dialog: true },
  { ...engineer, name: 'version', route: lockedRecipe, act: compared },
  { ...engineer, name: 'release', route: lockedRecipe, act: click('release'), dialog: true },
];

async function makeSecret(page: Page): Promise<void> {
  await click('element-2')(page);
  await page.getByTestId('element-lines').fill('{deviceSecret}');
  await page.getByTestId('issue-2').waitFor();
}
const labels: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'labels' },
  { ...engineer, name: 'refused', route: 'labels', variant: 'faults' },
  { ...engineer, name: 'design', route: 'labels/lamp-60x40', act: click('element-3') },
  { ...engineer, name: 'with a mistake', route: 'labels/lamp-60x40', act: makeSecret },
  { ...engineer, name: 'new', route: 'labels', act: click('new-label') },
];

const station: readonly PageState[] = [
  ...[
    'general',
    'registry',
    'slots',
    'printer',
    'instruments',
    'networks',
    'quotas',
    'line',
    'storage',
    'reports',
    'backup',
    'updates',
    'doctor',
    'trail',
  ].map((section) => ({
    ...engineer,
    name: section,
    route: `station/${section}`,
  })),
  {
    ...engineer,
    name: 'a schedule of reports',
    route: 'station/reports',
    act: click('add-schedule'),
  },
  {
    ...engineer,
    name: 'an instrument',
    route: 'station/instruments',
    act: click('edit-psu'),
    dialog: true,
  },
  {
    ...engineer,
    name: 'a Wi-Fi network',
    route: 'station/networks',
    act: click('edit-network-line'),
    dialog: true,
  },
  {
    ...engineer,
    name: 'finding a port',
    route: 'station/slots',
    act: async (page) => {
      await click('add-slot')(page);
      await page.getByTestId('found-port').waitFor();
    },
    dialog: true,
  },
  {
    ...engineer,
    name: 'removing a program',
    route: 'station/slots',
    act: click('remove-tool-openocd'),
    dialog: true,
  },
  {
    ...engineer,
    name: 'backup at work',
    route: 'station/backup',
    act: async (page) => {
      await page.getByTestId('backup-table').waitFor();
      await page.evaluate(() => {
        const { station } = window.harness;
        const others = { kind: 'make' as const, name: null, by: '王芳', done: 0.427 };
        station.publish('backupWork', { running: [others, { ...others, kind: 'add', done: 1 }] });
      });
      await page.getByTestId('backup-work-add').waitFor();
    },
  },
  {
    ...engineer,
    name: 'restore',
    route: 'station/backup',
    act: async (page) => {
      await page
        .getByTestId(/^restore-station/)
        .first()
        .click();
      await page.getByTestId('will').waitFor();
    },
    dialog: true,
  },
];

const openChapter =
  (...testIds: readonly string[]) =>
  async (page: Page): Promise<void> => {
    await click('help-link', ...testIds)(page);
    await page.locator('.manual article table').first().waitFor();
  };
/** From a page of the back office, as a user opens it. */
const manual: readonly PageState[] = [
  { ...engineer, name: 'chapter', route: 'recipes', act: openChapter() },
  {
    ...engineer,
    name: 'nothing found',
    route: 'sync',
    act: async (page) => {
      await openChapter()(page);
      await page.getByTestId('manual-search').fill('no chapter has this');
      await page.getByRole('status').waitFor();
      await page.locator('.manual h1').click();
    },
  },
  {
    ...engineer,
    name: 'card',
    route: 'sync',
    act: async (page) => {
      await click('help-link', 'to-card')(page);
      await page.locator('.codes img').first().waitFor();
    },
  },
];

const users: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'users' },
  { ...engineer, name: 'new user', route: 'users', act: click('add-user', 'user-add-go'), dialog: true },
  { ...engineer, name: 'badge', route: 'users', act: click('acts-Ana', 'menu-badge'), dialog: true },
  { ...engineer, name: 'disable', route: 'users', act: click('acts-陈静', 'menu-disable'), dialog: true },
];

const setup: readonly PageState[] = [
  { ...engineer, name: 'all done', route: 'setup' },
  {
    ...engineer,
    name: 'sample line',
    route: 'setup',
    variant: 'sample-line',
    act: click('end-sample-line'),
    dialog: true,
  },
  { name: 'elsewhere', route: 'back-office', variant: 'no-users-elsewhere' },
];
/** Every page in its main states. A new page adds a group, and its name here. */
export const PAGE_STATES: Readonly<Record<string, readonly PageState[]>> = {
  operator,
  signIn,
  batches,
  returns,
  triples,
  firmware,
  sync,
  runs,
  foreignRuns,
  documents,
  recipes,
  labels,
  station,
  users,
  setup,
  manual,
};
