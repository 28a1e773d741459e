import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

describe('the page of the users', () => {
  it('adds, changes and disables users, and says why the last engineer stays', async () => {
    const screen = await tabs().open({ role: 'engineer', route: 'users', language: 'en' });
    const { page } = screen;
    await page.getByTestId('user-row-陈静').waitFor();
    expect(await screen.text('user-row-陈静')).toContain('Browser, since');
    expect(await screen.text('user-row-Maria Keller')).toContain('PIN replaced at the computer');
    expect(await screen.text('user-row-Ana')).toContain('Disabled');

    // A form says what is missing, and sends nothing before.
    await screen.click('add-user');
    await screen.click('user-add-go');
    await eventually(() => page.getByRole('dialog').textContent()).toContain('Type a name.');
    await page.getByTestId('user-name').fill(' 陈静 ');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('dialog').textContent()).toContain(
      'There is already a user with this name',
    );
    await page.getByTestId('user-name').fill('Otto');
    await page.getByRole('radio').nth(1).click();
    await page.getByTestId('new-pin').fill('1234');
    await page.getByTestId('new-pin-again').fill('1234');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('dialog').textContent()).toContain('At least 6 characters.');
    await page.getByTestId('new-pin').fill('123456');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('dialog').textContent()).toContain('This PIN is guessed easily.');
    await page.getByTestId('new-pin').fill('864209');
    await page.getByTestId('new-pin-again').fill('123457');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('dialog').textContent()).toContain('not the same PIN');
    expect(await screen.calls('users.add')).toEqual([]);
    await page.getByTestId('new-pin-again').fill('864209');
    await page.keyboard.press('Enter');
    await page.getByTestId('user-row-Otto').waitFor();
    expect(await screen.calls('users.add')).toEqual([{ name: 'Otto', role: 'support', pin: '****' }]);

    const act = async (name: string, item: string): Promise<void> => {
      await screen.click(`acts-${name}`);
      await screen.click(`menu-${item}`);
    };
    // A badge by scan: the code is hidden, and Enter assigns it.
    await act('Otto', 'badge');
    expect(await page.getByTestId('badge-code').getAttribute('type')).toBe('password');
    await page.keyboard.type('0004711832');
    await page.keyboard.press('Enter');
    await eventually(() => screen.text('user-row-Otto')).toContain('Badge');
    await act('Otto', 'remove-badge');
    await screen.click('remove-badge-go');
    await eventually(() => screen.text('user-row-Otto')).not.toContain('Badge');

    await act('Otto', 'pin');
    await page.getByTestId('new-pin').fill('975310');
    await page.getByTestId('new-pin-again').fill('975310');
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('users.setPin')).toEqual([{ name: 'Otto', pin: '****' }]);

    // One engineer is demoted, the last one cannot be.
    await act('Maria Keller', 'role');
    await page.getByRole('radio').nth(0).click();
    await screen.click('role-go');
    await eventually(() => screen.text('user-row-Maria Keller')).toContain('Operator');
    await act('陈静', 'disable');
    await screen.click('disable-go');
    await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('last-engineer');
    await page.keyboard.press('Escape');
    await act('Ana', 'enable');
    await eventually(() => screen.text('user-row-Ana')).toContain('Enabled');
    expect(screen.complaints).toEqual([]);
  });
});
