import { describe, expect, it } from 'vitest';
import { choose } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const atDesk = (options: OpenOptions = {}): Promise<DevPage> =>
  tabs().open({ role: 'support', route: 'returns', slots: 8, language: 'en', ...options });

async function read(screen: DevPage, slot: number, verdict: string): Promise<void> {
  // The field has the focus: the number of a slot is typed into it.
  await screen.page.keyboard.type(String(slot));
  await screen.page.keyboard.press('Enter');
  await eventually(() => screen.page.getByTestId('verdict').getAttribute('data-verdict')).toBe(verdict);
}
const possible = async (screen: DevPage): Promise<string[]> => {
  const all = ['keep', 'reissue', 'retire'];
  const enabled = await Promise.all(all.map((name) => screen.page.getByTestId(`action-${name}`).isEnabled()));
  return all.filter((_, index) => enabled[index]);
};

async function openSyncPage(screen: DevPage): Promise<void> {
  await screen.click('nav-sync');
  await screen.page.getByTestId('sync-page').waitFor();
}

/** Reads the unit that is in doubt, and sends an order that the station does not end before `harness.release()`. */
async function keepMeanwhile(screen: DevPage, pin: string): Promise<void> {
  const { page } = screen;
  await read(screen, 4, 'in-doubt');
  await screen.station((harness) => harness.hold());
  await screen.click('action-keep');
  await page.getByTestId('reason').fill('came back wet');
  await page.getByTestId('approver').fill('陈静');
  await page.getByTestId('approver-pin').fill(pin);
  await page.keyboard.press('Enter');
  await page.getByTestId('busy').waitFor();
}

describe('an action that goes on', () => {
  const RIGHT = '246800';
  const WRONG = '999999';
  const hash = ({ page }: DevPage): Promise<string> => page.evaluate(() => location.hash);

  it.runIf(LONG)('keeps its unit and its input from scans, keys and the history of the browser', async () => {
    const screen = await atDesk({ route: 'returns/SN2611200001' });
    const { page } = screen;
    await page.getByTestId('verdict').waitFor();
    await keepMeanwhile(screen, WRONG);
    await page.keyboard.press('2');
    await scanKeys(page, scannedLine('SN2611200007'));
    await page.evaluate(() => history.back());
    await eventually(() => hash(screen)).toBe('#/returns/SN2611200004');
    expect(await screen.text('busy')).toContain('on slot 4');
    expect(await screen.text('verdict')).toContain('In doubt');
    await screen.station((harness) => harness.release());
    await eventually(() => page.getByTestId('not-begun').getAttribute('data-code')).toBe('pin-wrong');
    expect(await page.getByTestId('reason').inputValue()).toBe('came back wet');
    expect(await screen.calls('returns.read')).toEqual([{ slot: 4 }]);
    expect(await screen.calls('returns.find')).toEqual([{ text: 'SN2611200001' }]);
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('is told on another page when it ends, and its result waits for its user', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await keepMeanwhile(screen, RIGHT);
    await openSyncPage(screen);
    await screen.station((harness) => harness.release());
    await eventually(() => screen.text('toast')).toContain('dev_4104');
    await screen.click('nav-returns');
    expect(await screen.text('done')).toContain('dev_4104');
    await eventually(() => hash(screen)).toBe('#/returns/SN2611200004');

    // It was seen: the page is empty at the next visit.
    await openSyncPage(screen);
    await screen.click('nav-returns');
    await page.getByTestId('returns-empty').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it('says on another page that it was refused, and its form waits for its user', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await keepMeanwhile(screen, WRONG);
    await openSyncPage(screen);
    await screen.station((harness) => harness.release());
    await page.getByTestId('toast').waitFor();
    await screen.click('nav-returns');
    await eventually(() => page.getByTestId('not-begun').getAttribute('data-code')).toBe('pin-wrong');
    expect(await page.getByTestId('reason').inputValue()).toBe('came back wet');
  });

  it('shows its unit again to who comes back before its end', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await keepMeanwhile(screen, RIGHT);
    await openSyncPage(screen);
    await page.evaluate(() => (location.hash = '#/returns/SN2611200001'));
    await page.getByTestId('busy').waitFor();
    await eventually(() => hash(screen)).toBe('#/returns/SN2611200004');
    await screen.station((harness) => harness.release());
    expect(await screen.text('done')).toContain('dev_4104');
    expect(await page.getByTestId('toast').count()).toBe(0);
  });

  it('leaves nothing for the next user', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await keepMeanwhile(screen, WRONG);
    await openSyncPage(screen);
    await screen.station((harness) => harness.station.session.change({ role: 'support', user: 'Ana' }));
    await eventually(() => screen.text('user')).toContain('Ana');
    await screen.station((harness) => harness.release());
    await screen.click('nav-returns');
    await page.getByTestId('returns-empty').waitFor();
    expect(await page.getByTestId('toast').count()).toBe(0);
  });
});

