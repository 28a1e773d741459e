import { describe, expect, it } from 'vitest';
import { LONE_KEY_MS } from '#shared/domain/scan/index.ts';
import { choose } from './support/choose.ts';
import { type OfficeOptions, type OfficePage, officePages } from './support/office-page.ts';
import { eventually, scriptedPages } from './support/scripted-pages.ts';
import { scanKeys, scannedLine } from './support/scan-keys.ts';

const tabs = scriptedPages(officePages);

const open = (options?: OfficeOptions): Promise<OfficePage> => tabs().open(options);
const placesOf = (office: OfficePage): Promise<(string | null)[]> =>
  office.page
    .locator('[data-testid^="nav-"]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-testid')));

describe('signing in', () => {
  it('is a key away from the line, by arrows or by name, and leads to where the person works', async () => {
    const office = await open({ place: 'operator' });
    const { page } = office;
    await page.keyboard.press('F9');
    await page.getByTestId('who').waitFor();
    expect(await placesOf(office)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await office.text('pin-entry')).toContain('李伟');
    await page.keyboard.press('Escape');
    // As a scanned badge: the whole name wins over what the cursor is on.
    await page.keyboard.type('ana');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').waitFor();
    await page.keyboard.type('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('returns').waitFor();
    expect(await office.text('person')).toContain('Ana');
    expect(await office.text('role')).toBe('Support');
    // Back at the line nothing is in the way of the scanner.
    await page.keyboard.press('F9');
    await page.getByTestId('scan-input').waitFor();
    // What comes sooner may be the rest of a scan that the other page heard.
    await page.waitForTimeout(LONE_KEY_MS + 50);
    await scanKeys(page, scannedLine('SN2611200042'));
    await eventually(() => office.calls('slots.scan')).toMatchObject([{ text: 'SN2611200042' }]);
    expect(office.complaints).toEqual([]);
  });

  it('says what is wrong with a PIN, never shows it, and counts down when it is locked', async () => {
    const office = await open();
    const { page } = office;
    await office.click('person-Ana');
    expect(await page.getByTestId('pin').getAttribute('type')).toBe('password');
    for (const digit of ['1', '3', '5', '7']) await office.click(`digit-${digit}`);
    expect(await page.locator('body').innerText()).not.toContain('1357');
    await office.click('sign-in-send');
    const said = page.getByTestId('pin-said');
    await eventually(() => said.getAttribute('data-code')).toBe('pin-wrong');
    expect(await said.textContent()).toContain('The PIN is wrong');
    expect(await page.getByTestId('pin').inputValue()).toBe('');
    for (let attempt = 2; attempt <= 6; attempt += 1) {
      await page.getByTestId('pin').fill('1357');
      await page.keyboard.press('Enter');
      await eventually(async () => (await office.calls('session.signIn')).length).toBe(attempt);
    }
    await eventually(() => said.getAttribute('data-code')).toBe('pin-locked');
    const secondsLeft = async (): Promise<number> =>
      Number(/Wait (\d+) s/.exec((await said.textContent()) ?? '')?.[1]);
    const atFirst = await secondsLeft();
    expect(atFirst).toBeLessThanOrEqual(30);
    expect(await page.getByTestId('pin').isEditable()).toBe(false);
    await eventually(secondsLeft).toBeLessThan(atFirst);
    // Somebody else need not wait, nor touch the mouse.
    await page.keyboard.press('Escape');
    await page.getByTestId('who').waitFor();
  });

  it('with a PIN that is too short by now chooses a new one, twice, and is in', async () => {
    const office = await open({});
    const { page } = office;
    await office.click('person-Maria Keller');
    const step = (): Promise<string | null> => page.getByTestId('pin').getAttribute('data-step');
    const type = async (pin: string): Promise<void> => {
      await page.getByTestId('pin').fill(pin);
      await page.keyboard.press('Enter');
    };
    await type('2468');
    await eventually(step).toBe('new');
    expect(await office.text('pin-said')).toContain('too short');
    await type('86420');
    expect(await office.text('pin-said')).toContain('At least 6');
    await type('864209');
    await eventually(step).toBe('again');
    await type('864200');
    await eventually(step).toBe('new');
    expect(await office.text('pin-said')).toContain('not the same PIN twice');
    await type('864209');
    await type('864209');
    await page.getByTestId('person').waitFor();
    expect(await office.calls('session.signIn')).toHaveLength(2);
  });

  it('ends when the station says so, and what may not be used is not offered', async () => {
    const office = await open({ role: 'engineer' });
    const { page } = office;
    await page.getByTestId('batches-page').waitFor();
    expect(await placesOf(office)).toEqual([
      'nav-batches',
      'nav-returns',
      'nav-pool',
      'nav-firmware',
      'nav-sync',
    ]);
    await office.click('nav-firmware');
    await page.getByTestId('firmware-page').waitFor();
    await office.station(({ station }) => station.office.signOut());
    await page.getByTestId('sign-in').waitFor();
    expect(await placesOf(office)).toEqual([]);

    const support = await open({ role: 'support', place: 'firmware' });
    await page.getByTestId('refused-page').waitFor();
    expect(await placesOf(support)).toEqual(['nav-returns', 'nav-batches', 'nav-sync']);
    await support.click('nav-batches');
    await page.getByTestId('batches-page').waitFor();
    expect(await page.getByTestId('new-batch').count()).toBe(0);
    await support.click('sign-out');
    await page.getByTestId('sign-in').waitFor();
    expect(office.complaints).toEqual([]);
  });

  it('shows the PINs of a sample line, and takes them', async () => {
    const office = await open({ more: '&sample' });
    const { page } = office;
    await eventually(() => office.text('person-sample-engineer')).toContain('246800');
    expect(await office.text('sample-line')).toContain('This is the sample line');
    await office.click('person-sample-engineer');
    expect(await office.text('sample-pin')).toContain('246800');
    await office.click('other-person');
    expect(await page.getByTestId('person-sample-support').textContent()).toContain('222222');
  });

  it('says how to add the first person when there is none', async () => {
    const office = await open({ more: '&nobody' });
    await office.page.getByTestId('no-people').waitFor();
    expect(await office.text('add-command')).toBe(
      'npm --prefix /opt/gongwei run gongwei -- user add NAME --role engineer --data /srv/line-3/station',
    );
  });
});

describe('batches', () => {
  it('show their yields, what failed and each run to the last measurement', async () => {
    const office = await open({ role: 'engineer' });
    const { page } = office;
    await eventually(() => office.text('row-b-1')).toContain('83.1%');
    const listed = page.getByTestId('row-b-1').getByTestId('list-lpy');
    await eventually(() => listed.textContent()).toContain('98.5%');
    await office.click('row-b-1');
    await eventually(() => office.text('first-pass-yield')).toBe('83.1%');
    expect(await office.text('final-yield')).toBe('98.5%');
    expect(await page.getByTestId('pareto-bar').count()).toBe(5);
    await page.getByTestId('pareto-bar').first().click();
    await eventually(() => page.locator('[data-testid^="run-run-"]').count()).toBe(1);
    await page.getByTestId('pareto-bar').first().click();
    await office.click('run-run-25');
    await page.getByTestId('run-drawer').waitFor();
    expect(await office.text('run-drawer')).toContain('-81 dBm');
    expect(await page.getByTestId('label').count()).toBe(0);
    await page.keyboard.press('Escape');
    await office.click('run-run-29');
    await page.getByTestId('label').waitFor();
    expect(
      await page
        .getByTestId('label')
        .evaluate((image) => (image as HTMLImageElement).decode().then(() => true)),
    ).toBe(true);
    expect(office.complaints).toEqual([]);
  });

  it('show how good they are by every measure, what each means, where units stumble and when', async () => {
    const office = await open({ role: 'engineer', place: 'batches/b-1' });
    const { page } = office;
    await page.getByTestId('measured').waitFor();
    const figures = ['SPY', 'TPY', 'RTY', 'TRY'].map((code) => office.text(`yield-${code}`));
    expect(await Promise.all(figures)).toEqual(['98.5%', '98.5%', '84%', '84.2%']);
    // Pointed at or reached with the keyboard, a figure says what it is.
    const tip = page.getByRole('tooltip', { name: /Runs that passed, of all runs/, includeHidden: true });
    expect(await tip.isVisible()).toBe(false);
    await page.getByTestId('yield-TRY').hover();
    await eventually(() => tip.isVisible()).toBe(true);
    await page.mouse.move(0, 0);
    await page.getByTestId('yield-TRY').locator('..').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await eventually(() => tip.isVisible()).toBe(true);
    expect(await office.text('phase-yields')).toMatch(/identify.*95\.4%.*radio.*93%/);
    expect(await page.locator('[data-testid="yield-curve"] circle').count()).toBeGreaterThan(20);
    expect(await office.text('pareto')).toMatch(/^Why units did not passrssiA measured value is outside/);
    expect(office.complaints).toEqual([]);
  });

  it('show each measured value against its limits, and first what will reach one', async () => {
    const office = await open({ role: 'support', place: 'batches/b-1' });
    const { page } = office;
    await page.getByTestId('measured').waitFor();
    expect(await office.text('measured-detail')).toContain('vcc');
    expect(await office.text('drift')).toMatch(/reaches 3\.5 V in about \d+ units/);
    expect(await office.text('cpk')).toBe('Cpk1.06');
    const red = page.locator('[data-testid="measured-detail"] .bar.outside');
    expect(await red.count()).toBe(0);
    await page.getByTestId('measured-row').nth(1).click();
    await eventually(() => office.text('measured-detail')).toContain('rssi');
    expect(await red.count()).toBeGreaterThan(0);
    expect(await office.text('drift')).toContain('Steady');
    await page.getByTestId('measured-row').last().click();
    await eventually(() => office.text('cpk')).toBe('Cpk—');
    expect(office.complaints).toEqual([]);
  });

  it('show a part of themselves: a slot, the last hours, without what the station did', async () => {
    const office = await open({ role: 'engineer', place: 'batches/b-1' });
    const { page } = office;
    await page.getByTestId('measured').waitFor();
    await choose(page, 'filter-slot', '2');
    await eventually(() => office.text('yields')).toContain(
      'more units were first run outside of this filter',
    );
    await choose(page, 'filter-slot', { index: 0 });
    await page.getByTestId('filter-station-errors').uncheck();
    await eventually(() => office.text('pareto')).not.toContain('The serial port was lost');
    await choose(page, 'filter-period', { index: 1 });
    await eventually(async () => (await office.calls('yield.batch')).at(-1)).toMatchObject({
      batchId: 'b-1',
      filter: { stationErrors: false, fromMs: expect.any(Number) as number },
    });
    expect(office.complaints).toEqual([]);
  });

  it('are exported with progress, and the file is handed over by its id', async () => {
    const office = await open({ role: 'support', place: 'batches/b-1' });
    await office.click('export-csv');
    await office.page.getByTestId('exporting').waitFor();
    await eventually(() => office.text('exported')).toContain('152 runs');
    expect(await office.calls('reports.export')).toEqual([
      // A browser of a country with the decimal point.
      { batchId: 'b-1', format: 'csv', csv: { delimiter: ',', decimal: '.' } },
    ]);
    expect(await office.station(({ files }) => files.fetched)).toEqual([
      'L3-07_WO-20261120-017_20261120-1403.csv',
    ]);
  });

  it('are made from a recipe, whose mistakes are named by line and column', async () => {
    const office = await open({ role: 'engineer' });
    const { page } = office;
    await office.click('new-batch');
    const recipe = page.getByTestId('recipe');
    await recipe.fill('gongwei: recipe/1\nphases:\n  - nonsense\n');
    await eventually(() => office.text('recipe-issues')).toContain('line 3, column 5');
    expect(await page.getByTestId('create').isDisabled()).toBe(true);
    await page.getByTestId('recipe-issues').getByRole('button').click();
    expect(
      await recipe.evaluate((field) => {
        const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
        return value.slice(selectionStart, selectionEnd);
      }),
    ).toBe('  - nonsense');
    // One in GBK is refused by the line, and never shown with characters that nobody wrote.
    await page.getByTestId('recipe-file').setInputFiles({
      name: 'gbk.yaml',
      mimeType: 'text/yaml',
      buffer: Buffer.concat([Buffer.from('a: 1\nt: '), Buffer.from([0xb2, 0xe2, 0xca, 0xd4])]),
    });
    await eventually(() => office.text('fault')).toContain('gbk.yaml:2:4: this file is not UTF-8');
    expect(await recipe.inputValue()).not.toContain('\ufffd');
    await page.getByTestId('recipe-file').setInputFiles({
      name: 'plug.yaml',
      mimeType: 'text/yaml',
      buffer: Buffer.from('gongwei: recipe/1\n'),
    });
    await page.getByTestId('recipe-summary').waitFor();
    await page.getByTestId('quantity').fill('250');
    await office.click('create');
    await page.getByTestId('batch-page').waitFor();
    expect(await office.calls('batches.create')).toEqual([
      { recipeYaml: 'gongwei: recipe/1\n', quantity: 250 },
    ]);
  });
});

describe('firmware', () => {
  it('is dropped, sent by id, imported with progress, and told why not', async () => {
    const office = await open({ role: 'engineer', place: 'firmware' });
    const { page } = office;
    await page.getByTestId('import-product').fill('HK2QX1JY7C');
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['firmware'], 'plug.bin.ota'));
      transfer.items.add(new File(['{}'], 'ota_cfg.json'));
      const drop = document.querySelector('[data-testid="drop"]');
      drop?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    });
    await eventually(() => office.calls('firmware.import')).toEqual([
      { fileIds: ['drop-1', 'drop-2'], productId: 'HK2QX1JY7C' },
    ]);
    expect(await office.station(({ files }) => files.sent.map(({ name }) => name))).toEqual([
      'plug.bin.ota',
      'ota_cfg.json',
    ]);
    await eventually(() => page.getByTestId('job-import').getAttribute('data-state')).toBe('running');
    await office.station(({ station }) =>
      station.office.firmware.job({
        jobId: 'job-1',
        kind: 'import',
        state: 'failed',
        fault: {
          code: 'firmware-invalid',
          message: 'plug.zip holds 2 *.bin.ota',
          hint: 'Leave exactly one.',
          details: {},
        },
      }),
    );
    await eventually(() => office.text('job-import')).toContain('plug.zip holds 2 *.bin.ota');
    expect(office.complaints).toEqual([]);
  });

  it('is described where it did not say what it is, uploaded, cancelled, and put online after a question', async () => {
    const office = await open({ role: 'engineer', place: 'firmware' });
    const { page } = office;
    await office.click('describe');
    await eventually(() => page.getByTestId('unmapped').count()).toBe(3);
    expect(await page.getByTestId('config').textContent()).toContain('"minBattery": 30');
    await page.getByTestId('describe-product').fill('HK2QX1JY7C');
    await page.getByTestId('describe-version').fill('2.0.0');
    await office.click('describe-send');
    await eventually(() => page.getByTestId('describe-form').count()).toBe(0);
    await page.keyboard.press('Escape');

    await page
      .getByTestId(/^firmware-c4/)
      .getByTestId('upload')
      .click();
    await office.click('cancel-job');
    await eventually(() => page.getByTestId('job-upload').count()).toBe(0);

    const online = page.getByTestId(/^firmware-27/);
    await online.getByTestId('switch').click();
    expect(await office.text('online-will')).toContain('may not download version 1.4.1');
    expect(await office.calls('firmware.setOnline')).toEqual([]);
    await office.click('online-go');
    await eventually(() => online.getAttribute('data-state')).toBe('offline');
    expect(office.complaints).toEqual([]);
  });
});

