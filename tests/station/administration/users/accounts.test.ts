import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '#shared/rpc/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { openSeats, withUsers } from './seat-fixture.ts';

const OPERATOR = { role: 'operator', user: 'operator' } as const;
const WANG = { role: 'engineer', user: 'Wang' } as const;
const CODE = '0004711832';
const atComputer = (): Session => new Session(OPERATOR, { kind: 'browser', atComputer: true });

describe('an account', () => {
  it('with another role has it from the next sign-in on, and its sessions end', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    expect(setup.access.account('Li')).toMatchObject({
      role: 'support',
      lastSignInAtMs: setup.clock.nowMs(),
      signedIn: [{ place: 'other', sinceMs: setup.clock.nowMs() }],
    });
    setup.access.accounts.setRole('Li', 'engineer', WANG);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
    expect(setup.access.account('Li')).toMatchObject({ role: 'engineer', signedIn: [] });
    expect(setup.trail().slice(-2)).toMatchObject([
      { action: 'person.role', subject: 'Li', actor: 'Wang', details: { from: 'support', to: 'engineer' } },
      { action: 'session.sign-out', subject: 'Li', details: { why: 'role' } },
    ]);
  });

  it('that is disabled cannot sign in and approves nothing until it is enabled again', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    setup.access.accounts.setEnabled('Li', false, WANG);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
    expect(setup.access.users().map(({ name }) => name)).toEqual(['Wang', 'Zhao']);
    const again = await faultOf(() => setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED));
    expect(again.code).toBe('pin-wrong');
    const claim = { approver: 'Li', approverPin: () => Promise.resolve('135790') };
    expect((await faultOf(() => setup.access.approve(claim, WANG, NEVER_ABORTED))).code).toBe(
      'approver-refused',
    );
    // The name is not free, and another PIN does not enable it.
    expect((await faultOf(() => setup.access.add('Li', 'operator', '1234', WANG))).code).toBe('bad-input');
    await setup.access.setPin('Li', '864200', WANG);
    expect(setup.access.account('Li').enabled).toBe(false);
    setup.access.accounts.setEnabled('Li', true, WANG);
    await expect(setup.access.signIn(session, 'Li', '864200', NEVER_ABORTED)).resolves.toMatchObject({
      user: 'Li',
    });
  });

  it('of the last engineer who can sign in is neither disabled nor demoted', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '864200');
    setup.access.accounts.setEnabled('Chen', false, WANG);
    const before = setup.trail().length;
    for (const attempt of [
      () => setup.access.accounts.setEnabled('Wang', false, WANG),
      () => setup.access.accounts.setRole('Wang', 'support', WANG),
    ])
      expect((await faultOf(attempt)).code).toBe('last-engineer');
    expect(setup.trail()).toHaveLength(before);
    setup.access.accounts.setEnabled('Chen', true, WANG);
    setup.access.accounts.setRole('Wang', 'support', WANG);
    expect(setup.access.account('Wang').role).toBe('support');
  });
});

