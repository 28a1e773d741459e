import { describe, expect, it } from 'vitest';
import { contract, type SessionView, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { startStation, TEST_PIN, type TestStation } from '../../../kit/station.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { withUsers } from './seat-fixture.ts';

const BADGE = '0004711832';
const OTHER_BADGE = '0004711833';
const PIN = '864200';
const WANG = { role: 'engineer', user: 'Wang' } as const;

/** A page of a station, with what the topic of its session told. */
interface Page {
  readonly client: Client<StationContract>;
  readonly told: SessionView[];
  last(): SessionView | undefined;
}

function openPage({ station }: TestStation): Page {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'operator', user: 'operator' }));
  const client = connect(contract, here);
  const told: SessionView[] = [];
  client.watch('session', { onState: (view) => told.push(view) });
  return { client, told, last: () => told.at(-1) };
}

async function signedIn(setup: TestStation, name: string): Promise<Page> {
  const page = openPage(setup);
  await page.client.call('session.signIn', { name, pin: TEST_PIN });
  return page;
}

describe('the sessions of a user', () => {
  it.each([
    ['a new PIN', 'pin', { name: 'users.setPin', input: { name: 'Li', pin: PIN } }],
    ['another role', 'role', { name: 'users.setRole', input: { name: 'Li', role: 'operator' } }],
    ['a removed badge', 'badge', { name: 'users.setBadge', input: { name: 'Li', code: null } }],
    ['another badge', 'badge', { name: 'users.setBadge', input: { name: 'Li', code: OTHER_BADGE } }],
    ['a disabled account', 'disabled', { name: 'users.setEnabled', input: { name: 'Li', enabled: false } }],
  ] as const)('end on every page with %s, and the pages say so', async (_, why, { name, input }) => {
    await using setup = await startStation({ users: { Wang: 'engineer', Li: 'support' } });
    const [engineer, one, two] = [
      await signedIn(setup, 'Wang'),
      await signedIn(setup, 'Li'),
      await signedIn(setup, 'Li'),
    ];
    await engineer.client.call('users.setBadge', { name: 'Li', code: BADGE });
    // The first badge takes nothing away.
    expect(await one.client.call('session.current', {})).toMatchObject({ user: 'Li', signedIn: true });
    await engineer.client.call(name as 'users.setPin', input as { name: string; pin: string });
    const out = { role: 'operator', user: 'operator', signedIn: false, signedOut: { user: 'Li', why } };
    for (const page of [one, two]) {
      await expect(page.client.call('sync.drain', {})).rejects.toMatchObject({ code: 'forbidden' });
      await expect.poll(() => page.last()).toEqual(out);
    }
    expect(await engineer.client.call('session.current', {})).toMatchObject({ user: 'Wang', signedIn: true });
    // The sentence ends with the next sign-in.
    await one.client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
    await expect.poll(() => one.last()).toEqual({ role: 'engineer', user: 'Wang', signedIn: true });
  });

  it('stay on the page where they changed their own account, and end on the others', async () => {
    await using setup = await startStation({ users: { Wang: 'engineer', Chen: 'engineer' } });
    const [own, other] = [await signedIn(setup, 'Wang'), await signedIn(setup, 'Wang')];
    await own.client.call('users.setPin', { name: 'Wang', pin: PIN });
    expect(await own.client.call('session.current', {})).toMatchObject({ user: 'Wang', role: 'engineer' });
    await expect.poll(() => other.last()?.signedOut).toEqual({ user: 'Wang', why: 'pin' });

    await own.client.call('users.setRole', { name: 'Wang', role: 'support' });
    await expect.poll(() => own.last()).toEqual({ role: 'support', user: 'Wang', signedIn: true });
    await expect(own.client.call('users.list', {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(setup.station.access.account('Wang').signedIn).toHaveLength(1);
  });

  it('end with their own disabled account, too', async () => {
    await using setup = await startStation({ users: { Wang: 'engineer', Chen: 'engineer' } });
    const own = await signedIn(setup, 'Wang');
    await own.client.call('users.setEnabled', { name: 'Wang', enabled: false });
    await expect.poll(() => own.last()?.signedOut).toEqual({ user: 'Wang', why: 'disabled' });
  });

  it('end at once when a command gives a new PIN or removes the user', async () => {
    await using setup = await startStation({ users: { Wang: 'engineer', Li: 'support', Zhao: 'operator' } });
    const by = { role: 'engineer', user: 'root' } as const;
    const [li, zhao] = [await signedIn(setup, 'Li'), await signedIn(setup, 'Zhao')];
    await setup.station.access.setPin('Li', PIN, by);
    setup.station.access.remove('Zhao', by);
    await expect.poll(() => li.last()?.signedOut).toEqual({ user: 'Li', why: 'pin' });
    await expect.poll(() => zhao.last()?.signedOut).toEqual({ user: 'Zhao', why: 'removed' });
  });

  it('say why after 15 minutes without a call, and nothing after a sign-out that was asked for', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    await setup.clock.pass(15 * 60_000);
    expect(setup.access.view(session).signedOut).toEqual({ user: 'Wang', why: 'idle' });
    await setup.access.signIn(session, 'Wang', '246813', NEVER_ABORTED);
    expect(setup.access.view(session).signedOut).toBeUndefined();
    expect(setup.access.signOut(session).signedOut).toBeUndefined();
  });

  it('end when the PIN that was too short is renewed at another page', async () => {
    using setup = await withUsers();
    await setup.know('Chen', 'engineer', '2468');
    const [before, session] = [setup.session(), setup.session()];
    await setup.access.accounts.setBadge('Chen', BADGE, WANG);
    await setup.access.signInByBadge(before, BADGE, NEVER_ABORTED);
    await setup.access.signIn(session, 'Chen', '2468', NEVER_ABORTED, PIN);
    expect(setup.access.view(session)).toMatchObject({ user: 'Chen', signedIn: true });
    expect(setup.access.view(before).signedOut).toEqual({ user: 'Chen', why: 'pin' });
  });

  it('end when the station that is opened again knows another PIN', async () => {
    using setup = await withUsers();
    const session = setup.session();
    await setup.access.signIn(session, 'Li', '135790', NEVER_ABORTED);
    setup.restart(setup.clock.nowMs());
    setup.access.adopt(session);
    expect(setup.access.view(session)).toMatchObject({ user: 'Li', signedIn: true });
    await setup.know('Li', 'support', PIN);
    setup.restart(setup.clock.nowMs());
    setup.access.adopt(session);
    expect(setup.access.view(session).signedOut).toEqual({ user: 'Li', why: 'pin' });
  });
});
