import { describe, expect, it } from 'vitest';
import { choose } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'back-office', slots: 8, language: 'en', ...options });

describe('batches', () => {
  it('show their yields, what failed and each run to the last measurement', async () => {
    const screen = await open({ role: 'engineer' });
    const { page } = screen;
    await eventually(() => screen.text('row-b-1')).toContain('83.1%');
    const listed = page.getByTestId('row-b-1').getByTestId('list-lpy');
    await eventually(() => listed.textContent()).toContain('98.5%');
    await screen.click('row-b-1');
    await eventually(() => screen.text('first-pass-yield')).toBe('83.1%');
    expect(await screen.text('final-yield')).toBe('98.5%');
    expect(await page.getByTestId('pareto-bar').count()).toBe(5);
    await page.getByTestId('pareto-bar').first().click();
    await eventually(() => page.locator('[data-testid^="run-run-"]').count()).toBe(1);
    await screen.click('run-run-25');
    await eventually(() => screen.text('steps')).toContain('-81 dBm');
    expect(await page.getByTestId('label').count()).toBe(0);
    await page.evaluate(() => (location.hash = '#/batches/b-1'));
    await screen.click('run-run-29');
    await page.getByTestId('label').waitFor();
    expect(
      await page
        .getByTestId('label')
        .evaluate((image) => (image as HTMLImageElement).decode().then(() => true)),
    ).toBe(true);
    expect(screen.complaints).toEqual([]);
  });

  it('show how good they are by every measure, what each means, where units stumble and when', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-1' });
    const { page } = screen;
    await page.getByTestId('measured').waitFor();
    const figures = ['SPY', 'TPY', 'RTY', 'TRY'].map((code) => screen.text(`yield-${code}`));
    expect(await Promise.all(figures)).toEqual(['98.5%', '98.5%', '84%', '84.2%']);
    // On hover and on focus a figure shows its definition.
    const tip = page.getByRole('tooltip', { name: /Runs that passed, of all runs/, includeHidden: true });
    expect(await tip.isVisible()).toBe(false);
    await page.getByTestId('yield-TRY').hover();
    await eventually(() => tip.isVisible()).toBe(true);
    await page.mouse.move(0, 0);
    await page.getByTestId('yield-TRY').locator('..').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await eventually(() => tip.isVisible()).toBe(true);
    expect(await screen.text('phase-yields')).toMatch(/Identify.*95\.4%.*Radio test.*93%/);
    // The bars begin at zero: a bar is as long as its yield.
    const lengths = await page
      .getByTestId('phase-yields')
      .locator('.bar')
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('width')).toFixed(1)));
    expect(lengths).toEqual(expect.arrayContaining(['95.4', '93.0']));
    expect(await screen.text('yield-curve')).toContain('pale bars for the number of units');
    expect(await page.locator('[data-testid="measured-row"] .clip:not([title])').count()).toBe(0);
    expect(await page.getByTestId('user').locator('strong').first().getAttribute('title')).toBe(
      await page.getByTestId('user').locator('strong').first().textContent(),
    );
    expect(await page.locator('[data-testid="yield-curve"] circle').count()).toBeGreaterThan(20);
    expect(await screen.text('pareto')).toMatch(/^Causes of failuresrssiA measured value is outside/);
    expect(screen.complaints).toEqual([]);
  });

  it('show each measured value against its limits, and first what will reach one', async () => {
    const screen = await open({ role: 'support', route: 'batches/b-1' });
    const { page } = screen;
    await page.getByTestId('measured').waitFor();
    expect(await screen.text('measured-detail')).toContain('vcc');
    expect(await screen.text('drift')).toMatch(/reaches 3\.5 V in about \d+ units/);
    expect(await screen.text('cpk')).toBe('Cpk1.06');
    const red = page.locator('[data-testid="measured-detail"] .bar.outside');
    expect(await red.count()).toBe(0);
    await page.getByTestId('measured-row').nth(1).click();
    await eventually(() => screen.text('measured-detail')).toContain('rssi');
    expect(await red.count()).toBeGreaterThan(0);
    expect(await screen.text('drift')).toContain('Steady');
    await page.getByTestId('measured-row').last().click();
    await eventually(() => screen.text('cpk')).toBe('Cpk—');
    expect(screen.complaints).toEqual([]);
  });

  it('lead from each point and bar to exactly the runs behind it, and have the same as a table for the keyboard', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-1' });
    const { page } = screen;
    const hash = (): Promise<string> => page.evaluate(() => decodeURIComponent(location.hash));
    await page.getByTestId('measured').waitFor();
    for (const [chart, where] of [
      ['curve-point', /^#\/runs\?batch=b-1&first=any&endedFrom=\d+&endedTo=\d+$/],
      [
        'histogram-bar',
        /^#\/runs\?batch=b-1&measured=\["[^"]+","[^"]+","vcc",[\d.]+,[\d.]+,null\]&counted=1$/,
      ],
      ['trend-point', /^#\/runs\/run-\d+$/],
      ['progress-runs', /^#\/runs\?batch=b-1&outcome=PASS$/],
    ] as const) {
      await page.getByTestId(chart).first().click();
      await eventually(hash).toMatch(where);
      await page.goBack();
      await page.getByTestId('measured').waitFor();
    }
    const tables = page.getByTestId('chart-table');
    expect(await tables.count()).toBe(3);
    for (const [index, where] of [/first=any&endedFrom/, /counted=1/, /^#\/runs\/run-/].entries()) {
      await tables.nth(index).focus();
      await page.keyboard.press('Enter');
      const link = page.locator('.chart-table').nth(index).getByRole('link').first();
      await link.focus();
      await page.keyboard.press('Enter');
      await eventually(hash).toMatch(where);
      await page.goBack();
      await page.getByTestId('measured').waitFor();
    }
    // A slot and a time are those of the first run of a unit.
    await choose(page, 'filter-slot', '2');
    await eventually(() => page.getByTestId('histogram-bar').first().getAttribute('href')).toContain('unit=');
    expect(screen.complaints).toEqual([]);
  });

  it('say how far the figures of earlier runs are computed after an update', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-1' });
    const { page } = screen;
    await page.getByTestId('measured').waitFor();
    expect(await page.getByTestId('counting').count()).toBe(0);
    await screen.station(({ station }) =>
      station.publish('yield', {
        batchId: null,
        figures: null,
        counting: { done: 400, total: 1000 },
        lastHour: [],
        pareto: [],
        warnings: [],
      }),
    );
    await eventually(() => screen.text('counting')).toMatch(/computed, 40.*400 of 1,000 runs/s);
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'show a part of themselves: a slot, the last hours, without what the station did',
    async () => {
      const screen = await open({ role: 'engineer', route: 'batches/b-1' });
      const { page } = screen;
      await page.getByTestId('measured').waitFor();
      await choose(page, 'filter-slot', '2');
      await eventually(() => screen.text('yields')).toContain(
        'more units had their first run outside of this filter',
      );
      await choose(page, 'filter-slot', { index: 0 });
      await page.getByTestId('filter-station-errors').uncheck();
      await eventually(() => screen.text('pareto')).not.toContain('The serial port was lost');
      await choose(page, 'filter-period', { index: 1 });
      await eventually(async () => (await screen.calls('yield.batch')).at(-1)).toMatchObject({
        batchId: 'b-1',
        filter: { stationErrors: false, fromMs: expect.any(Number) as number },
      });
      expect(screen.complaints).toEqual([]);
    },
  );

  it('are exported with progress, and the file is handed over by its id', async () => {
    const screen = await open({ role: 'support', route: 'batches/b-1' });
    await screen.station((harness) => harness.hold());
    await screen.click('export');
    await screen.click('export-start');
    await screen.page.getByTestId('export-progress').waitFor();
    await screen.station((harness) => harness.release());
    await eventually(() => screen.text('export-done')).toContain('152 runs');
    await screen.click('export-manifest');
    expect(await screen.calls('reports.export')).toEqual([
      // A browser of a country with the decimal point.
      { batchId: 'b-1', format: 'csv', csv: { delimiter: ',', decimal: '.' } },
    ]);
    expect(await screen.station(({ files }) => files.fetched)).toEqual([
      'L3-07_WO-20261120-017_20261120-1403.csv',
      'L3-07_WO-20261120-017_20261120-1403.csv.manifest.json',
    ]);
  });

  it.runIf(LONG)(
    'keep the focus on their button when they could not be created, so that Enter repeats it',
    async () => {
      const screen = await open({ role: 'engineer' });
      const { page } = screen;
      await screen.station(({ station }) => {
        station.answer({
          'batches.create': () =>
            new Promise((_, reject) => Object.assign(window, { refuse: () => reject(new Error('refused')) })),
        });
      });
      await screen.click('new-batch');
      await screen.click('tab-text');
      await page.getByTestId('recipe').fill('gongwei: recipe/1\n');
      await page.getByTestId('quantity').fill('5');
      await page.getByTestId('recipe-summary').waitFor();
      const create = page.getByTestId('create');
      await create.focus();
      for (let times = 1; times <= 2; times += 1) {
        await page.keyboard.press('Enter');
        await eventually(() => create.getAttribute('aria-busy')).toBe('true');
        // Busy, it takes no further click.
        await page.keyboard.press('Enter');
        await page.evaluate('refuse()');
        await page.getByTestId('fault').waitFor();
        expect(await create.evaluate((button) => button === document.activeElement)).toBe(true);
        expect(await screen.calls('batches.create')).toHaveLength(times);
      }
    },
  );

  it.runIf(LONG)(
    'have their yields in the list, however late the station answers and whenever they were made',
    async () => {
      const screen = await open({ role: 'engineer', route: 'batches' });
      const { page } = screen;
      const listed = (batchId: string) =>
        page.getByTestId(`row-${batchId}`).getByTestId('list-lpy').textContent();
      // Opened at this address: the batches were not known when the page was mounted.
      await eventually(() => listed('b-3')).toMatch(/%/);
      await screen.station(({ station }) => {
        const before = station.state('batch');
        const [first] = before.batches;
        if (first === undefined) throw new Error('there is no batch');
        const made = { ...first, batchId: 'b-late', name: 'WO-late' };
        station.publish('batch', { ...before, batches: [...before.batches, made] });
      });
      await eventually(() => listed('b-late')).toMatch(/%/);
      // One that is no longer active is counted, too.
      await screen.station(({ station }) => {
        const before = station.state('batch');
        station.publish('batch', { ...before, active: null });
        station.publish('yield', { ...station.state('yield'), batchId: null, figures: null });
      });
      await eventually(() => listed('b-1')).toContain('98.5%');

      await page.evaluate(() => (location.hash = '#/sync'));
      await page.getByTestId('sync-page').waitFor();
      await screen.station((harness) => void (harness.connection.silent = true));
      await page.getByTestId('notice-connection').waitFor();
      await page.evaluate(() => (location.hash = '#/batches'));
      await eventually(() => listed('b-3')).toBe('…');
      await screen.station((harness) => void (harness.connection.silent = false));
      await eventually(() => listed('b-3')).toMatch(/%/);
      expect(screen.complaints).toEqual([]);
    },
  );

  it('are made once when the reply is lost: the page of the batch opens when it is known', async () => {
    const screen = await open({ role: 'engineer', route: 'batches' });
    const { page } = screen;
    await screen.click('new-batch');
    await screen.click('tab-text');
    await page.getByTestId('recipe').fill('gongwei: recipe/1\n');
    await page.getByTestId('quantity').fill('250');
    await page.getByTestId('batch-title').fill('WO-lost');
    await page.getByTestId('recipe-summary').waitFor();
    await screen.station((harness) => {
      const { station, connection } = harness;
      station.answer({
        'batches.create': ({ quantity, name = '' }) => {
          connection.unreachable = true;
          connection.cut();
          const before = station.state('batch');
          const [first] = before.batches;
          if (first === undefined) throw new Error('there is no batch');
          const created = { ...first, batchId: 'b-lost', name, quantity };
          station.publish('batch', { ...before, batches: [...before.batches, created] });
          return created;
        },
      });
    });
    await page.getByTestId('recipe-summary').waitFor();
    await screen.click('create');
    await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
    await screen.station((harness) => {
      harness.connection.unreachable = false;
      window.dispatchEvent(new Event('online'));
    });
    await page.getByTestId('batch-page').waitFor();
    expect(await page.evaluate(() => location.hash)).toBe('#/batches/b-lost');
    expect(await page.getByTestId('recipe').count()).toBe(0);
    expect(await screen.calls('batches.create')).toHaveLength(1);
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'are made also when the check of the recipe failed for want of the station, or the dialog was closed',
    async () => {
      const screen = await open({ role: 'engineer', route: 'batches' });
      const { page } = screen;
      await screen.click('new-batch');
      await screen.click('tab-text');
      await page.getByTestId('quantity').fill('250');
      await screen.station((harness) => void (harness.connection.silent = true));
      await page.getByTestId('notice-connection').waitFor();
      await page.getByTestId('recipe').fill('gongwei: recipe/1\n');
      await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
      await screen.station((harness) => void (harness.connection.silent = false));
      const create = page.getByTestId('create');
      await page.getByTestId('recipe-summary').waitFor();
      expect(await page.getByTestId('fault').count()).toBe(0);

      await screen.station(({ station }) => {
        const made = Promise.withResolvers<void>();
        Object.assign(window, { finishBatch: made.resolve });
        const batch = station.state('batch').batches[0];
        if (batch === undefined) throw new Error('there is no batch');
        station.answer({ 'batches.create': async () => (await made.promise, { ...batch, name: 'WO-slow' }) });
      });
      await create.click();
      const close = page.getByTestId('dialog-close');
      await eventually(() => close.getAttribute('aria-label')).toBe('Close');
      await close.click();
      await page.getByTestId('recipe').waitFor({ state: 'detached' });
      await page.evaluate(() => (window as unknown as { finishBatch: () => void }).finishBatch());
      await eventually(() => screen.text('toast')).toContain('Batch WO-slow was created.');
      expect(screen.complaints).toEqual([]);
    },
  );
  it('are made from a recipe, whose mistakes are named by line and column', async () => {
    const screen = await open({ role: 'engineer' });
    const { page } = screen;
    await screen.click('new-batch');
    await screen.click('tab-text');
    const recipe = page.getByTestId('recipe');
    await recipe.fill('gongwei: recipe/1\nphases:\n  - nonsense\n');
    await eventually(() => screen.text('recipe-issues')).toContain('line 3, column 9');
    await screen.click('create');
    expect(await screen.text('missing')).toMatch(/missing: a recipe without mistakes, Quantity/);
    expect(await screen.calls('batches.create')).toEqual([]);
    await page.getByTestId('recipe-issues').getByRole('button').click();
    expect(
      await recipe.evaluate((field) => {
        const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
        return value.slice(selectionStart, selectionEnd);
      }),
    ).toBe('  - nonsense');
    // A recipe in GBK is refused with its line, and not shown with wrong characters.
    await page.getByTestId('recipe-file').setInputFiles({
      name: 'gbk.yaml',
      mimeType: 'text/yaml',
      buffer: Buffer.concat([Buffer.from('a: 1\nt: '), Buffer.from([0xb2, 0xe2, 0xca, 0xd4])]),
    });
    await eventually(() => screen.text('fault')).toContain('gbk.yaml:2:4: this file is not UTF-8');
    expect(await recipe.inputValue()).not.toContain('\ufffd');
    // What the recipe needs and the station does not have is said before the batch is made.
    await screen.station(({ station }) => {
      const lines = { slots: [2, 3], again: { loader: 'flash', application: 'ask' } };
      const missing = { instruments: ['psu'], programs: ['esptool'], networks: ['line'] };
      const needs = { ...missing, board: true, printer: true, lines };
      const answers = [{ ...needs, firmware: true }, null];
      station.answer({
        'batches.needs': () => ({
          productId: 'L9R0W2KQ1A',
          firmware: false,
          ...{ instruments: [], programs: [], networks: [] },
          ...{ board: false, printer: false, quota: null, lines: null },
          ...answers.shift(),
        }),
      });
    });
    await page.getByTestId('quantity').fill('250');
    await recipe.fill('gongwei: recipe/1\n# flashes\n');
    const needed = [
      /these instruments.*psu/,
      /these programs.*esptool/,
      /these Wi-Fi networks.*line/,
      /relay board/,
      /no label printer/,
      /2, 3/,
      /flash needs.*ask/,
    ];
    for (const text of needed) await eventually(() => screen.text('recipe-needs')).toMatch(text);
    await screen.click('create');
    expect(await screen.text('missing')).toMatch(/missing: Firmware$/);
    await page.getByTestId('recipe-file').setInputFiles({
      name: 'plug.yaml',
      mimeType: 'text/yaml',
      buffer: Buffer.from('gongwei: recipe/1\n'),
    });
    // Until the file is read, all of this is about the recipe before.
    await page.getByTestId('recipe-needs').waitFor({ state: 'detached' });
    await page.getByTestId('recipe-summary').waitFor();
    await page.getByTestId('quantity').fill('250');
    await screen.click('create');
    await page.getByTestId('batch-page').waitFor();
    expect(await screen.calls('batches.create')).toEqual([
      { recipeYaml: 'gongwei: recipe/1\n', quantity: 250 },
    ]);
  });
});
