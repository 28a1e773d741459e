import { describe, expect, it } from 'vitest';
import { choose } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);
const open = (options: OpenOptions): Promise<DevPage> =>
  tabs().open({ role: 'engineer', language: 'en', ...options });
const hash = ({ page }: DevPage): Promise<string> => page.evaluate(() => location.hash);
const firstRow = ({ page }: DevPage): Promise<string | null> =>
  page.locator('[data-testid="run-list"] [data-row="0"]').getAttribute('data-run');

describe('the list of runs', () => {
  it('is paged both ways by keys, keeps its place in the address, and says how many there are at least', async () => {
    const screen = await open({ route: 'runs', variant: 'many-runs' });
    const { page } = screen;
    await eventually(() => firstRow(screen)).toBe('run-12000');
    await eventually(() => screen.text('run-list')).toContain('more than 10,000 runs');
    expect(await page.getByTestId('page-newer').isDisabled()).toBe(true);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-run'))).toBe(
      'run-11999',
    );
    await page.keyboard.press('ArrowRight');
    await eventually(() => firstRow(screen)).toBe('run-11900');
    // The focus follows to the first row.
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-run'))).toBe(
      'run-11900',
    );
    const address = await hash(screen);
    await page.keyboard.press('Control+End');
    await eventually(() => firstRow(screen)).toBe('run-100');
    await eventually(() => page.getByTestId('page-older').isDisabled()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await eventually(() => firstRow(screen)).toBe('run-200');
    // A run and back again: the same page of the list.
    await page.evaluate((to) => (location.hash = to), address);
    await eventually(() => firstRow(screen)).toBe('run-11900');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByTestId('run-page').waitFor();
    await page.goBack();
    await eventually(() => firstRow(screen)).toBe('run-11900');
    await page.keyboard.press('Control+Home');
    await eventually(() => firstRow(screen)).toBe('run-12000');
    // A day is chosen: the list begins with its last run, and the address keeps it. Before the first run there is none.
    await page.getByTestId('page-day').fill('2020-11-19');
    await eventually(() => hash(screen)).toMatch(/at=\d+/);
    const [asked] = (await screen.calls('runs.search')).slice(-1);
    const end = new Date((asked as { atMs: number }).atMs);
    expect([end.getFullYear(), end.getDate(), end.getHours()]).toEqual([2020, 20, 0]);
    await eventually(() => screen.text('run-list')).toContain('as old as this');
    expect(await page.getByTestId('page-older').isDisabled()).toBe(true);
    await screen.click('page-newer');
    await eventually(() => firstRow(screen)).toBe('run-100');
    expect(screen.complaints).toEqual([]);
  });

  it.each([
    ['zh-CN', '信号强度（rssi）', '射频测试 › 信号强度（rssi）'],
    ['en', 'Signal strength (rssi)', 'Radio test › Signal strength (rssi)'],
  ] as const)('names steps in %s as the recipe does, with their ids', async (language, step, place) => {
    const screen = await open({ route: 'runs', language });
    const { page } = screen;
    await eventually(() => screen.text('run-list')).toContain(place);
    await page.evaluate(() => (location.hash = '#/runs/run-29'));
    await eventually(() => screen.text('steps')).toContain(step);
    // A step without a title has its id alone.
    expect(await screen.text('steps')).toContain('prove-online');
    await page.evaluate(() => (location.hash = '#/batches/b-3'));
    await eventually(() => screen.text('pareto')).toContain(place);
    expect(screen.complaints).toEqual([]);
  });

  it('shows no id of a run in its title before the record is there', async () => {
    const screen = await open({ route: 'runs' });
    const { page } = screen;
    await page.getByTestId('run-list').waitFor();
    await screen.station(({ station }) =>
      station.answer({ 'runs.get': () => new Promise<never>(() => undefined) }),
    );
    await page.evaluate(() => (location.hash = '#/runs/run-11900'));
    await page.getByTestId('run-page').waitFor();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Run');
    expect(await page.title()).not.toContain('run-11900');
  });

  it('says which condition to remove when nothing is found, and what of an address it could not read', async () => {
    const screen = await open({ route: 'runs?q=SN26&slot=99&from=never' });
    const { page } = screen;
    await page.getByTestId('suggestion').first().waitFor();
    // The condition that excludes the most comes first.
    await eventually(() => page.getByTestId('suggestion').allTextContents()).toEqual([
      expect.stringMatching(/Slot 99: 30 runs/),
      expect.stringMatching(/SN26: 0 runs/),
    ]);
    expect(await screen.text('unread')).toContain('from');
    await page.getByTestId('suggestion').first().click();
    await eventually(() => hash(screen)).toBe('#/runs?q=SN26');
    await eventually(() => screen.text('run-list')).toContain('30 runs');
    await screen.click('chip-text');
    await eventually(() => hash(screen)).toBe('#/runs');
    // What is typed goes into the address, and a page that is opened meanwhile stays open.
    await page.getByTestId('filter-text').pressSequentially('sn2611200125');
    await eventually(() => hash(screen)).toBe('#/runs?q=sn2611200125');
    await eventually(() => screen.text('run-list')).toContain('1 run');
    await screen.click('chip-text');
    await eventually(() => hash(screen)).toBe('#/runs');
    await choose(page, 'filter-failure', { index: 1 });
    await eventually(() => hash(screen)).toContain('failure=limit-exceeded');
    // A period stays one in the address, so that it means the same tomorrow.
    await choose(page, 'filter-time', 'week');
    await eventually(() => hash(screen)).toContain('time=week');
    await screen.click('filter-first');
    await eventually(() => hash(screen)).toContain('first=any');
    expect((await screen.calls('runs.search')).at(-1)).toMatchObject({
      filter: { failureCode: 'limit-exceeded', time: 'week', first: 'any' },
    });
    expect(await screen.text('chip-period')).toContain('7 days');
    await screen.click('chip-first');
    await eventually(() => hash(screen)).not.toContain('first=');
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('lets a page open that takes longer than what was typed before', async () => {
    const screen = await open({ route: 'runs', load: true });
    const { page } = screen;
    await page.getByTestId('run-list').waitFor();
    // The code of the other page arrives when the typed text has been applied, whatever the computer's speed.
    const held = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    await page.route('**/*.js', async (route) => {
      asked.resolve(undefined);
      await held.promise;
      await route.continue();
    });
    await screen.click('nav-sync');
    await asked.promise;
    await page.getByTestId('filter-text').pressSequentially('x');
    const now = (): Promise<number> => page.evaluate(() => performance.now());
    const typedAtMs = await now();
    await eventually(now).toBeGreaterThan(typedAtMs + 500);
    held.resolve(undefined);
    await page.getByTestId('audit-verdict').waitFor();
    await page.unroute('**/*.js');
    expect(await hash(screen)).toBe('#/sync');
  });

  it('keeps filters with their columns under a name, and columns in the browser', async () => {
    const screen = await open({ route: 'runs?outcome=FAIL', role: 'support' });
    const { page } = screen;
    const heads = (): Promise<string[]> => page.locator('[data-testid="run-list"] th').allTextContents();
    await screen.click('choose-columns');
    await screen.click('column-operator');
    await screen.click('column-startedAt-up');
    await page.keyboard.press('Escape');
    await eventually(async () => (await heads()).map((text) => text.trim()).slice(0, 2)).toEqual([
      'Started',
      'Outcome',
    ]);
    expect((await heads()).at(-1)).toContain('Operator');
    await screen.click('saved-filters');
    await screen.click('menu-save-filter');
    // Pressed too early, the button says what is missing.
    await screen.click('filter-save');
    expect(await screen.text('missing')).toContain('Name');
    await page.getByTestId('filter-name').fill('weak ones');
    await page.keyboard.press('Escape');
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('unsaved').waitFor({ state: 'detached' });
    await page.getByTestId('filter-name').focus();
    await page.keyboard.press('Enter');
    await eventually(() => screen.text('toast')).toContain('weak ones');
    await page.reload();
    await page.getByTestId('run-list').locator('[data-row]').first().waitFor();
    expect((await heads())[0]).toContain('Started');
    expect((await screen.calls('savedFilters.list')).length).toBeGreaterThan(0);
    expect(screen.complaints).toEqual([]);
  });

  it('applies a saved filter, and removes one with a way back', async () => {
    const screen = await open({ route: 'runs', role: 'support' });
    const { page } = screen;
    await page.evaluate(() =>
      window.harness.station.answer({
        'savedFilters.list': {
          filters: [
            {
              filterId: 'f',
              name: 'stopped',
              by: 'Chen',
              savedAtMs: 0,
              filter: { outcomes: ['ABORTED'] },
              columns: ['runId', 'outcome'],
            },
          ],
        },
      }),
    );
    await page.evaluate(() => (location.hash = '#/sync'));
    await page.getByTestId('audit-verdict').waitFor();
    await page.evaluate(() => (location.hash = '#/runs'));
    await screen.click('saved-filters');
    await screen.click('menu-f');
    await eventually(() => hash(screen)).toBe('#/runs?outcome=ABORTED');
    expect(await page.locator('[data-testid="run-list"] th').allTextContents()).toHaveLength(2);
    await screen.click('saved-filters');
    await screen.click('menu-all-filters');
    await screen.click('saved-remove');
    await screen.click('toast-action');
    await eventually(() => screen.calls('savedFilters.save')).toEqual([
      { name: 'stopped', filter: { outcomes: ['ABORTED'] }, columns: ['runId', 'outcome'] },
    ]);
    expect(screen.complaints).toEqual([]);
  });

  it('is exported as it is shown, with progress, and an export that is cancelled hands over no file', async () => {
    const screen = await open({ route: 'runs?outcome=FAIL', role: 'support' });
    const { page } = screen;
    await screen.click('export');
    await screen.station((harness) => harness.hold());
    // The second click must not fall beside the dialog, which would close it and end the export.
    await page.getByTestId('export-start').dblclick();
    await page.getByTestId('export-progress').waitFor();
    await screen.click('export-cancel');
    await page.getByTestId('export-progress').waitFor({ state: 'detached' });
    expect(await page.getByTestId('export-done').count()).toBe(0);
    await screen.station((harness) => harness.release());
    await page
      .getByTestId('export-format')
      .getByRole('radio', { name: /JSON Lines/ })
      .click();
    await screen.click('name-columns');
    await page.getByTestId('export-name-serialNumber').fill('Serial No.');
    await screen.click('export-start');
    await eventually(() => screen.text('export-done')).toMatch(/3 runs/);
    expect((await screen.calls('reports.exportRuns')).at(-1)).toMatchObject({
      filter: { outcomes: ['FAIL'] },
      columns: [
        'outcome',
        'startedAt',
        'serialNumber',
        'failure',
        'failureStep',
        'batch',
        'slot',
        'durationMs',
      ],
      names: { serialNumber: 'Serial No.' },
      format: 'jsonl',
    });
    // The names are remembered.
    await page.reload();
    await screen.click('export');
    expect(await screen.text('export-about')).toContain('3');
    await screen.click('name-columns');
    await eventually(() => page.getByTestId('export-name-serialNumber').inputValue()).toBe('Serial No.');
    expect(await screen.station(({ files }) => files.fetched)).toHaveLength(0);
    expect(screen.complaints).toEqual([]);
  });
});

describe('a run', () => {
  it('that does not exist is said so, and leads to the list', async () => {
    const screen = await open({ route: 'runs/run-nope' });
    await screen.page.getByTestId('run-missing').waitFor();
    expect(await screen.text('run-missing')).toContain('nope');
    expect(await screen.page.getByTestId('fault').count()).toBe(0);
    await screen.page.getByTestId('run-missing').getByRole('link').click();
    await screen.page.getByTestId('runs-page').waitFor();
  });
});