describe('a badge', () => {
  it('signs in its user, belongs to one user, and leaves its code nowhere', async () => {
    using setup = await withUsers();
    await setup.access.accounts.setBadge('Li', ` ${CODE} `, WANG);
    expect(setup.access.account('Li').hasBadge).toBe(true);
    const taken = await faultOf(() => setup.access.accounts.setBadge('Zhao', CODE, WANG));
    expect(taken).toMatchObject({ code: 'badge-taken', details: { name: 'Li' } });
    const session = setup.session();
    expect(await setup.access.signInByBadge(session, '０００４７１１８３２', NEVER_ABORTED)).toEqual({
      role: 'support',
      user: 'Li',
      signedIn: true,
    });
    const entries = setup.trail().length;
    await setup.access.signInByBadge(session, CODE, NEVER_ABORTED);
    expect(setup.trail()).toHaveLength(entries);
    expect(setup.trail().at(-1)).toMatchObject({ action: 'session.sign-in', details: { with: 'badge' } });
    const unknown = await faultOf(() => setup.access.signInByBadge(session, '0004711833', NEVER_ABORTED));
    expect(unknown.code).toBe('badge-unknown');
    expect(JSON.stringify([taken.toView(), unknown.toView(), setup.trail()])).not.toMatch(/00047118/);
    for (const file of readdirSync(setup.dir).filter((name) => name.startsWith('station.db')))
      expect(readFileSync(join(setup.dir, file)).includes(CODE)).toBe(false);

    // The same badge for another user, after it was removed; a disabled owner does not get in.
    await setup.access.accounts.setBadge('Li', null, WANG);
    await setup.access.accounts.setBadge('Zhao', CODE, WANG);
    setup.access.accounts.setEnabled('Zhao', false, WANG);
    expect((await faultOf(() => setup.access.signInByBadge(session, CODE, NEVER_ABORTED))).code).toBe(
      'badge-unknown',
    );
  });

  it('is read from a scanned line, and other lines stay what they are', async () => {
    using setup = await withUsers();
    await setup.access.accounts.setBadge('Li', CODE, WANG);
    const session = setup.session();
    // Another shape is not even hashed.
    expect(setup.access.trySignInByBadge(session, 'SN000001', NEVER_ABORTED)).toBeNull();
    expect(await setup.access.trySignInByBadge(session, '0004711833', NEVER_ABORTED)).toBeNull();
    expect(setup.access.view(session).signedIn).toBe(false);
    expect(setup.trail().filter(({ action }) => action.startsWith('session'))).toEqual([]);
    expect(await setup.access.trySignInByBadge(session, CODE, NEVER_ABORTED)).toMatchObject({ user: 'Li' });
  });

  it('cannot be guessed at the line: after ten lines without a meaning it waits there, and each is in the trail', async () => {
    using setup = await withUsers();
    await setup.access.accounts.setBadge('Li', CODE, WANG);
    const session = setup.session();
    const scan = async (code: string, isSerial = false): Promise<unknown> => {
      const badge = setup.access.trySignInByBadge(session, code, NEVER_ABORTED);
      const view = badge === null ? 'not looked for' : await badge;
      if (view === null) setup.access.countBadgeGuess(session, isSerial);
      return view;
    };
    for (let guess = 0; guess < 9; guess += 1) expect(await scan(`000000000${guess}`)).toBeNull();
    // A serial number of the same shape ends the row.
    expect(await scan('1111111111', true)).toBeNull();
    for (let guess = 0; guess < 10; guess += 1) expect(await scan(`000000000${guess}`)).toBeNull();
    expect(await scan(CODE)).toBe('not looked for');
    const trail = setup.trail().map(({ action }) => action);
    expect(trail.filter((action) => action === 'session.refuse')).toHaveLength(18);
    expect(trail.at(-1)).toBe('session.lock');
    await setup.clock.pass(31_000);
    expect(await scan(CODE)).toMatchObject({ user: 'Li' });
  });

  it.each(['12345', 'x'.repeat(65), '1234 5678', '   '])('%j is no code of a badge', async (code) => {
    using setup = await withUsers();
    const fault = await faultOf(() => setup.access.accounts.setBadge('Li', code, WANG));
    expect(fault.code).toBe('bad-input');
    expect(JSON.stringify(fault.toView())).not.toContain(code.trim() || 'nothing');
  });
});

describe('the first engineer', () => {
  it('is added once, at the computer, while nobody is there, and is signed in', async () => {
    using setup = openSeats();
    const far = await faultOf(() => setup.access.addFirstEngineer(setup.session(), 'Wang', '246813'));
    expect(far.code).toBe('not-at-computer');
    const sessions = Array.from({ length: 5 }, atComputer);
    const answers = await Promise.allSettled(
      sessions.map((session, at) => setup.access.addFirstEngineer(session, `Wang ${at}`, '246813')),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'already-set-up' });
    expect(setup.access.users()).toMatchObject([{ role: 'engineer' }]);
    expect(sessions.filter((session) => setup.access.view(session).role === 'engineer')).toHaveLength(1);
  });
});

