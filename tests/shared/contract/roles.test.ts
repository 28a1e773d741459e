import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Client,
  connect,
  Session,
  createInMemoryTransports,
  type Role,
  ROLES,
} from '#shared/rpc/index.ts';
import { startStation, type TestStation } from '../../kit/station.ts';

/**
 * What an operator may ask, by name: a call that is not here is not for somebody who never signed in. Whoever opens
 * one to everybody has to say so here, too.
 */
const FOR_OPERATORS = [
  'attachments.list', 'attachments.text', 'batches.list', 'batches.select', 'codes.label', 'firmware.fields', 'firmware.get', 'firmware.list', 'recipes.picture', 'reports.batch', 'runs.choices', 'runs.count', 'runs.get', 'runs.list', 'runs.neighbours', 'runs.search', 'savedFilters.list',
  'session.beginPinReset', 'session.current', 'session.resetPin', 'session.signIn', 'session.signInByBadge', 'session.signOut', 'session.users', 'setup.addFirstEngineer', 'setup.state', 'slots.acknowledge', 'slots.answer', 'slots.answerPhoto', 'slots.reportUnusedScan', 'slots.scan', 'slots.select', 'slots.stop',
  'station.info',
  'wifiCodes.shown',
]; // prettier-ignore

const calls = Object.entries(contract.calls).map(([name, { roles }]) => ({
  name,
  roles: [...roles] as Role[],
}));
const topics = Object.entries(contract.topics).map(([name, { roles }]) => ({
  name,
  roles: [...roles] as Role[],
}));
const everyCall = ROLES.flatMap((role) =>
  calls.map(({ name, roles }) => ({ role, name, may: roles.includes(role) })),
);
const everyTopic = ROLES.flatMap((role) =>
  topics.map(({ name, roles }) => ({ role, name, may: roles.includes(role) })),
);

describe('the contract', () => {
  test('names the roles of every call and topic, the engineer among them', () => {
    for (const { name, roles } of [...calls, ...topics]) {
      expect(roles, name).toContain('engineer');
      expect(new Set(roles).size, name).toBe(roles.length);
      // Whoever may do less than support may not do what support may not.
      if (roles.includes('operator')) expect(roles, name).toContain('support');
    }
  });

  test('gives an operator only the calls and topics of production', () => {
    const open = calls.filter(({ roles }) => roles.includes('operator')).map(({ name }) => name);
    expect(open.sort()).toEqual(FOR_OPERATORS);
  });
});

describe('a station', () => {
  const clients = new Map<Role, Client<StationContract>>();
  let setup: TestStation;

  beforeAll(async () => {
    setup = await startStation();
    for (const role of ROLES) {
      const [here, there] = createInMemoryTransports();
      setup.station.serve(there, new Session({ role, user: role }));
      clients.set(role, connect(contract, here));
    }
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  function as(role: Role): Client<StationContract> {
    const client = clients.get(role);
    if (client === undefined) throw new Error(`nobody is ${role}`);
    return client;
  }

  // The input fits none but the calls without one: the role is judged first, so that nothing else decides here.
  test.each(everyCall)('asked for $name as $role: $may', async ({ role, name, may }) => {
    const answer = await as(role)
      .call(name as 'station.info', {}, { timeoutMs: 10_000 })
      .then(
        () => 'answered',
        (error: unknown) => (error instanceof Fault ? error.code : String(error)),
      );
    if (may) expect(answer).not.toBe('forbidden');
    else expect(answer).toBe('forbidden');
    expect(answer).not.toBe('internal');
  });

  test.each(everyTopic)('asked for topic $name as $role: $may', async ({ role, name, may }) => {
    const first = await new Promise<unknown>((resolve) => {
      const stop = as(role).watch(name as 'batch', {
        onState: () => (stop(), resolve('state')),
        onFault: ({ code }) => (stop(), resolve(code)),
      });
    });
    expect(first).toBe(may ? 'state' : 'forbidden');
  });
});
