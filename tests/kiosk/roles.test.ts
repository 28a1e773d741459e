import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Client,
  connect,
  createInMemoryTransports,
  type Role,
  ROLES,
  Session,
  webSocketTransport,
} from '#shared/rpc/index.ts';
import { startStation, TEST_PIN, type TestStation } from '../kit/station.ts';
import { arbitraryInput } from '../support/arbitrary-input.ts';
import { depth } from '../support/depth.ts';
import { openKiosk, type Pass, type TestKiosk } from './open-kiosk.ts';

type CallName = keyof StationContract['calls'];
const CALLS = Object.keys(contract.calls) as CallName[];
const TOPICS = Object.keys(contract.topics) as (keyof StationContract['topics'])[];
const rolesOf = (name: CallName): readonly Role[] => contract.calls[name].roles;
const USERS = { Zhao: 'operator', Li: 'support', Wang: 'engineer' } as const;
/** What can only be done at the computer of the station. */
const AT_COMPUTER = ['session.beginPinReset', 'session.resetPin', 'setup.addFirstEngineer'] as const;
const ANSWER = { timeoutMs: 5_000 };

async function codeOf(client: Client<StationContract>, name: CallName, input: unknown): Promise<string> {
  try {
    await client.call(name as 'station.info', input as Record<string, never>, ANSWER);
    return 'answered';
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

describe('a call over the kiosk', () => {
  let setup: TestStation;
  let kiosk: TestKiosk;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    setup = await startStation({ users: USERS });
    kiosk = await openKiosk({ station: setup.station });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    await kiosk[Symbol.asyncDispose]();
    await setup[Symbol.asyncDispose]();
  });

  async function dial(headers: Partial<Pass>): Promise<Client<StationContract>> {
    const socket = new WebSocket(`ws://127.0.0.1:${kiosk.kiosk.port}/ws`, {
      headers: { ...headers, origin: kiosk.origin },
    });
    sockets.push(socket);
    await once(socket, 'open');
    return connect(contract, webSocketTransport(socket));
  }
  async function as(
    user: keyof typeof USERS | null,
  ): Promise<{ client: Client<StationContract>; role: Role }> {
    const client = await dial(await kiosk.enter());
    if (user === null) return { client, role: 'operator' };
    await client.call('session.signIn', { name: user, pin: TEST_PIN });
    return { client, role: USERS[user] };
  }

  test.each([null, 'Zhao', 'Li', 'Wang'] as const)(
    'is refused to %s exactly when the contract says so, with a wrong input and with a right one',
    async (user) => {
      const { client, role } = await as(user);
      const entries = (): number => setup.station.database.audit.findLast()?.seq ?? 0;
      const before = entries();
      for (const name of CALLS) {
        const isPermitted = rolesOf(name).includes(role);
        // The role is judged before the input: what a caller may not do does not even say what is wrong.
        expect(await codeOf(client, name, null), name).toBe(isPermitted ? 'bad-input' : 'forbidden');
        if (isPermitted) continue;
        for (const input of fc.sample(arbitraryInput(contract.calls[name].input), { numRuns: 3, seed: 11 }))
          expect(await codeOf(client, name, input), `${name} ${JSON.stringify(input)}`).toBe('forbidden');
      }
      expect(entries()).toBe(before);
    },
  );

  test.each([null, 'Li', 'Wang'] as const)('of a topic to %s likewise', async (user) => {
    const { client, role } = await as(user);
    for (const name of TOPICS) {
      const first = await new Promise<string>((resolve) => {
        const stop = client.watch(name as 'batch', {
          onState: () => (stop(), resolve('state')),
          onFault: ({ code }) => (stop(), resolve(code)),
        });
      });
      const isPermitted = (contract.topics[name].roles as readonly Role[]).includes(role);
      expect(first, name).toBe(isPermitted ? 'state' : 'forbidden');
    }
  });

  test('does not arrive without a link, with half of one, or with an invented one', async () => {
    const { cookie } = await kiosk.enter();
    for (const headers of [{}, { cookie }, { cookie: 'gongwei=1', 'x-gongwei-key': 'x'.repeat(43) }])
      await expect(dial(headers)).rejects.toThrow(/Unexpected server response: 40[13]/);
  });
});

describe('a page that is not at the computer of the station', () => {
  test('cannot do what needs to be done there, before and after the station has users', async () => {
    for (const users of [{}, USERS]) {
      await using setup = await startStation({ users });
      const [here, there] = createInMemoryTransports();
      setup.station.serve(there, new Session({ role: 'operator', user: 'operator' }));
      const client = connect(contract, here);
      for (const name of AT_COMPUTER)
        for (const input of fc.sample(arbitraryInput(contract.calls[name].input), { numRuns: 5, seed: 5 }))
          expect(await codeOf(client, name, input), name).toBe('not-at-computer');
      expect(setup.station.access.users()).toHaveLength(Object.keys(users).length);
    }
  });
});

describe('whatever a page sends', () => {
  let setup: TestStation;
  beforeAll(async () => {
    setup = await startStation({ users: USERS });
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  test.each(ROLES)(
    'as %s is answered or refused with a fault, and never found to be a defect',
    async (role) => {
      const session = new Session({ role, user: 'Li' });
      const [here, there] = createInMemoryTransports();
      setup.station.serve(there, session);
      const client = connect(contract, here);
      const permitted = CALLS.filter((name) => rolesOf(name).includes(role));
      const answered = new Set<string>();
      const numRuns = depth({ short: 3, long: 60 });
      for (const name of permitted) {
        const inputs = fc.oneof(
          { weight: 4, arbitrary: arbitraryInput(contract.calls[name].input) },
          fc.jsonValue(),
        );
        for (const input of fc.sample(inputs, { numRuns, seed: 7 })) {
          const code = await codeOf(client, name, input);
          expect(code, `${name} ${JSON.stringify(input)}`).not.toMatch(/^internal|^forbidden|Error/);
          if (code === 'answered') answered.add(name);
        }
      }
      // Not only refusals were seen.
      expect(answered.size).toBeGreaterThan(permitted.length / 8);
      // It still works.
      expect(await codeOf(client, 'station.info', {})).toBe('answered');
    },
  );
});