describe('a forgotten PIN of the only engineer', () => {
  it('is replaced with the code of a file that only the owner of the station reads', async () => {
    using setup = await withUsers();
    const session = atComputer();
    expect(setup.access.canResetPin(session)).toBe(true);
    expect(setup.access.canResetPin(setup.session())).toBe(false);
    expect((await faultOf(() => setup.access.beginPinReset(setup.session(), 'Wang'))).code).toBe(
      'not-at-computer',
    );
    const { path, validMs } = setup.access.beginPinReset(session, 'Wang');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    const code = /^[A-Z2-9-]{14}$/m.exec(text)?.[0] ?? '';
    expect((await faultOf(() => setup.access.resetPin(session, 'BBBB-BBBB-BBBB', '975310'))).code).toBe(
      'reset-code-wrong',
    );
    expect(await setup.access.resetPin(session, code.toLowerCase(), '975310')).toMatchObject({
      user: 'Wang',
    });
    expect(() => statSync(path)).toThrow();
    expect((await faultOf(() => setup.access.resetPin(session, code, '111111'))).code).toBe(
      'reset-code-wrong',
    );
    expect(setup.access.account('Wang').pinResetAtMs).toBe(setup.clock.nowMs());
    expect(setup.trail().map(({ action }) => action)).toEqual([
      'person.pin-reset-begin',
      'person.pin-reset',
      'session.sign-in',
    ]);
    expect(JSON.stringify(setup.trail())).not.toContain(code);

    // The time of a code is limited, and so is the number of attempts.
    const second = setup.access.beginPinReset(session, 'Wang');
    const late = /^[A-Z2-9-]{14}$/m.exec(readFileSync(second.path, 'utf8'))?.[0] ?? '';
    await setup.clock.pass(validMs);
    expect((await faultOf(() => setup.access.resetPin(session, late, '111111'))).code).toBe(
      'reset-code-wrong',
    );
    const third = setup.access.beginPinReset(session, 'Wang');
    const guessed = /^[A-Z2-9-]{14}$/m.exec(readFileSync(third.path, 'utf8'))?.[0] ?? '';
    for (let n = 0; n < 5; n += 1) await faultOf(() => setup.access.resetPin(session, `BBBB${n}`, '111111'));
    expect((await faultOf(() => setup.access.resetPin(session, guessed, '111111'))).code).toBe(
      'reset-code-wrong',
    );
  });

  it('gets one code at a time; after five that were not used a request waits, and no file stays behind', async () => {
    using setup = await withUsers();
    const session = atComputer();
    const begin = () => setup.access.beginPinReset(session, 'Wang');
    const begun = (): number =>
      setup.trail().filter(({ action }) => action === 'person.pin-reset-begin').length;
    const { path, validMs } = begin();
    const text = readFileSync(path, 'utf8');
    await setup.clock.pass(60_000);
    for (let n = 0; n < 100; n += 1) expect(begin()).toEqual({ path, validMs: validMs - 60_000 });
    expect(begun()).toBe(1);
    // A file that was removed is written again, with the same code.
    rmSync(path);
    begin();
    expect(readFileSync(path, 'utf8')).toBe(text);

    await setup.clock.pass(validMs);
    expect(existsSync(path)).toBe(false);
    const useUp = async (): Promise<void> => {
      begin();
      for (let n = 0; n < 5; n += 1)
        await faultOf(() => setup.access.resetPin(session, `BBBB${n}`, '111111'));
    };
    for (let n = 0; n < 4; n += 1) await useUp();
    expect(existsSync(path)).toBe(false);
    for (let n = 0; n < 100; n += 1)
      expect(await faultOf(begin)).toMatchObject({ code: 'reset-code-wait', details: { seconds: 30 } });
    expect(begun()).toBe(5);
    expect(existsSync(path)).toBe(false);

    // Each further one doubles the wait; a code that is used ends the row.
    await setup.clock.pass(30_000);
    await useUp();
    expect(await faultOf(begin)).toMatchObject({ code: 'reset-code-wait', details: { seconds: 60 } });
    await setup.clock.pass(60_000);
    begin();
    const code = /^[A-Z2-9-]{14}$/m.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
    await setup.access.resetPin(session, code, '975310');
    for (let n = 0; n < 4; n += 1) await useUp();
    expect(begin()).toMatchObject({ path });
  });

  it('is for another engineer to replace when there is one', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '864200');
    expect(setup.access.canResetPin(atComputer())).toBe(false);
    expect((await faultOf(() => setup.access.beginPinReset(atComputer(), 'Wang'))).code).toBe('bad-input');
  });

  it('is not replaced by a code from before its user was disabled', async () => {
    using setup = await withUsers();
    const session = atComputer();
    const { path } = setup.access.beginPinReset(session, 'Wang');
    const code = /^[A-Z2-9-]{14}$/m.exec(readFileSync(path, 'utf8'))?.[0] ?? '';
    await setup.know('Chen', 'engineer', '864200');
    setup.access.accounts.setEnabled('Wang', false, { user: 'Chen', role: 'engineer' });
    expect((await faultOf(() => setup.access.resetPin(session, code, '975310'))).code).toBe(
      'reset-code-wrong',
    );
    expect(setup.access.view(session).signedIn).toBe(false);
    expect(setup.access.account('Wang')).toMatchObject({ enabled: false, pinResetAtMs: null });
  });
});
