import { describe, expect, it } from 'vitest';
import { choose } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ role: 'engineer', route: 'station', language: 'en', ...options });

describe('the station page', () => {
  it('finds a setting by a word of it, leads to it, and asks before a change is lost', async () => {
    const screen = await open();
    const { page } = screen;
    await page.getByTestId('station-name').waitFor();
    await page.getByTestId('setting-search').fill('greatest age');
    await screen.click('found-age');
    const age = page.getByTestId('recordings-age');
    await eventually(() => age.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.getByTestId('setting-search').fill('');
    await age.fill('30');
    expect(await screen.text('recordings-removed')).toContain('removed for good');
    await screen.click('section-general');
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await age.inputValue()).toBe('30');
    await age.press('Enter');
    await page.getByTestId('toast').waitFor();
    expect(await screen.calls('settings.change')).toEqual([
      { recordings: { maxAgeDays: 30, maxBytes: 20_000_000_000, keepDays: 7 } },
    ]);
    await screen.click('section-general');
    await page.getByTestId('station-name').fill('L3-08');
    await page.getByTestId('station-name').press('Enter');
    expect(await screen.text('name-refused')).toContain('3 triples are leased to "L3-07"');
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'may be left while a change is being saved: nothing is asked, and its answer is shown',
    async () => {
      const screen = await open({ route: 'station/registry' });
      const { page } = screen;
      await page.getByTestId('registry-url').fill('https://10.0.0.9:8443');
      await page.getByTestId('registry-token').fill('token-of-10');
      await screen.station(({ station }) => {
        const { promise, reject } = Promise.withResolvers<never>();
        Object.assign(window, { refuseLate: () => reject(new Error('a defect of the fixture')) });
        station.answer({ 'settings.bindRegistry': () => promise });
      });
      await screen.click('save');
      await eventually(() => screen.calls('settings.bindRegistry')).toHaveLength(1);
      await screen.click('section-general');
      await page.getByTestId('station-name').waitFor();
      expect(await page.getByTestId('unsaved').count()).toBe(0);
      await page.evaluate(() => (window as unknown as { refuseLate: () => void }).refuseLate());
      await page.getByTestId('toast').waitFor();
    },
  );

  it('says at the field what an address of a registry lacks, and sends nothing', async () => {
    const screen = await open({ route: 'station/registry' });
    const { page } = screen;
    await page.getByTestId('registry-url').fill('10.0.0.9:8443');
    await screen.click('registry-test');
    await eventually(() => page.locator('#setting-address').textContent()).toContain(
      'begins with http:// or https://',
    );
    await page.getByTestId('registry-token').fill('token-of-10');
    await screen.click('save');
    expect(await screen.calls('settings.testRegistry')).toEqual([]);
    expect(await screen.calls('settings.bindRegistry')).toEqual([]);
  });

  it('shows the certificate of another registry to compare, and asks for its token before it binds', async () => {
    const screen = await open({ route: 'station/registry' });
    const { page } = screen;
    await page.getByTestId('registry-url').fill('https://10.0.0.9:8443');
    await page.getByTestId('registry-fingerprint').fill('');
    await screen.click('registry-test');
    await page.getByTestId('certificate').waitFor();
    const print = await screen.text('shown-fingerprint');
    await screen.click('accept-certificate');
    await eventually(() => screen.text('registry-answer')).toContain('version 0.1.0');
    await screen.click('save');
    await eventually(() => page.getByRole('alert').first().textContent()).toContain('its own token');
    expect(await screen.calls('settings.bindRegistry')).toEqual([]);
    await page.getByTestId('registry-token').fill('token-of-10');
    await screen.click('save');
    await page.getByTestId('toast').waitFor();
    expect(await screen.calls('settings.bindRegistry')).toEqual([
      { url: 'https://10.0.0.9:8443', token: 'token-of-10', fingerprint: print },
    ]);
    // The token is gone from the page.
    expect(await page.getByTestId('registry-token').inputValue()).toBe('');
    expect(screen.complaints).toEqual([]);
  });

  it('finds the port of a slot by its cable, and opens the station again to use it', async () => {
    const screen = await open({ route: 'station/slots' });
    const { page } = screen;
    await screen.click('add-slot');
    expect(await page.getByRole('dialog').textContent()).toContain('Slot 3');
    await page.getByTestId('found-port').waitFor();
    expect(await screen.text('found-port')).toContain('usb:1-1.3');
    await screen.click('find-use');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await screen.calls('ports.assign')).toEqual([{ slot: 3, place: 'usb:1-1.3', moved: true }]);
    expect(await screen.text('needs-reopening')).toContain('opened again');
    await screen.click('reopen');
    await screen.click('reopen-go');
    await eventually(() => screen.calls('station.reopen')).toHaveLength(1);
    await page.getByTestId('reopening').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it('says what a check-up found and where to settle it, tidies the disk, and pages the audit trail', async () => {
    const screen = await open({ route: 'station/doctor' });
    const { page } = screen;
    const missing = page.getByTestId('check-port usb:1-1.2');
    await missing.waitFor();
    expect(await missing.getAttribute('data-level')).toBe('fail');
    expect(await screen.text('doctor-verdict')).toContain('2 things are not in order');
    await page.getByTestId('check-outbox').getByTestId('remedy').click();
    await eventually(() => screen.calls('sync.drain')).toHaveLength(1);
    await eventually(() => screen.calls('doctor.examine')).toHaveLength(2);
    await page.getByTestId('check-backup').getByTestId('remedy').click();
    await eventually(() => screen.calls('backups.make')).toHaveLength(1);
    await eventually(() => screen.calls('doctor.examine')).toHaveLength(3);
    // A missing right has the exact command; what is not set up is no failure.
    const denied = page.getByTestId('check-port /dev/ttyUSB2');
    // The slot of a port is named with it.
    expect(await denied.locator('strong').first().textContent()).toBe('Port /dev/ttyUSB2 of slot 3');
    expect(await denied.getByTestId('command').textContent()).toContain('sudo usermod -aG dialout chenjing');
    const registry = page.getByTestId('check-registry');
    expect(await registry.getAttribute('data-level')).toBe('note');
    expect(await registry.textContent()).toContain('not set up');
    expect(await registry.getByTestId('remedy').textContent()).toContain('Set it up');
    await registry.getByTestId('remedy').click();
    await eventually(() =>
      page.getByTestId('registry-url').evaluate((input) => input === document.activeElement),
    ).toBe(true);

    await screen.click('section-storage');
    await page.getByTestId('tidy').click();
    expect(await page.getByRole('alertdialog').textContent()).toContain('312 recordings');
    await screen.click('tidy-go');
    await eventually(() => screen.text('expired')).toContain('No recording');
    await screen.click('clock-right');
    await screen.click('confirm');
    expect(await screen.calls('storage.confirmClock')).toEqual([]);
    await page.getByTestId('reason').fill('a new battery');
    await page.getByTestId('approver').fill('李伟');
    await page.getByTestId('approver-pin').fill('246810');
    await page.getByTestId('approver-pin').press('Enter');
    await page.getByTestId('clock-doubt').waitFor({ state: 'detached' });

    await screen.click('section-trail');
    const rows = page.getByTestId('trail-table').locator('[data-action]');
    await eventually(() => rows.count()).toBe(50);
    await screen.click('trail-more');
    await eventually(() => rows.count()).toBe(100);
    await choose(page, 'trail-actor', '李伟');
    await eventually(() => rows.count()).toBe(40);
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'says what a restore will do before it asks for the second person, and waits for the station to come back',
    async () => {
      const screen = await open({ route: 'station/backup' });
      const { page } = screen;
      await screen.click('backup-make');
      await page.getByTestId('restore-station-20261120T081500.db').waitFor();
      await screen.click('download-station-20261120T081500.db');
      await screen.click('download-with-key');
      await page.getByTestId('download-passphrase').fill('four random words here');
      await screen.click('download-go');
      expect(await page.getByRole('dialog').textContent()).toContain('the same passphrase twice');
      expect(await screen.calls('backups.download')).toEqual([]);
      await page.getByTestId('download-again').fill('four random words here');
      await page.getByTestId('download-again').press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await screen.station(({ files }) => files.fetched)).toEqual([
        'station-20261120T081500.db',
        'station-20261120T081500.key',
      ]);
      await screen.click('restore-station-20261116T081500.db');
      const will = await screen.text('will');
      for (const part of ['38 triples are quarantined', '412 later runs', '王芳', 'set-aside'])
        expect(will).toContain(part);
      await page.getByTestId('reason').fill('the disk was exchanged');
      await page.getByTestId('approver').fill('李伟');
      await page.getByTestId('approver-pin').fill('246810');
      await page.getByTestId('approver-pin').press('Enter');
      await page.getByTestId('restoring').waitFor();
      expect(await screen.calls('backups.restore')).toMatchObject([
        { name: 'station-20261116T081500.db', reason: 'the disk was exchanged', approver: '李伟' },
      ]);
      expect(screen.complaints).toEqual([]);
    },
  );

  it('shows how far work on backups is, whose it is, and changes when backups are made by themselves', async () => {
    const screen = await open({ route: 'station/backup' });
    const { page } = screen;
    await page.getByTestId('backup-table').waitFor();
    await page.evaluate(() => {
      const running = [{ kind: 'make' as const, name: null, by: '王芳', done: 0.427 }];
      window.harness.station.publish('backupWork', { running });
    });
    expect(await screen.text('backup-work-make')).toMatch(/王芳.*42\s*%/s);
    // The work of another page is cancelled there.
    expect(await page.getByTestId('backup-cancel-make').count()).toBe(0);
    await page.evaluate(() => window.harness.station.publish('backupWork', { running: [] }));
    await page.getByTestId('backup-work-make').waitFor({ state: 'detached' });

    await page.getByTestId('backup-kept').fill('1');
    await screen.click('save');
    await eventually(() => page.getByTestId('setting-form').textContent()).toContain('from 2 to 365');
    expect(await screen.calls('backups.schedule')).toEqual([]);
    await page.getByTestId('backup-kept').fill('30');
    await page.getByTestId('backup-hours').fill('12');
    await page.getByTestId('backup-folder').fill(' /media/usb/backups ');
    await page.getByTestId('backup-folder').press('Enter');
    await eventually(() => screen.calls('backups.schedule')).toEqual([
      { everyHours: 12, kept: 30, folder: '/media/usb/backups' },
    ]);
    await page.getByTestId('unsaved-mark').waitFor({ state: 'detached' });
    expect(await screen.text('backup-newest')).toContain('No second copy');
    expect(screen.complaints).toEqual([]);
  });

  it('says after a restore that the station signs with a new key when it has lost the one before', async () => {
    const screen = await open({ route: 'station/backup' });
    const { page } = screen;
    await page.getByTestId('backup-table').waitFor();
    const says = async (signingKeyLost: boolean): Promise<string> => {
      await page.evaluate((lost) => {
        const report = {
          ...{ upToMs: 1, quarantined: 2, sealedLost: 1, runsLeftBehind: 0, auditEntries: 3, messages: 0 },
          ...{ settingsLost: [], signingKeyLost: lost, setAside: 'set-aside/x' },
        };
        window.harness.station.answer({
          'backups.list': () => ({
            backups: [],
            schedule: { everyHours: 24, everyRuns: 500, kept: 7, folder: null },
            ...{ lastAtMs: null, copyAtMs: null, fault: null, canRestore: true },
            restored: { atMs: 1, by: '陈静', report, fault: null },
          }),
        });
      }, signingKeyLost);
      await screen.click('section-storage');
      await screen.click('section-backup');
      await page.getByTestId('restored').waitFor();
      return screen.text('restored');
    };
    expect(await says(false)).not.toContain('new key');
    expect(await says(true)).toContain('signed with a new key');
    expect(screen.complaints).toEqual([]);
  });
});