describe('the outbox', () => {
  it('says in words why messages were parked, sends them again, and vouches for the ledger', async () => {
    const office = await open({ role: 'support', place: 'sync', scene: 'parked' });
    const { page } = office;
    await eventually(() => office.text('parked')).toContain('This identity is bound to another unit');
    await office.click('retry-parked:1');
    await eventually(() => page.getByTestId('parked').locator('tbody tr').count()).toBe(2);
    expect(await office.calls('sync.retry')).toEqual([{ key: 'parked:1' }]);
    expect(await office.text('audit-verdict')).toContain('no two units carry the same one');
    expect(await office.text('health')).toContain('84.3 GB free');
  });
});

describe('every page behind the line', () => {
  const ASKING = ['batches/b-1', 'sync'] as const;

  it('says that it waits for the station, and when it was refused why, with the way to try again', async () => {
    for (const language of ['en', 'zh-CN'] as const) {
      for (const place of ASKING) {
        const waits = await open({ role: 'engineer', place, language, more: '&answers=never' });
        await waits.page.getByTestId('loading').first().waitFor();
        const refused = await open({ role: 'engineer', place, language, more: '&answers=faults' });
        const { page } = refused;
        await eventually(() => page.getByTestId('fault').first().getAttribute('data-code')).toBe('disk-full');
        expect(await page.getByTestId('loading').count()).toBe(0);
        const name = place === 'sync' ? 'sync.messages' : 'reports.batch';
        const asked = (await refused.calls(name)).length;
        await page.getByTestId('again').first().focus();
        await page.keyboard.press('Enter');
        await eventually(async () => (await refused.calls(name)).length).toBe(asked + 1);
      }
    }
  });

  it('keeps its width whatever the names', async () => {
    const office = await open({ role: 'engineer', scene: 'long-names', slots: 16, place: 'batches' });
    const { page } = office;
    for (const place of ['batches', 'batches/b-1', 'returns', 'sync']) {
      await page.evaluate((hash) => (location.hash = `#/${hash}`), place);
      await page.locator('main h1').waitFor();
      const wide = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(wide, place).toBeLessThanOrEqual(0);
    }
  });

  it('warns of what will keep units from passing, and says how long disk and pool last', async () => {
    const batch = await open({ role: 'engineer', scene: 'drifting', place: 'batches/b-1' });
    await eventually(() => batch.text('yield-warnings')).toMatch(/vcc is drifting.*rssi varies too much/);
    const pool = await open({ role: 'engineer', scene: 'pool-soon', place: 'sync' });
    await eventually(() => pool.text('audit')).toContain('206 used an hour, enough for about 48 min');
    const disk = await open({ role: 'engineer', scene: 'disk-low', place: 'sync' });
    await eventually(() => disk.text('health')).toContain('full in about 42 min');
  });

  it('speaks the language of the screen, changed at once, and fits its width', async () => {
    const office = await open({ role: 'engineer', scene: 'parked', language: 'zh-CN' });
    const { page } = office;
    for (const place of ['batches', 'batches/b-1', 'returns', 'firmware', 'sync']) {
      await page.evaluate((hash) => (location.hash = `#/${hash}`), place);
      await page.locator('main h1').waitFor();
      expect(await page.locator('main h1').textContent(), place).not.toBe('');
      for (const language of ['en', 'zh-CN']) {
        await page.keyboard.press('F6');
        await eventually(() => page.locator('html').getAttribute('lang')).toBe(language);
        const wide = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        expect(wide, `${place} in ${language}`).toBeLessThanOrEqual(0);
        if (language === 'en')
          expect(await page.locator('main p, main th, main button').allTextContents(), place).not.toContain(
            expect.stringMatching(/\p{Script=Han}/u),
          );
      }
    }
    expect(office.complaints).toEqual([]);
  });
});
