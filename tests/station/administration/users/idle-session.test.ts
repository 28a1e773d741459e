import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { withUsers } from './seat-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const MINUTE_MS = 60_000;

describe('an idle session', () => {
  it('is the operator’s again after 15 minutes, and its pages hear of it', async () => {
    using setup = await withUsers();
    const session = setup.session();
    const told: unknown[] = [];
    setup.access.topic(session).subscribe(null, (event) => told.push(event));
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    await setup.clock.pass(15 * MINUTE_MS - 1);
    expect(setup.access.view(session)).toMatchObject({ user: 'Li' });
    await setup.clock.pass(1);
    expect(setup.access.view(session)).toMatchObject({ user: 'operator', signedIn: false });
    expect(setup.trail().at(-1)).toMatchObject({ action: 'session.sign-out', details: { why: 'idle' } });
    expect(told).toMatchObject([
      { kind: 'snapshot', state: { user: 'operator' } },
      { kind: 'delta', delta: { user: 'Li', signedIn: true } },
      { kind: 'delta', delta: { user: 'operator', signedIn: false } },
    ]);
    expect(setup.clock.sleepers).toBe(0);
  });

  it('counts from the last call, and what pages ask by themselves is no sign of life', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    await setup.clock.pass(14 * MINUTE_MS);
    setup.access.reportCall(session, 'runs.get')[Symbol.dispose]();
    await setup.clock.pass(14 * MINUTE_MS);
    setup.access.reportCall(session, 'session.current')[Symbol.dispose]();
    setup.access.reportCall(session, 'station.info')[Symbol.dispose]();
    setup.access.reportCall(session, 'sync.messages')[Symbol.dispose]();
    setup.access.reportCall(session, 'reports.batch')[Symbol.dispose]();
    setup.access.reportCall(session, 'recipes.picture')[Symbol.dispose]();
    expect(setup.access.view(session)).toMatchObject({ user: 'Wang' });
    await setup.clock.pass(MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('is not idle while a call is under way, however long it takes', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    const exporting = setup.access.reportCall(session, 'reports.export');
    await setup.clock.pass(20 * MINUTE_MS);
    await setup.clock.pass(20 * MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ user: 'Wang' });
    exporting[Symbol.dispose]();
    await setup.clock.pass(14 * MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ user: 'Wang' });
    await setup.clock.pass(MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('is noticed by the next call when the computer has slept over it', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    setup.clock.jump(8 * 60 * MINUTE_MS);
    setup.access.reportCall(session, 'firmware.online')[Symbol.dispose]();
    expect(session.current.role).toBe('operator');
  });

  it('does not stay signed in because somebody set the clock back', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    setup.clock.jump(-8 * 60 * MINUTE_MS);
    await setup.clock.pass(15 * MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
  });

  it('stays an operator’s for a whole shift', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Zhao', '0000', NEVER_ABORTED);
    await setup.clock.pass(9 * 60 * MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ user: 'Zhao', signedIn: true });
  });

  it('is left even when the trail cannot be written, and the log says so', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    setup.database.transaction = () => {
      throw new Fault('disk-full', 'no space left');
    };
    await setup.clock.pass(15 * MINUTE_MS);
    expect(setup.access.view(session)).toMatchObject({ signedIn: false });
    expect(setup.errors).toMatchObject([{ code: 'disk-full' }]);
  });
});
