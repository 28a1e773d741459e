import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../support/fault-of.ts';
import { openSeats, type Seats } from './seat-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const OTHER = { user: 'Chen', role: 'engineer' } as const;
const BY = { user: 'Li', role: 'support' } as const;

async function withUsers(): Promise<Seats> {
  const setup = openSeats();
  await setup.know('Wang', 'engineer', '246813');
  await setup.know('Li', 'support', '135790');
  await setup.know('Zhao', 'operator', '0000');
  return setup;
}

const typed = (pin: string) => () => Promise.resolve(pin);

describe('the word of a second person', () => {
  it('is proven by their PIN', async () => {
    using setup = await withUsers();
    await expect(
      setup.access.approve({ approver: ' Wang ', approverPin: typed('246813') }, BY, NEVER_ABORTED),
    ).resolves.toEqual({ approver: 'Wang', approverProven: true });
  });

  it.each([
    ['oneself', 'Li', '135790', 'approver-refused'],
    ['oneself in other letters', ' lI', '135790', 'approver-refused'],
    ['somebody who is nobody here', 'the CEO', '246813', 'approver-refused'],
    ['an operator', 'Zhao', '0000', 'approver-refused'],
    ['another PIN', 'Wang', '135790', 'pin-wrong'],
    ['no name', '  ', '246813', 'bad-input'],
  ])('is not that of %s', async (_, approver, pin, code) => {
    using setup = await withUsers();
    const fault = await faultOf(() =>
      setup.access.approve({ approver, approverPin: typed(pin) }, BY, NEVER_ABORTED),
    );
    expect(fault.code).toBe(code);
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain(pin);
  });

  it('is nothing without a PIN, nor by the account of who does it', async () => {
    using setup = await withUsers();
    expect((await faultOf(() => setup.access.approve({ approver: 'Wang' }, BY, NEVER_ABORTED))).code).toBe(
      'approver-refused',
    );
    const claim = { approver: 'Wang', approverPin: typed('246813'), alsoNot: 'wang' };
    expect((await faultOf(() => setup.access.approve(claim, BY, NEVER_ABORTED))).code).toBe(
      'approver-refused',
    );
  });

  it.each([
    ['disabled', (setup: Seats) => setup.access.accounts.setEnabled('Wang', false, OTHER)],
    ['made an operator', (setup: Seats) => setup.access.accounts.setRole('Wang', 'operator', OTHER)],
    ['given another PIN', (setup: Seats) => setup.access.setPin('Wang', '864209', OTHER)],
  ])('is nothing when its user is %s while they type, or while the PIN is checked', async (_, change) => {
    for (const when of ['typing', 'checking']) {
      using setup = await withUsers();
      await setup.know('Chen', 'engineer', '975310');
      const approverPin = async (): Promise<string> => {
        if (when === 'typing') await change(setup);
        return '246813';
      };
      const approval = faultOf(() =>
        setup.access.approve({ approver: 'Wang', approverPin }, BY, NEVER_ABORTED),
      );
      if (when === 'checking') await change(setup);
      expect((await approval).code).toMatch(/^(approver-refused|pin-wrong)$/);
    }
  });

  it('cannot be guessed: wrong PINs are counted with those of sign-in, wait and stand in the trail', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const guess = (pin: string) => () =>
      setup.access.approve(
        { approver: 'Wang', approverPin: typed(pin), attemptSource: session },
        BY,
        NEVER_ABORTED,
      );
    for (let n = 0; n < 3; n += 1) expect((await faultOf(guess('000000'))).code).toBe('pin-wrong');
    for (let n = 0; n < 2; n += 1)
      await faultOf(() => setup.access.signIn(session, 'Wang', '000000', NEVER_ABORTED));
    expect(await faultOf(guess('246813'))).toMatchObject({ code: 'pin-locked', details: { seconds: 30 } });
    expect(setup.trail().map(({ actor, action, subject }) => `${actor} ${action} ${subject}`)).toEqual([
      ...Array<string>(3).fill('Li approval.refuse Wang'),
      'operator session.refuse Wang',
      'operator session.lock Wang',
    ]);
    await setup.clock.pass(30_000);
    await expect(guess('246813')()).resolves.toMatchObject({ approverProven: true });
    setup.restart(setup.clock.nowMs());
    expect(setup.access.waitMs('Wang')).toBe(0);
  });

  it('is a name that somebody typed where nobody was ever added; the PIN is not even asked for', async () => {
    using setup = openSeats();
    const never = (): Promise<string> => Promise.reject(new Error('asked'));
    await expect(
      setup.access.approve({ approver: 'Wang', approverPin: never }, BY, NEVER_ABORTED),
    ).resolves.toEqual({
      approver: 'Wang',
      approverProven: false,
    });
    // Removing everybody but one is no way back to there.
    await setup.know('Wang', 'engineer', '246813');
    await setup.know('Chen', 'engineer', '864200');
    setup.access.remove('Wang', { user: 'root', role: 'engineer' });
    expect(
      (await faultOf(() => setup.access.approve({ approver: 'Wang', approverPin: never }, BY, NEVER_ABORTED)))
        .code,
    ).toBe('approver-refused');
  });

  it('with a PIN that is too short by now is asked for again when it was renewed', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '4321');
    const claim = { approver: 'Chen', approverPin: typed('4321') };
    expect((await faultOf(() => setup.access.approve(claim, BY, NEVER_ABORTED))).code).toBe('pin-short');
  });
});
