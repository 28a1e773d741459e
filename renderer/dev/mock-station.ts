import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type AnyTopicSpec,
  type CallContext,
  type CallOutput,
  type CallParsed,
  createTopic,
  type Handlers,
  serve,
  Session,
  type Topic,
  type TopicDelta,
  type Topics,
  type TopicState,
  type Transport,
} from '#shared/rpc/index.ts';

type CallName = keyof StationContract['calls'];
type TopicName = keyof StationContract['topics'];

/** The first state of each topic that is published. */
export type TopicFixtures = { readonly [K in TopicName]?: TopicState<StationContract, K> };

export interface AnswerContext extends CallContext {
  readonly station: MockStation;
}

/** What a call returns: a value, or a function of its input, which may publish on topics and throw a `Fault`. */
export type Answer<K extends CallName> =
  | CallOutput<StationContract, K>
  | ((
      input: CallParsed<StationContract, K>,
      context: AnswerContext,
    ) => CallOutput<StationContract, K> | Promise<CallOutput<StationContract, K>>);
export type Answers = { readonly [K in CallName]?: Answer<K> };

export interface RecordedCall {
  readonly name: string;
  /** Without PINs and passphrases. */
  readonly input: unknown;
}

export interface RefusedRequest {
  /** A call or a topic. */
  readonly name: string;
  readonly role: string;
}

/**
 * A station for pages under development and for their tests: it publishes fixtures on the topics of the real contract and
 * answers calls from a table. A call without an answer is refused with `not-found`; a topic without a fixture publishes
 * nothing.
 */
export class MockStation {
  /** All calls in the order in which they came. */
  readonly calls: RecordedCall[] = [];
  /** Calls and topics that were refused to the role of the user. A page offers nothing of this kind. */
  readonly refused: RefusedRequest[] = [];
  readonly session = new Session({ role: 'operator', user: 'operator' });
  readonly #topics: Readonly<Record<string, Topic<unknown, unknown>>>;
  #answers: Answers;

  constructor(fixtures: TopicFixtures, answers: Answers = {}) {
    const epoch = crypto.randomUUID();
    const states: Record<string, unknown> = { session: this.#sessionView(), ...fixtures };
    this.#topics = Object.fromEntries(
      Object.entries(contract.topics).map(([name, spec]: [string, AnyTopicSpec]) => [
        name,
        name in states ? createTopic(spec, states[name], epoch) : SILENT,
      ]),
    );
    this.#answers = answers;
    this.session.onChange(() => this.publish('session', this.#sessionView()));
  }

  /** The state of a topic that has a fixture. */
  state<K extends TopicName>(topic: K): TopicState<StationContract, K> {
    return this.#topics[topic]?.state as TopicState<StationContract, K>;
  }

  publish<K extends TopicName>(topic: K, delta: TopicDelta<StationContract, K>): void {
    this.#topics[topic]?.publish(delta);
  }

  /** Replaces answers from now on. */
  answer(answers: Answers): void {
    this.#answers = { ...this.#answers, ...answers };
  }

  /** The inputs of all calls of one name. */
  inputsOf(name: CallName): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ input }) => input);
  }

  serve(transport: Transport): void {
    serve(this.#watchRefusals(transport), {
      contract,
      handlers: this.#handlers(),
      topics: this.#topics as unknown as Topics<StationContract>,
      session: this.session,
      nowMs: () => performance.now(),
      onDefect: (error, where) => {
        console.error('mock station', where, error);
        return 'dev-1';
      },
    });
  }

  /** Notes what is refused to the role at once; a topic that ends when the user signs out was not refused. */
  #watchRefusals(transport: Transport): Transport {
    const asked = new Map<unknown, string>();
    return {
      onMessage: (listener) =>
        transport.onMessage((message) => {
          const frame = message as { t: string; id?: number; name?: string; topic?: string };
          if (frame.t === 'call' || frame.t === 'subscribe')
            asked.set(frame.id, frame.name ?? frame.topic ?? '');
          listener(message);
        }),
      send: (message) => {
        const frame = message as { t: string; id?: number; fault?: { code: string } };
        const name = asked.get(frame.id);
        if (name !== undefined && frame.fault?.code === 'forbidden')
          this.refused.push({ name, role: this.session.current.role });
        asked.delete(frame.id);
        transport.send(message);
      },
      onClose: (listener) => transport.onClose(listener),
      close: () => transport.close(),
    };
  }

  #sessionView(): TopicState<StationContract, 'session'> {
    const { current, initial } = this.session;
    return { ...current, signedIn: current !== initial };
  }

  #handlers(): Handlers<StationContract> {
    const handlers = Object.keys(contract.calls).map((name) => [
      name,
      (input: unknown, context: CallContext): unknown => {
        this.calls.push({ name, input: withoutPins(input) });
        const answer: unknown = this.#answers[name as CallName];
        if (answer === undefined) throw new Fault('not-found', `no fixture answers ${name}`);
        return typeof answer === 'function' ? answer(input, { ...context, station: this }) : answer;
      },
    ]);
    return Object.fromEntries(handlers) as Handlers<StationContract>;
  }
}

const SILENT: Topic<unknown, unknown> = {
  state: undefined,
  publish: () => undefined,
  subscribe: () => () => undefined,
};

function withoutPins(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const hidden = Object.entries(input).map(([key, value]: [string, unknown]) => [
    key,
    /(?:pin|passphrase)$/i.test(key) && value !== null ? '****' : value,
  ]);
  return Object.fromEntries(hidden) as unknown;
}