describe('the returns desk', () => {
  it('says what to do when it is empty, and reads a unit by the number of its slot', async () => {
    const screen = await atDesk();
    expect(await screen.text('returns-empty')).toContain('Choose the number of the slot');
    await read(screen, 1, 'known');
    expect(await screen.text('verdict')).toContain('Known and right');
    expect(await screen.page.getByTestId('compare').getAttribute('data-differ')).toBe('false');
    expect(await screen.text('row-secret')).toContain('matches (1-byte checksum)');
    expect(await screen.text('timeline')).toContain('Identity claimed');
    expect(await screen.text('timeline')).toContain('2 attachments');
    expect(await screen.text('entry-refused')).toMatch(
      /login: the expiry in the user name is over \(418 times since/,
    );
    expect(await screen.text('entry-flash-incomplete')).toMatch(
      /^Firmware not completely written.*plug-1\.4\.0\.bin\.ota.*393216 of 655360/s,
    );
    expect(await possible(screen)).toEqual(['keep', 'reissue', 'retire']);
    // Outside of the field a digit reads the slot.
    await screen.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await screen.page.keyboard.press('2');
    await eventually(() => screen.calls('returns.read')).toEqual([{ slot: 1 }, { slot: 2 }]);
  });

  it('takes a scan that begins with a digit as a whole, wherever the focus is', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await page.getByTestId('returns-empty').waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await scanKeys(page, scannedLine('7CDFA1B0C404'));
    await eventually(() => screen.calls('returns.find')).toEqual([{ text: '7CDFA1B0C404' }]);
    expect(await screen.calls('returns.read')).toEqual([]);
    expect(await page.getByTestId('find').inputValue()).toBe('');
  });

  it('tells the notes of the ledger in the language of the page', async () => {
    const screen = await atDesk({ language: 'zh-CN' });
    await read(screen, 1, 'known');
    expect(await screen.text('entry-identity-register')).toContain('注册中心已确认');
    expect(await screen.text('timeline')).not.toContain('acknowledged');
    expect(await screen.text('entry-flash-incomplete')).toMatch(/^固件未写完.*plug-1\.4\.0\.bin\.ota/s);
  });

  it('lists what the line could not decide, and shows both sides of a conflict', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await page.getByTestId('waiting').waitFor();
    expect(await screen.text('waiting')).toContain('SN2611200018');
    await screen.click('open-run-5');
    await eventually(() => screen.calls('returns.find')).toEqual([{ text: '7CDFA1B0C405' }]);
    await read(screen, 5, 'mismatch');
    const other = page.getByTestId('other');
    expect(await other.getAttribute('data-relation')).toBe('has-its-identity');
    expect(await screen.text('other')).toContain('SN2611200033');
    expect(await other.getByTestId('entry-identity-confirm').count()).toBeGreaterThan(0);
  });

  it('keeps an identity only after a reason, an approver and a sentence that says what will happen', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await read(screen, 4, 'in-doubt');
    expect(await screen.text('row-secret')).toContain('differs');
    await screen.click('action-keep');
    const confirm = page.getByTestId('confirm');
    await confirm.click();
    expect(await screen.text('missing')).toMatch(/a reason of 2 letters or more, Approved by .*, Their PIN/);
    expect(await screen.text('will')).toContain(
      'Unit 7C:DF:A1:B0:C4:04 on slot 4 gets its identity dev_4104 written once more',
    );
    expect(await screen.text('will')).not.toContain('cannot be undone');
    await screen.click('preset-returns.reason.secret');
    expect(await screen.text('missing')).toMatch(/missing: Approved by .*, Their PIN/);
    await page.getByTestId('approver').fill('陈静');
    await confirm.click();
    expect(await screen.text('missing')).toMatch(/missing: Their PIN/);
    expect(await screen.calls('returns.act')).toEqual([]);
    const pin = page.getByTestId('approver-pin');
    expect(await pin.getAttribute('type')).toBe('password');
    await pin.fill('999999');
    await pin.press('Enter');
    // Nothing was changed: the input stays, and the approver tries again.
    await eventually(() => page.getByTestId('not-begun').getAttribute('data-code')).toBe('pin-wrong');
    expect(await page.getByTestId('reason').inputValue()).toBe('Wrong secret, cannot log in');
    expect(await page.getByTestId('approver').inputValue()).toBe('陈静');
    expect(await pin.inputValue()).toBe('');
    expect(await pin.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('246800');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('verdict').getAttribute('data-verdict')).toBe('known');
    expect(await screen.text('done')).toContain('dev_4104');
    const input = { slot: 4, action: 'keep', reason: 'Wrong secret, cannot log in', approver: '陈静' };
    expect(await screen.calls('returns.act')).toEqual(Array(2).fill({ ...input, approverPin: '****' }));
    expect(await screen.text('timeline')).toContain('approved by 陈静');
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'keeps what was entered when the action was not sent, or when its outcome is unknown',
    async () => {
      const screen = await atDesk();
      const { page } = screen;
      await read(screen, 4, 'in-doubt');
      await screen.click('action-keep');
      const enter = async (): Promise<void> => {
        await page.getByTestId('approver-pin').fill('246800');
        await page.keyboard.press('Enter');
      };
      await page.getByTestId('reason').fill('came back wet');
      await page.getByTestId('approver').fill('陈静');
      await screen.station((harness) => {
        harness.connection.unreachable = true;
        harness.connection.cut();
      });
      await page.getByTestId('notice-connection').waitFor();
      await enter();
      // Nothing was sent: the form is shown again.
      await eventually(() => page.getByTestId('not-begun').getAttribute('data-code')).toBe('disconnected');
      expect(await page.getByTestId('reason').inputValue()).toBe('came back wet');
      expect(await page.getByTestId('approver').inputValue()).toBe('陈静');
      expect(await screen.calls('returns.act')).toEqual([]);
      await screen.station((harness) => {
        harness.connection.unreachable = false;
        window.dispatchEvent(new Event('online'));
      });
      await eventually(() => page.getByTestId('notice-connection').count()).toBe(0);

      // It was sent and the connection is lost before the reply: the form stays closed, with its input in it.
      await screen.station((harness) => void (harness.connection.silent = true));
      await enter();
      await page.getByTestId('busy').waitFor();
      await screen.station((harness) => harness.connection.cut());
      await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
      await screen.station((harness) => void (harness.connection.silent = false));
      expect(await page.getByTestId('reason').count()).toBe(0);
      await screen.click('action-keep');
      expect(await page.getByTestId('reason').inputValue()).toBe('came back wet');
      expect(await page.getByTestId('approver').inputValue()).toBe('陈静');
      expect(await page.getByTestId('not-begun').count()).toBe(0);
      // Another action does not take it over.
      await page.getByRole('button', { name: 'Cancel' }).last().click();
      await screen.click('action-keep');
      expect(await page.getByTestId('reason').inputValue()).toBe('');
    },
  );

  it('asks before a stray key or click closes a form with input', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await read(screen, 4, 'in-doubt');
    await screen.click('action-keep');
    await page.getByTestId('reason').fill('came back wet');
    await page.mouse.click(5, 5);
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('unsaved').count()).toBe(0);
    expect(await page.getByTestId('reason').inputValue()).toBe('came back wet');
    // The button with the word is an answer already.
    await page.locator('.dialog-actions').getByRole('button', { name: 'Cancel' }).click();
    await eventually(() => page.getByTestId('reason').count()).toBe(0);
  });

  it('writes firmware, shows how far it is, and stops it after a question', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await read(screen, 1, 'known');
    await screen.station((harness) => harness.hold());
    await screen.click('action-flash');
    await page.getByTestId('reason').fill('too old');
    await page.getByTestId('approver').fill('陈静');
    await page.getByTestId('approver-pin').fill('246800');
    await screen.click('confirm');
    expect(await screen.text('missing')).toContain('Firmware');
    await choose(page, 'return-firmware', { index: 0 });
    await screen.click('confirm');
    await eventually(() => screen.text('transfer')).toMatch(/Writing lamp\.bin\.ota.*880 kbit\/s.*41%/);
    expect(await screen.calls('returns.flash')).toMatchObject([{ slot: 1, reason: 'too old' }]);
    await screen.click('cancel-work');
    await screen.click('stop-flash-go');
    await eventually(() => screen.text('flash-stopped')).toContain('may hold half an image');
    // The report is out of date.
    expect(await page.getByTestId('report').count()).toBe(0);
    await screen.station((harness) => harness.release());
    expect(screen.complaints).toEqual([]);
  });

  it('re-issues and retires only with the word that it cannot be undone', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await read(screen, 1, 'known');
    for (const [action, verdict] of [
      ['reissue', 'known'],
      ['retire', 'unknown'],
    ] as const) {
      await screen.click(`action-${action}`);
      expect(await screen.text('will')).toContain('This cannot be undone.');
      await page.getByTestId('reason').fill('secret was printed on the box');
      await page.getByTestId('approver').fill('陈静');
      await page.getByTestId('approver-pin').fill('246800');
      await screen.click('confirm');
      await page.getByTestId('done').waitFor();
      await eventually(() => page.getByTestId('verdict').getAttribute('data-verdict')).toBe(verdict);
      if (action === 'reissue') expect(await screen.text('done')).toContain('dev_4187');
    }
    expect(await possible(screen)).toEqual(['reissue']);
  });

  it('tells an unknown unit, a foreign identity and somebody else’s apart, and where they differ', async () => {
    const screen = await atDesk();
    await read(screen, 2, 'unknown');
    expect(await possible(screen)).toEqual(['reissue']);
    expect(await screen.text('timeline')).toContain('Nothing is recorded');
    await read(screen, 3, 'foreign');
    expect(await screen.text('row-deviceName')).toContain('plug-00f3a2');
    expect(await screen.page.getByTestId('row-deviceName').getAttribute('class')).toContain('differs');
    await screen.click('action-reissue');
    expect(await screen.text('will')).toContain(
      'The identity plug-00f3a2 that the unit holds now is overwritten',
    );
    await screen.page.keyboard.press('Escape');
    await read(screen, 5, 'mismatch');
    expect(await screen.text('row-chipId')).toContain('differs');
    await read(screen, 7, 'retired');
    expect(await screen.text('verdict')).toContain('Retired identity');
    expect(await possible(screen)).toEqual(['reissue']);
  });

  it('finds a unit by any of its names without the unit, and offers nothing then', async () => {
    const screen = await atDesk();
    const { page } = screen;
    await page.keyboard.type('dev_4107');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('verdict').getAttribute('data-verdict')).toBe('not-read');
    expect(await screen.text('read-first')).toContain('Put it on a slot');
    expect(await screen.text('side-device')).toContain('was not read');
    await page.keyboard.type('nobody-knows');
    await page.keyboard.press('Enter');
    await eventually(() => screen.text('nothing-found')).toContain('no record of nobody-knows');
    expect(await page.getByTestId('verdict').count()).toBe(0);
    await scanKeys(page, scannedLine('#GW#SLOT,6#'));
    await eventually(() => page.getByTestId('verdict').getAttribute('data-verdict')).toBe('erased');
    // The complete label is searched, also with long names; the second line end has no effect.
    const label = `{"v":1,"pid":"P1","dn":"${'d'.repeat(48)}","sn":"${'S'.repeat(64)}","mac":"A0B1C2D3E4F5"}`;
    await page.keyboard.insertText(label);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('returns.find').then((all) => all.slice(2))).toEqual([
      { text: label },
    ]);
    // A number of a slot, by an input method.
    await page.keyboard.insertText('６');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('verdict').getAttribute('data-verdict')).toBe('erased');
  });

  it('goes on without the registry and says so quietly; a slow unit can be given up', async () => {
    const screen = await atDesk({ scene: 'offline' });
    await read(screen, 1, 'known');
    expect(await screen.text('side-registry')).toContain('out of reach');
    expect(await screen.page.getByTestId('fault').count()).toBe(0);

    const slow = await atDesk({ variant: 'slow-units' });
    await slow.click('read-1');
    await slow.page.getByTestId('busy').waitFor();
    await slow.page.keyboard.press('Escape');
    await slow.page.getByTestId('busy').waitFor({ state: 'detached' });
    expect(await slow.page.getByTestId('fault').count()).toBe(0);
  });
});
