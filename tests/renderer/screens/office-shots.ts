import type { Page } from 'playwright-core';
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
    await page.getByTestId('measured').evaluate((card) => card.scrollIntoView({ block: 'center' }));
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

const signIn = { name: 'sign-in', scene: 'ready', slots: 4, place: 'office' } as const;
const support = { scene: 'ready', slots: 8, role: 'support' } as const;
const engineer = { scene: 'ready', slots: 4, role: 'engineer' } as const;

/** The pages behind the line, in every state worth looking at. */
export function officeShots(): Shot[] {
  return [
    ...signingIn(),
    ...atTheReturnsDesk(),
    ...withBatches(),
    ...withFirmware(),
    ...withTriples(),
    ...waitingAndRefused(),
    ...bothWays({ ...engineer, name: 'sync', scene: 'parked', place: 'sync' }),
    ...bothWays({ ...engineer, name: 'sync-offline', scene: 'offline', place: 'sync', large: true }),
  ];
}

/** What a page looks like while the station does not answer, and when it refuses. */
function waitingAndRefused(): Shot[] {
  return ['batches', 'batches/b-1', 'returns', 'pool', 'firmware', 'sync'].flatMap((place) =>
    ['never', 'faults'].flatMap((answers) => {
      const name = `${place.replace('/', '-')}-answers-${answers}`;
      return bothWays({ ...engineer, name, place, more: `&answers=${answers}` });
    }),
  );
}

function signingIn(): Shot[] {
  const wrong: Act = async (page) => {
    await click('person-Ana')(page);
    await page.getByTestId('pin').fill('1357');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').fill('12');
  };
  const short: Act = async (page) => {
    await click('person-Maria Keller')(page);
    await page.getByTestId('pin').fill('2468');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="pin"][data-step="new"]').waitFor();
  };
  return [
    ...bothWays(signIn),
    ...bothWays({ ...signIn, name: 'sign-in-pin', act: wrong }),
    ...bothWays({ ...signIn, name: 'sign-in-new-pin', act: short }),
    ...bothWays({ ...signIn, name: 'sign-in-nobody', more: '&nobody' }),
    ...bothWays({ ...signIn, name: 'sign-in-sample', more: '&sample' }),
  ];
}

function atTheReturnsDesk(): Shot[] {
  const place = 'returns';
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
    await page.getByTestId('unapproved').waitFor();
  };
  const done: Act = async (page) => {
    await form(page);
    await click('confirm')(page);
    await page.getByTestId('done').waitFor();
  };
  const find: Act = async (page) => {
    await page.getByTestId('find').fill('dev_4107');
    await page.keyboard.press('Enter');
  };
  return [
    ...bothWays({ ...support, name: 'returns-empty', place }),
    ...verdicts.flatMap((verdict, index) =>
      bothWays({
        ...support,
        name: `returns-${verdict}`,
        place,
        large: verdict === 'mismatch',
        act: (page) => read(page, index + 1),
      }),
    ),
    ...bothWays({ ...support, name: 'returns-not-read', place, act: find }),
    ...bothWays({
      ...support,
      name: 'returns-offline',
      scene: 'offline',
      place,
      act: (page) => read(page, 1),
    }),
    ...bothWays({ ...support, name: 'returns-busy', place, more: '&unitMs=60000', act: click('read-2') }),
    ...bothWays({ ...support, name: 'returns-form', place, act: form }),
    ...bothWays({ ...support, name: 'returns-unapproved', place, act: unapproved }),
    ...bothWays({ ...support, name: 'returns-done', place, act: done }),
    ...bothWays({ ...support, name: 'returns-16', slots: 16, place, act: click('read-9') }),
  ];
}

function withBatches(): Shot[] {
  const broken: Act = async (page) => {
    await click('new-batch')(page);
    await page.getByTestId('recipe').fill(BROKEN_RECIPE);
    await page.getByTestId('recipe-issues').waitFor();
  };
  const right: Act = async (page) => {
    await click('new-batch')(page);
    await page.getByTestId('recipe').fill(BROKEN_RECIPE.replace('nonsense', 'identify'));
    await page.getByTestId('recipe-summary').waitFor();
    await page.getByTestId('quantity').fill('500');
  };
  return [
    ...bothWays({ ...engineer, name: 'batches', place: 'batches' }),
    ...bothWays({ ...engineer, name: 'batches-none', scene: 'no-batches', place: 'batches' }),
    ...bothWays({ ...engineer, name: 'batches-long', scene: 'long-names', place: 'batches' }),
    ...bothWays({ ...engineer, name: 'batch-warned', scene: 'drifting', place: 'batches/b-1' }),
    ...bothWays({ ...engineer, name: 'batch', place: 'batches/b-1', large: true }),
    ...bothWays({ ...engineer, name: 'batch-empty', place: 'batches/b-2' }),
    ...bothWays({ ...engineer, name: 'batch-words', place: 'batches/b-1', act: hover('yield-RTY') }),
    ...bothWays({ ...engineer, name: 'batch-measured', place: 'batches/b-1', large: true, act: measured(0) }),
    ...bothWays({ ...engineer, name: 'batch-failed', place: 'batches/b-1', act: measured(1) }),
    ...bothWays({ ...engineer, name: 'batch-filtered', place: 'batches/b-1', act: click('pareto-bar') }),
    ...bothWays({ ...engineer, name: 'run-pass', place: 'batches/b-1', act: click('run-run-29') }),
    ...bothWays({ ...engineer, name: 'run-fail', place: 'batches/b-1', act: click('run-run-25') }),
    ...bothWays({ ...engineer, name: 'new-batch-broken', place: 'batches', act: broken }),
    ...bothWays({ ...engineer, name: 'new-batch', place: 'batches', act: right }),
  ];
}

