import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER, openSeats, type Seats, TERMINAL } from './seat-fixture.ts';

const MINUTE_MS = 60_000;

async function withPeople(): Promise<Seats> {
  const it = openSeats();
  await it.know('Wang', 'engineer', '246813');
  await it.know('Li', 'support', '135790');
  await it.know('Zhao', 'operator', '0000');
  return it;
}

describe('signing in', () => {
  it('begins as an operator without a name, gives the role of the person, and goes back', async () => {
    using it = await withPeople();
    const session = it.session();
    expect(it.access.view(session)).toEqual({ role: 'operator', user: 'operator', signedIn: false });
    await expect(it.access.signIn(session, ' Wang ', '246813', NEVER)).resolves.toEqual({
      role: 'engineer',
      user: 'Wang',
      signedIn: true,
    });
    expect(session.current).toEqual({ role: 'engineer', user: 'Wang' });
    expect(it.access.signOut(session)).toEqual({ role: 'operator', user: 'operator', signedIn: false });
    expect(it.access.signOut(session)).toMatchObject({ signedIn: false });
    const wang = { actor: 'Wang', role: 'engineer', subject: 'Wang' };
    expect(it.trail()).toEqual([
      { ...wang, action: 'session.sign-in', details: { role: 'engineer' } },
      { ...wang, action: 'session.sign-out', details: { why: 'asked' } },
    ]);
  });

  it('holds for one session and not for the one beside it', async () => {
    using it = await withPeople();
    const [mine, other] = [it.session(), it.session()];
    await it.access.signIn(mine, 'Wang', '246813', NEVER);
    expect(it.access.view(other)).toMatchObject({ role: 'operator', signedIn: false });
  });

  it('of somebody else on the same session ends the session of the one before', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    await it.access.signIn(session, 'Li', '135790', NEVER);
    expect(it.access.view(session)).toEqual({ role: 'support', user: 'Li', signedIn: true });
    expect(
      it
        .trail()

        .map(({ action, subject }) => `${action} ${subject}`),
    ).toEqual(['session.sign-in Wang', 'session.sign-out Wang', 'session.sign-in Li']);
  });

  it('with a wrong PIN, or as nobody, is refused in the same words, and the session keeps its person', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Li', '135790', NEVER);
    const wrong = await faultOf(() => it.access.signIn(session, 'Wang', '000000', NEVER));
    const nobody = await faultOf(() => it.access.signIn(session, 'Nobody', '000000', NEVER));
    expect(wrong).toMatchObject({ code: 'pin-wrong', message: nobody.message });
    expect(nobody.code).toBe('pin-wrong');
    expect(it.access.view(session)).toMatchObject({ user: 'Li' });
    const refused = { actor: 'Li', role: 'support', action: 'session.refuse' };
    expect(it.trail().slice(-2)).toEqual([
      { ...refused, subject: 'Wang', details: { role: 'engineer' } },
      { ...refused, subject: 'unknown', details: { role: 'none' } },
    ]);
  });

  it('is locked for that name at that session for 30 s after five wrong PINs, for the right PIN too', async () => {
    using it = await withPeople();
    const session = it.session();
    const tryPin = (pin: string, name = 'Wang'): Promise<unknown> =>
      it.access.signIn(session, name, pin, NEVER).then(
        () => 'in',
        (error: unknown) => (error instanceof Fault ? error.code : error),
      );
    for (let n = 0; n < 5; n += 1) expect(await tryPin('9999')).toBe('pin-wrong');
    const locked = await faultOf(() => it.access.signIn(session, 'Wang', '246813', NEVER));
    expect(locked).toMatchObject({ code: 'pin-locked', details: { seconds: 30 } });
    expect(await tryPin('135790', 'Li')).toBe('in');
    it.clock.jump(3_600_000);
    expect(await tryPin('246813')).toBe('pin-locked');
    await it.clock.pass(29_999);
    expect((await faultOf(() => it.access.signIn(session, 'Wang', '246813', NEVER))).details).toEqual({
      seconds: 1,
    });
    await it.clock.pass(1);
    expect(await tryPin('246813')).toBe('in');
    const about = it.trail().filter(({ subject }) => subject === 'Wang');
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
    using it = await withPeople();
    for (let n = 0; n < 5; n += 1) await faultOf(() => it.access.signIn(it.session(), 'Wang', '9999', NEVER));
    it.restart(it.clock.nowMs() + jumpedMs);
    const locked = await faultOf(() => it.access.signIn(it.session(), 'Wang', '246813', NEVER));
    expect(locked).toMatchObject({ code: 'pin-locked', details: { seconds: 30 } });
    await expect(it.access.signIn(it.session(), 'Li', '135790', NEVER)).resolves.toMatchObject({
      user: 'Li',
    });
    await it.clock.pass(30_000);
    await expect(it.access.signIn(it.session(), 'Wang', '246813', NEVER)).resolves.toMatchObject({
      user: 'Wang',
    });
    it.restart(it.clock.nowMs());
    await expect(it.access.signIn(it.session(), 'Wang', '246813', NEVER)).resolves.toMatchObject({
      user: 'Wang',
    });
  });

  it('counts wrong PINs across restarts, each of them in the trail', async () => {
    using it = await withPeople();
    for (let n = 0; n < 5; n += 1) {
      await faultOf(() => it.access.signIn(it.session(), 'Wang', '9999', NEVER));
      it.restart(it.clock.nowMs());
    }
    expect((await faultOf(() => it.access.signIn(it.session(), 'Wang', '246813', NEVER))).code).toBe(
      'pin-locked',
    );
    expect(it.trail().map(({ action }) => action)).toEqual([
      ...Array<string>(4).fill('session.refuse'),
      'session.lock',
    ]);
    // Whoever has the name next begins without them.
    it.access.remove('Wang', TERMINAL);
    await it.know('Wang', 'operator', '246813');
    it.restart(it.clock.nowMs());
    await expect(it.access.signIn(it.session(), 'Wang', '246813', NEVER)).resolves.toMatchObject({
      role: 'operator',
    });
  });

  it('forgives wrong PINs before a right one', async () => {
    using it = await withPeople();
    const session = it.session();
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 4; n += 1) await faultOf(() => it.access.signIn(session, 'Li', '9999', NEVER));
      await it.access.signIn(session, 'Li', '135790', NEVER);
    }
    expect(it.access.view(session)).toMatchObject({ user: 'Li' });
  });

  it('tried a hundred times at once gets five tries and no more', async () => {
    using it = await withPeople();
    const session = it.session();
    const tries = Array.from({ length: 100 }, (_, n) =>
      faultOf(() => it.access.signIn(session, 'Wang', String(1000 + n), NEVER)),
    );
    const codes = (await Promise.all(tries)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'pin-wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'pin-locked')).toHaveLength(95);
  });

  it('waits twice as long after each further wrong PIN, up to an hour, and begins anew after the right one', async () => {
    using it = await withPeople();
    const session = it.session();
    const tryPin = (pin: string): Promise<Fault> =>
      faultOf(() => it.access.signIn(session, 'Wang', pin, NEVER));
    for (let n = 0; n < 4; n += 1) await tryPin('999999');
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      expect((await tryPin('999999')).code).toBe('pin-wrong');
      const seconds = Number((await tryPin('246813')).details['seconds']);
      waits.push(seconds);
      await it.clock.pass(seconds * 1000);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    await expect(it.access.signIn(session, 'Wang', '246813', NEVER)).resolves.toMatchObject({
      user: 'Wang',
    });
    for (let n = 0; n < 4; n += 1) await tryPin('999999');
    expect((await tryPin('999999')).code).toBe('pin-wrong');
    expect((await tryPin('246813')).details).toEqual({ seconds: 30 });
  });

  it('is kept from a stranger at one session and not from its owner at another', async () => {
    using it = await withPeople();
    const stranger = it.session();
    for (let n = 0; n < 20; n += 1) {
      await faultOf(() => it.access.signIn(stranger, 'Wang', String(100_000 + n), NEVER));
      await it.clock.pass(10 * MINUTE_MS);
    }
    expect((await faultOf(() => it.access.signIn(stranger, 'Wang', '246813', NEVER))).code).toBe(
      'pin-locked',
    );
    await expect(it.access.signIn(it.session(), 'Wang', '246813', NEVER)).resolves.toMatchObject({
      user: 'Wang',
    });
    // And the stranger does not begin anew because its owner came.
    expect((await faultOf(() => it.access.signIn(stranger, 'Wang', '246813', NEVER))).code).toBe(
      'pin-locked',
    );
  });

  it('with another place for each try gets no shorter waits, and after a restart no try at once', async () => {
    using it = await withPeople();
    for (let n = 0; n < 11; n += 1)
      await faultOf(() => it.access.signIn(it.session(), 'Wang', '999999', NEVER));
    const mine = it.session();
    await faultOf(() => it.access.signIn(mine, 'Wang', '999999', NEVER));
    expect((await faultOf(() => it.access.signIn(mine, 'Wang', '246813', NEVER))).details).toEqual({
      seconds: 3600,
    });
    it.restart(it.clock.nowMs());
    const refused = await faultOf(() => it.access.signIn(it.session(), 'Wang', '246813', NEVER));
    expect(refused).toMatchObject({ code: 'pin-locked', details: { seconds: 300 } });
    expect(it.access.waitMs('Wang')).toBe(300_000);
  });

  it('under name after name locks the session, and a flood leaves few entries and no word of what was typed', async () => {
    using it = await withPeople();
    const session = it.session();
    for (let n = 0; n < 500; n += 1)
      await faultOf(() => it.access.signIn(session, `246813-${n}`, '246813', NEVER));
    expect((await faultOf(() => it.access.signIn(session, 'Wang', '246813', NEVER))).code).toBe('pin-locked');
    const trail = it.trail();
    expect(trail.map(({ action }) => action)).toEqual([
      ...Array<string>(9).fill('session.refuse'),
      'session.lock',
    ]);
    expect(trail[0]).toMatchObject({ subject: 'unknown', actor: 'operator', details: { role: 'none' } });
    expect(JSON.stringify(trail)).not.toContain('246813');
  });

  it('with a PIN from before that is too short asks for a new one, which alone opens afterwards', async () => {
    using it = await withPeople();
    await it.know('Chen', 'engineer', '4321');
    const session = it.session();
    const short = await faultOf(() => it.access.signIn(session, 'Chen', '4321', NEVER));
    expect(short).toMatchObject({ code: 'pin-short', details: { least: 6 } });
    expect((await faultOf(() => it.access.signIn(session, 'Chen', '9999', NEVER, '864200'))).code).toBe(
      'pin-wrong',
    );
    expect((await faultOf(() => it.access.signIn(session, 'Chen', '4321', NEVER, '86420'))).code).toBe(
      'bad-input',
    );
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
    await expect(it.access.signIn(session, 'Chen', '4321', NEVER, '864200')).resolves.toMatchObject({
      user: 'Chen',
    });
    expect((await faultOf(() => it.access.signIn(it.session(), 'Chen', '4321', NEVER))).code).toBe(
      'pin-wrong',
    );
    await expect(it.access.signIn(it.session(), 'Chen', '864200', NEVER)).resolves.toMatchObject({
      user: 'Chen',
    });
    const changed = it.trail().filter(({ action }) => action === 'person.pin');
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
    await expect(it.access.signIn(it.session(), 'Zhao', '0000', NEVER)).resolves.toMatchObject({
      user: 'Zhao',
    });
  });

  it('that the page no longer waits for does not happen', async () => {
    using it = await withPeople();
    const session = it.session();
    const abort = new AbortController();
    const waiting = it.access.signIn(session, 'Wang', '246813', abort.signal);
    abort.abort(new Fault('disconnected', 'the page went away'));
    await expect(waiting).rejects.toMatchObject({ code: 'disconnected' });
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('of somebody who is removed meanwhile does not happen, and their sessions end', async () => {
    using it = await withPeople();
    const [session, late] = [it.session(), it.session()];
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    const waiting = it.access.signIn(late, 'Wang', '246813', NEVER);
    // Far enough to know the person; the check of the PIN is never done within a turn.
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    it.access.remove('Wang', TERMINAL);
    await expect(waiting).rejects.toMatchObject({ code: 'pin-wrong' });
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
    expect(it.trail().find(({ action }) => action === 'session.sign-out')?.details).toEqual({
      why: 'removed',
    });
  });
});

describe('a session where nobody does anything', () => {
  it('is the operator’s again after 15 minutes, and its pages hear of it', async () => {
    using it = await withPeople();
    const session = it.session();
    const told: unknown[] = [];
    it.access.topic(session).subscribe(null, (event) => told.push(event));
    await it.access.signIn(session, 'Li', '135790', NEVER);
    await it.clock.pass(15 * MINUTE_MS - 1);
    expect(it.access.view(session)).toMatchObject({ user: 'Li' });
    await it.clock.pass(1);
    expect(it.access.view(session)).toMatchObject({ user: 'operator', signedIn: false });
    expect(it.trail().at(-1)).toMatchObject({ action: 'session.sign-out', details: { why: 'idle' } });
    expect(told).toMatchObject([
      { kind: 'snapshot', state: { user: 'operator' } },
      { kind: 'delta', delta: { user: 'Li', signedIn: true } },
      { kind: 'delta', delta: { user: 'operator', signedIn: false } },
    ]);
    expect(it.clock.sleepers).toBe(0);
  });

  it('counts from the last call, and what pages ask by themselves is no sign of life', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    await it.clock.pass(14 * MINUTE_MS);
    it.access.reportCall(session, 'runs.get')[Symbol.dispose]();
    await it.clock.pass(14 * MINUTE_MS);
    it.access.reportCall(session, 'session.current')[Symbol.dispose]();
    it.access.reportCall(session, 'station.info')[Symbol.dispose]();
    it.access.reportCall(session, 'sync.messages')[Symbol.dispose]();
    it.access.reportCall(session, 'reports.batch')[Symbol.dispose]();
    expect(it.access.view(session)).toMatchObject({ user: 'Wang' });
    await it.clock.pass(MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('is not idle while a call is under way, however long it takes', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    const exporting = it.access.reportCall(session, 'reports.export');
    await it.clock.pass(20 * MINUTE_MS);
    await it.clock.pass(20 * MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ user: 'Wang' });
    exporting[Symbol.dispose]();
    await it.clock.pass(14 * MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ user: 'Wang' });
    await it.clock.pass(MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('is noticed by the next call when the computer has slept over it', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    it.clock.jump(8 * 60 * MINUTE_MS);
    it.access.reportCall(session, 'firmware.online')[Symbol.dispose]();
    expect(session.current.role).toBe('operator');
  });

  it('does not stay signed in because somebody set the clock back', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    it.clock.jump(-8 * 60 * MINUTE_MS);
    await it.clock.pass(15 * MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('stays an operator’s for a whole shift', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Zhao', '0000', NEVER);
    await it.clock.pass(9 * 60 * MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ user: 'Zhao', signedIn: true });
  });

  it('is left even when the trail cannot be written, and the log says so', async () => {
    using it = await withPeople();
    const session = it.session();
    await it.access.signIn(session, 'Wang', '246813', NEVER);
    it.database.transaction = () => {
      throw new Fault('disk-full', 'no space left');
    };
    await it.clock.pass(15 * MINUTE_MS);
    expect(it.access.view(session)).toMatchObject({ signedIn: false });
    expect(it.errors).toMatchObject([{ code: 'disk-full' }]);
  });
});
