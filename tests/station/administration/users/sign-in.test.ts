import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { TERMINAL, withUsers } from './seat-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const MINUTE_MS = 60_000;

describe('signing in', () => {
  it('begins as an operator without a name, gives the role of the user, and goes back', async () => {
    using setup = await withUsers();
    const session = setup.session();
    expect(setup.access.view(session)).toEqual({ role: 'operator', user: 'operator', signedIn: false });
    await expect(setup.access.signIn(session, ' Wang ', '246813', NEVER_ABORTED)).resolves.toEqual({
      role: 'engineer',
      user: 'Wang',
      signedIn: true,
    });
    expect(session.current).toEqual({ role: 'engineer', user: 'Wang' });
    expect(setup.access.signOut(session)).toEqual({ role: 'operator', user: 'operator', signedIn: false });
    expect(setup.access.signOut(session)).toMatchObject({ signedIn: false });
    const wang = { actor: 'Wang', role: 'engineer', subject: 'Wang' };
    expect(setup.trail()).toEqual([
      { ...wang, action: 'session.sign-in', details: { role: 'engineer' } },
      { ...wang, action: 'session.sign-out', details: { why: 'asked' } },
    ]);
  });

  it('holds for one session and not for the one beside it', async () => {
    using setup = await withUsers();
    const [mine, other] = [setup.session(), setup.session()];
    await setup.access.signIn(mine, 'Wang', '246813', NEVER_ABORTED);
    expect(setup.access.view(other)).toMatchObject({ role: 'operator', signedIn: false });
  });

  it('of somebody else on the same session ends the session of the one before', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    expect(setup.access.view(session)).toEqual({ role: 'support', user: 'Li', signedIn: true });
    expect(
      setup
        .trail()

        .map(({ action, subject }) => `${action} ${subject}`),
    ).toEqual(['session.sign-in Wang', 'session.sign-out Wang', 'session.sign-in Li']);
  });

  it('with a wrong PIN, or as nobody, is refused in the same words, and the session keeps its user', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    const wrong = await faultOf(() => setup.access.signIn(session, 'Wang', '000000', NEVER_ABORTED));
    const nobody = await faultOf(() => setup.access.signIn(session, 'Nobody', '000000', NEVER_ABORTED));
    expect(wrong).toMatchObject({ code: 'pin-wrong', message: nobody.message });
    expect(nobody.code).toBe('pin-wrong');
    expect(setup.access.view(session)).toMatchObject({ user: 'Li' });
    const refused = { actor: 'Li', role: 'support', action: 'session.refuse' };
    expect(setup.trail().slice(-2)).toEqual([
      { ...refused, subject: 'Wang', details: { role: 'engineer' } },
      { ...refused, subject: 'unknown', details: { role: 'none' } },
    ]);
  });

  it('is locked for that name at that session for 30 s after five wrong PINs, for the right PIN too', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const tryPin = (pin: string, name = 'Wang'): Promise<unknown> =>
      setup.access.signIn(session, name, pin, NEVER_ABORTED).then(
        () => 'in',
        (error: unknown) => (error instanceof Fault ? error.code : error),
      );
    const details: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      const wrong = await faultOf(() => setup.access.signIn(session, 'Wang', '9999', NEVER_ABORTED));
      expect(wrong.code).toBe('pin-wrong');
      details.push(wrong.details);
    }
    // The page says how many attempts are left, and the wait as soon as it begins.
    expect(details).toEqual([
      { attemptsLeft: 4 },
      { attemptsLeft: 3 },
      { attemptsLeft: 2 },
      { attemptsLeft: 1 },
      { seconds: 30 },
    ]);
    const locked = await faultOf(() => setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED));
    expect(locked).toMatchObject({ code: 'pin-locked', details: { seconds: 30 } });
    expect(await tryPin('135790', 'Li')).toBe('in');
    setup.clock.jump(3_600_000);
    expect(await tryPin('246813')).toBe('pin-locked');
    await setup.clock.pass(29_999);
    expect(
      (await faultOf(() => setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED))).details,
    ).toEqual({
      seconds: 1,
    });
    await setup.clock.pass(1);
    expect(await tryPin('246813')).toBe('in');
    const about = setup.trail().filter(({ subject }) => subject === 'Wang');
    expect(about.map(({ action }) => action)).toEqual([
      ...Array<string>(4).fill('session.refuse'),
      'session.lock',
      'session.sign-in',
    ]);
  });

  it.each([
    ['as late as it was', 0],
    ['a year back', -365 * 24 * 60 * MINUTE_MS],
    ['a year ahead', 365 * 24 * 60 * MINUTE_MS],
  ])('is locked still after a restart with the clock %s, for 30 s and no more', async (_clock, jumpedMs) => {
    using setup = await withUsers();
    for (let n = 0; n < 5; n += 1)
      await faultOf(() => setup.access.signIn(setup.session(), 'Wang', '9999', NEVER_ABORTED));
    setup.restart(setup.clock.nowMs() + jumpedMs);
    const locked = await faultOf(() => setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED));
    expect(locked).toMatchObject({ code: 'pin-locked', details: { seconds: 30 } });
    await expect(setup.access.signIn(setup.session(), 'Li', '135790', NEVER_ABORTED)).resolves.toMatchObject({
      user: 'Li',
    });
    await setup.clock.pass(30_000);
    await expect(
      setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED),
    ).resolves.toMatchObject({
      user: 'Wang',
    });
    setup.restart(setup.clock.nowMs());
    await expect(
      setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED),
    ).resolves.toMatchObject({
      user: 'Wang',
    });
  });

  it('counts wrong PINs across restarts, each of them in the trail', async () => {
    using setup = await withUsers();
    for (let n = 0; n < 5; n += 1) {
      await faultOf(() => setup.access.signIn(setup.session(), 'Wang', '9999', NEVER_ABORTED));
      setup.restart(setup.clock.nowMs());
    }
    expect(
      (await faultOf(() => setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED))).code,
    ).toBe('pin-locked');
    expect(setup.trail().map(({ action }) => action)).toEqual([
      ...Array<string>(4).fill('session.refuse'),
      'session.lock',
    ]);
    // A new user with the same name starts with no failed attempts.
    await setup.know('Chen', 'engineer', '864200');
    setup.access.remove('Wang', TERMINAL);
    await setup.know('Wang', 'operator', '246813');
    setup.restart(setup.clock.nowMs());
    await expect(
      setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED),
    ).resolves.toMatchObject({
      role: 'operator',
    });
  });

  it('forgives wrong PINs before a right one', async () => {
    using setup = await withUsers();
    const session = setup.session();
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 4; n += 1)
        await faultOf(() => setup.access.signIn(session, 'Li', '9999', NEVER_ABORTED));
      await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    }
    expect(setup.access.view(session)).toMatchObject({ user: 'Li' });
  });

  it('tried a hundred times at once gets five tries and no more', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const tries = Array.from({ length: 100 }, (_, n) =>
      faultOf(() => setup.access.signIn(session, 'Wang', String(1000 + n), NEVER_ABORTED)),
    );
    const codes = (await Promise.all(tries)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'pin-wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'pin-locked')).toHaveLength(95);
  });

  it('waits twice as long after each further wrong PIN, up to an hour, and begins anew after the right one', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const tryPin = (pin: string): Promise<Fault> =>
      faultOf(() => setup.access.signIn(session, 'Wang', pin, NEVER_ABORTED));
    for (let n = 0; n < 4; n += 1) await tryPin('999999');
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      expect((await tryPin('999999')).code).toBe('pin-wrong');
      const seconds = Number((await tryPin('246813')).details['seconds']);
      waits.push(seconds);
      await setup.clock.pass(seconds * 1000);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    await expect(setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED)).resolves.toMatchObject({
      user: 'Wang',
    });
    for (let n = 0; n < 4; n += 1) await tryPin('999999');
    expect((await tryPin('999999')).code).toBe('pin-wrong');
    expect((await tryPin('246813')).details).toEqual({ seconds: 30 });
  });

  it('is kept from a stranger at one session and not from its owner at another', async () => {
    using setup = await withUsers();
    const stranger = setup.session();
    for (let n = 0; n < 20; n += 1) {
      await faultOf(() => setup.access.signIn(stranger, 'Wang', String(100_000 + n), NEVER_ABORTED));
      await setup.clock.pass(10 * MINUTE_MS);
    }
    expect((await faultOf(() => setup.access.signIn(stranger, 'Wang', '246813', NEVER_ABORTED))).code).toBe(
      'pin-locked',
    );
    await expect(
      setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED),
    ).resolves.toMatchObject({
      user: 'Wang',
    });
    // And the stranger does not begin anew because its owner came.
    expect((await faultOf(() => setup.access.signIn(stranger, 'Wang', '246813', NEVER_ABORTED))).code).toBe(
      'pin-locked',
    );
  });

  it('with another place for each try gets no shorter waits, and after a restart no try at once', async () => {
    using setup = await withUsers();
    for (let n = 0; n < 11; n += 1)
      await faultOf(() => setup.access.signIn(setup.session(), 'Wang', '999999', NEVER_ABORTED));
    const mine = setup.session();
    await faultOf(() => setup.access.signIn(mine, 'Wang', '999999', NEVER_ABORTED));
    expect((await faultOf(() => setup.access.signIn(mine, 'Wang', '246813', NEVER_ABORTED))).details).toEqual(
      {
        seconds: 3600,
      },
    );
    setup.restart(setup.clock.nowMs());
    const refused = await faultOf(() =>
      setup.access.signIn(setup.session(), 'Wang', '246813', NEVER_ABORTED),
    );
    expect(refused).toMatchObject({ code: 'pin-locked', details: { seconds: 300 } });
    expect(setup.access.waitMs('Wang')).toBe(300_000);
  });

  it('under name after name locks the session, and a flood leaves few entries and no word of what was typed', async () => {
    using setup = await withUsers();
    const session = setup.session();
    for (let n = 0; n < 500; n += 1)
      await faultOf(() => setup.access.signIn(session, `246813-${n}`, '246813', NEVER_ABORTED));
    expect((await faultOf(() => setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED))).code).toBe(
      'pin-locked',
    );
    const trail = setup.trail();
    expect(trail.map(({ action }) => action)).toEqual([
      ...Array<string>(9).fill('session.refuse'),
      'session.lock',
    ]);
    expect(trail[0]).toMatchObject({ subject: 'unknown', actor: 'operator', details: { role: 'none' } });
    expect(JSON.stringify(trail)).not.toContain('246813');
  });

  it('with a PIN from before that is too short asks for a new one, which alone opens afterwards', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '4321');
    const session = setup.session();
    const short = await faultOf(() => setup.access.signIn(session, 'Chen', '4321', NEVER_ABORTED));
    expect(short).toMatchObject({ code: 'pin-short', details: { minLength: 6 } });
    expect(
      (await faultOf(() => setup.access.signIn(session, 'Chen', '9999', NEVER_ABORTED, '864200'))).code,
    ).toBe('pin-wrong');
    expect(
      (await faultOf(() => setup.access.signIn(session, 'Chen', '4321', NEVER_ABORTED, '86420'))).code,
    ).toBe('bad-input');
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
    await expect(
      setup.access.signIn(session, 'Chen', '4321', NEVER_ABORTED, '864200'),
    ).resolves.toMatchObject({
      user: 'Chen',
    });
    expect(
      (await faultOf(() => setup.access.signIn(setup.session(), 'Chen', '4321', NEVER_ABORTED))).code,
    ).toBe('pin-wrong');
    await expect(
      setup.access.signIn(setup.session(), 'Chen', '864200', NEVER_ABORTED),
    ).resolves.toMatchObject({
      user: 'Chen',
    });
    const changed = setup.trail().filter(({ action }) => action === 'person.pin');
    expect(changed).toEqual([
      {
        actor: 'Chen',
        role: 'engineer',
        action: 'person.pin',
        subject: 'Chen',
        details: { role: 'engineer' },
      },
    ]);
    // An operator changes no record: four digits do.
    await expect(setup.access.signIn(setup.session(), 'Zhao', '0000', NEVER_ABORTED)).resolves.toMatchObject({
      user: 'Zhao',
    });
  });

  it('that the page no longer waits for does not happen', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const abort = new AbortController();
    const waiting = setup.access.signIn(session, 'Wang', '246813', abort.signal);
    abort.abort(new Fault('disconnected', 'the page went away'));
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' });
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('of somebody who is removed meanwhile does not happen, and their sessions end', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '864200');
    const [session, late] = [setup.session(), setup.session()];
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    const waiting = setup.access.signIn(late, 'Wang', '246813', NEVER_ABORTED);
    // Far enough to know the user; the check of the PIN is never done within a turn.
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    setup.access.remove('Wang', TERMINAL);
    await expect(waiting).rejects.toMatchObject({ code: 'pin-wrong' });
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
    expect(setup.trail().find(({ action }) => action === 'session.sign-out')?.details).toEqual({
      why: 'removed',
    });
  });
});