const BAD_ROWS = [
  { line: 3, reason: 'no DeviceName' },
  { line: 5, reason: 'duplicate of line 2' },
  { line: 6, reason: 'DeviceName has an illegal character: a blank' },
  { line: 8, reason: 'short row: 2 of 3 columns' },
  { line: 9, reason: 'ProductId is malformed: 1 to 32 letters and digits are allowed' },
  { line: 11, reason: 'DeviceName has 62 characters, the limit is 48' },
  { line: 17, reason: 'dev_4104 is in the ledger already (registered)' },
];

function withTriples(): Shot[] {
  const file = (patch: object): Act =>
    async function drop(page) {
      await page.evaluate(`window.harness.station.office.triples.next(${JSON.stringify(patch)})`);
      await page
        .getByTestId('triples-file')
        .setInputFiles({ name: 'triples-2611.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
      await page.getByTestId('columns').waitFor();
    };
  const bad = { rows: 240, good: 233, rejected: BAD_ROWS.length, rejectedRows: BAD_ROWS };
  const problem = {
    code: 'csv-invalid',
    message: 'no column for DeviceName and DeviceSecret; the file has: who, what, Remark',
    hint: null,
    details: { missing: 'DeviceName and DeviceSecret' },
  };
  const unknown = {
    header: ['who', 'what', 'Remark'],
    recognized: { dn: null, secret: null, product: null, mac: null, serial: null },
    columns: null,
    problem,
    rows: 0,
    good: 0,
    products: [],
    examples: [],
  };
  const done: Act = async (page) => {
    await file({})(page);
    await click('import-go')(page);
    await page.getByTestId('said').waitFor();
  };
  const place = 'pool';
  const full = { ...engineer, scene: 'pool-full', place };
  return [
    ...bothWays({ ...full, name: 'triples', large: true }),
    ...bothWays({ ...engineer, name: 'triples-none', scene: 'pool-none', place }),
    ...bothWays({ ...engineer, name: 'triples-out', scene: 'pool-empty', place }),
    ...bothWays({ ...full, name: 'triples-preview', large: true, act: file({}) }),
    ...bothWays({
      ...full,
      name: 'triples-bad',
      act: file({ ...bad, products: [{ productId: 'HK2QX1JY7C', triples: 233 }] }),
    }),
    ...bothWays({ ...full, name: 'triples-columns', act: file(unknown) }),
    ...bothWays({ ...full, name: 'triples-notes', act: file(NOTED_FILE) }),
    ...bothWays({ ...full, name: 'triples-notes-large', large: true, act: file(NOTED_FILE) }),
    ...bothWays({ ...full, name: 'triples-twice', act: file({ ...unknown, ...TWO_NAMES }) }),
    ...bothWays({ ...full, name: 'triples-vouch', act: file({ restoredAtMs: 1_790_000_000_000 }) }),
    ...bothWays({ ...full, name: 'triples-done', act: done }),
    ...bothWays({ ...full, name: 'triples-lease', act: click('lease-product') }),
    ...bothWays({ ...full, name: 'triples-give-back', act: click('give-back') }),
  ];
}

/** What a spreadsheet on a Chinese Windows makes of a list, with units named. */
const NOTED_FILE = {
  header: ['产品ID', '设备名称（DeviceName）', '设备密钥', 'MAC地址', '备注', '型号'],
  columns: { product: 0, dn: 1, secret: 2, mac: 3, serial: null },
  notes: [
    { kind: 'encoding', encoding: 'gb18030' },
    { kind: 'titles', count: 2, line: 3 },
    { kind: 'unused', columns: ['备注', '型号'] },
    { kind: 'end-mark', mark: 'ctrl-z', line: 2005 },
    { kind: 'bound', count: 1990, columns: ['MAC地址'] },
    { kind: 'rounded', count: 12, line: 41 },
    { kind: 'marks', count: 2000 },
  ],
  examples: [1, 2, 3, 4, 5].map((n) => ({
    line: n + 3,
    productId: 'HK2QX1JY7C',
    deviceName: `lamp.hall@${n}`,
    unit: n === 5 ? null : `A2:B7:00:00:00:0${n}`,
  })),
};

/** Two columns of one name. */
const TWO_NAMES = {
  header: ['ProductId', 'DeviceName', 'DeviceName', 'DeviceSecret', ''],
  recognized: { product: 0, dn: null, secret: 3, mac: null, serial: null },
  problem: {
    code: 'csv-invalid',
    message: '"DeviceName" (column 2) and "DeviceName" (column 3) could both be the DeviceName',
    hint: null,
    details: { role: 'dn', ambiguous: '2, 3' },
  },
};

function withFirmware(): Shot[] {
  const job =
    (patch: object): Act =>
    (page) =>
      page.evaluate(`window.harness.station.office.firmware.job(${JSON.stringify(patch)})`);
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
    message: 'smart-plug-1.4.3.zip holds 2 *.bin.ota: "a/plug.bin.ota", "b/plug.bin.ota"',
    hint: 'Leave exactly one of them in the package.',
    details: { reason: 'several-firmwares' },
  };
  const refused = { jobId: 'i1', kind: 'import', title: 'smart-plug-1.4.3.zip', state: 'failed', fault };
  const place = 'firmware';
  return [
    ...bothWays({ ...engineer, name: 'firmware', place, large: true, act: job(uploading) }),
    ...bothWays({ ...engineer, name: 'firmware-refused', place, act: job(refused) }),
    ...bothWays({ ...engineer, name: 'firmware-panel', place, act: click('open-firmware') }),
    ...bothWays({ ...engineer, name: 'firmware-online', place, act: click('switch') }),
  ];
}
