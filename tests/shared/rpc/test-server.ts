import { afterEach, beforeEach } from 'vitest';
import type { Fault } from '#shared/domain/fault.ts';
import {
  type Client,
  connect,
  Session,
  serve,
  type Transport,
  type Actor,
  type Role,
} from '#shared/rpc/index.ts';
import { type TestContract, createTestHandlers, type TestHandlers, contract } from './test-contract.ts';
import type { TransportKind } from './transport-kinds.ts';

export const OPERATOR: Actor<Role> = { role: 'operator', user: 'Li' };

interface Connection {
  readonly client: Client<TestContract>;
  readonly clientEnd: Transport;
  readonly serverEnd: Transport;
}

/** A server over one kind of transport, new for each test. */
export interface TestServer {
  transports: TransportKind;
  station: TestHandlers;
  /** The station's clock, for tests that have one. */
  nowMs: () => number;
  defects: { where: string; error: unknown }[];
  /** Connects a client (a new one, or one that was disconnected) to the station. */
  line(session?: Actor<Role>, client?: Client<TestContract>): Promise<Connection>;
  serveOn(transport: Transport, session?: Session): void;
}

/** To be called in a `describe`: the station is there in each of its tests. */
export function useTestServer(openTransports: () => Promise<TransportKind>): TestServer {
  const on = {
    async line(session: Actor<Role> = OPERATOR, client = connect(contract)): Promise<Connection> {
      const ends = await on.transports.connect();
      on.serveOn(ends.server, new Session(session));
      client.attach(ends.client);
      return { client, clientEnd: ends.client, serverEnd: ends.server };
    },
    serveOn(transport: Transport, session: Session = new Session(OPERATOR)): void {
      serve(transport, {
        contract,
        ...on.station,
        session,
        nowMs: () => on.nowMs(),
        onDefect: (error, where) => {
          on.defects.push({ where, error });
          return `id-${on.defects.length}`;
        },
      });
    },
  } as TestServer;
  beforeEach(async () => {
    on.transports = await openTransports();
    on.station = createTestHandlers('epoch-1');
    on.defects = [];
    on.nowMs = () => performance.now();
  });
  afterEach(() => on.transports[Symbol.asyncDispose]());
  return on;
}

/** The answer to the call with this id; signs of life may come before it. */
export function nextAnswer(transport: Transport, id: number): Promise<unknown> {
  return new Promise((resolve) =>
    transport.onMessage((message) => {
      if ((message as { id?: number }).id === id) resolve(message);
    }),
  );
}

export function closed(transport: Transport): Promise<void> {
  return new Promise((resolve) => transport.onClose(resolve));
}

export function detached(client: Client<TestContract>): Promise<void> {
  return new Promise((resolve) => {
    if (!client.attached) return resolve();
    const stop = client.onAttached(() => {
      stop();
      resolve();
    });
  });
}

/** Everything that arrives on this end from now on; the client's own listener still gets it. */
export function spyOn(transport: Transport): { t: string }[] {
  const frames: { t: string }[] = [];
  const { onMessage } = transport;
  transport.onMessage = (listener) =>
    onMessage((message) => {
      frames.push(message as { t: string });
      listener(message);
    });
  return frames;
}

export function watching(client: Client<TestContract>, topic: 'counter' | 'secret' = 'counter') {
  const states: { total: number; steps: number[] }[] = [];
  const faults: Fault[] = [];
  let waiting: { count: number; resolve: () => void } | null = null;
  const stop = client.watch(topic, {
    onState(state) {
      states.push(state);
      if (waiting !== null && states.length >= waiting.count) waiting.resolve();
    },
    onFault: (fault) => faults.push(fault),
  });
  return {
    states,
    faults,
    stop,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (states.length >= count) resolve();
        else waiting = { count, resolve };
      }),
  };
}
