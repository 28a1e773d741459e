import { Fault, type FaultView } from '../domain/fault.ts';
import type { CallOutput, CallParsed, Contract, Role, TopicDelta, TopicState } from './contract.ts';
import { type ClientFrame, clientFrame, type ServerFrame } from './frames.ts';
import { RequestQueue } from './request-queue.ts';
import type { Actor, Session } from './session.ts';
import type { Topic } from './topic.ts';
import type { Transport } from './transport.ts';

/** The most calls of one connection that are in progress at once; the next ones wait. */
const MAX_CALLS = 256;
/** The most subscriptions of one connection. There are about twenty topics; a page watches each a few times at most. */
const MAX_SUBSCRIPTIONS = 64;
/**
 * The longest transit of a call that must be executed at once: a delayed scan could answer another prompt, and after this
 * time the page has shown the operator that it was not done. A stop is executed however late it arrives.
 */
const AT_ONCE_MS = 5_000;

export interface CallContext {
  /** Who called, when the call was received. */
  readonly by: Actor<Role>;
  /** The caller's session, for sign-in and sign-out. */
  readonly session: Session;
  /** Fires when the caller cancels or disconnects. */
  readonly signal: AbortSignal;
  /** How long the call was in transit, ms; 0 when the caller did not send the time. */
  readonly lateMs: number;
}

export type Handlers<C extends Contract> = {
  readonly [K in keyof C['calls']]: (
    input: CallParsed<C, K>,
    context: CallContext,
  ) => Promise<CallOutput<C, K>> | CallOutput<C, K>;
};
export type Topics<C extends Contract> = {
  readonly [K in keyof C['topics']]: Topic<TopicState<C, K>, TopicDelta<C, K>>;
};

export interface ServeOptions<C extends Contract> {
  readonly contract: C;
  readonly handlers: Handlers<C>;
  readonly topics: Topics<C>;
  /** Shared by all connections of one browser session or window. */
  readonly session: Session;
  /** Called for each call before its role is checked; the result is disposed when the call was answered. */
  readonly onCall?: (name: string) => Disposable;
  /** Monotonic clock, ms; clients receive its time with heartbeats. */
  readonly nowMs: () => number;
  /** Called for each defect; returns the correlation id that the client gets instead of the error. */
  readonly onDefect: (error: unknown, where: string) => string;
}

/** The frames that are queued; all others are handled at once. */
type QueuedFrame = Extract<ClientFrame, { t: 'call' | 'subscribe' }>;

/**
 * Serves the contract on one transport until it closes. Every input and output is checked against its schema. A
 * connection is served a few requests at a time, so that others get time, and is closed when it sends far too many.
 */
export function serve<C extends Contract>(transport: Transport, options: ServeOptions<C>): void {
  const { contract, session } = options;
  const calls = new Map<number, AbortController>();
  const subscriptions = new Map<number, { readonly topic: string; readonly stop: () => void }>();
  const send = (frame: ServerFrame): void => transport.send(frame);
  const refuse = (id: number, error: unknown, where: string): void =>
    send({ t: 'fault', id, fault: toFaultView(error, where, options.onDefect) });

  let open = true;
  const queue = new RequestQueue<QueuedFrame>(begin, () => calls.size < MAX_CALLS);
  const closeWithDefect = (defect: unknown, where: string): void => {
    options.onDefect(defect, where);
    open = false;
    queue.clear();
    transport.close();
  };
  // Subscriptions that the new role may not have end.
  const stopListening = session.onChange(({ role }) => {
    for (const [id, { topic, stop }] of subscriptions) {
      try {
        requireRole(contract.topics[topic]?.roles ?? [], role, topic);
      } catch (error) {
        stop();
        subscriptions.delete(id);
        refuse(id, error, topic);
      }
    }
  });
  transport.onClose(() => {
    open = false;
    queue.clear();
    stopListening();
    for (const controller of calls.values())
      controller.abort(new Fault('disconnected', 'the page went away'));
    for (const { stop } of subscriptions.values()) stop();
    calls.clear();
    subscriptions.clear();
  });

  transport.onMessage((message) => {
    // A request that arrives after the close would start work that no signal can stop.
    if (!open) return;
    const parsed = clientFrame.safeParse(message);
    if (!parsed.success) return closeWithDefect(parsed.error, 'frame from client');
    const frame = parsed.data;
    const isAccepted =
      frame.t === 'call' || frame.t === 'subscribe' ? queue.enqueue(frame) : queue.countUrgent();
    if (!isAccepted)
      return closeWithDefect(new Error('a page sends faster than it is answered'), 'flood from client');
    if (frame.t === 'cancel') cancel(frame.id);
    if (frame.t === 'unsubscribe') unsubscribe(frame.id);
    if (frame.t === 'beat') send({ t: 'beat', atMs: options.nowMs() });
  });

  function begin(frame: QueuedFrame): void {
    if (frame.t === 'subscribe') watch(frame.id, frame.topic, frame.since);
    else void answer(frame).finally(() => queue.resume());
  }

  /** Aborts a call in progress; removes one that waits. */
  function cancel(id: number): void {
    const waiting = queue.remove((queued) => queued.t === 'call' && queued.id === id);
    const fault = new Fault('cancelled', 'the caller no longer waits');
    if (waiting === null) calls.get(id)?.abort(fault);
    else refuse(id, fault, 'cancel');
  }

  function unsubscribe(id: number): void {
    if (queue.remove((queued) => queued.t === 'subscribe' && queued.id === id) !== null) return;
    subscriptions.get(id)?.stop();
    subscriptions.delete(id);
  }

  async function answer({ id, name, input, sentAtMs }: Extract<QueuedFrame, { t: 'call' }>): Promise<void> {
    if (calls.has(id)) return refuse(id, new Fault('bad-input', `call id ${id} is in use`), name);
    const controller = new AbortController();
    calls.set(id, controller);
    let activity: Disposable | undefined;
    try {
      activity = options.onCall?.(name);
      const spec = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
      if (spec === undefined) throw new Fault('not-found', `there is no call "${name}"`);
      const by = session.current;
      requireRole(spec.roles, by.role, name);
      const lateMs = sentAtMs === undefined ? 0 : Math.max(0, options.nowMs() - sentAtMs);
      if (spec.atOnce && lateMs > AT_ONCE_MS) throw tooLate(name, lateMs);
      const checked = spec.input.safeParse(input);
      if (!checked.success) throw new Fault('bad-input', `${name}: ${firstIssue(checked.error)}`);
      const handler = options.handlers[name] as (input: unknown, context: CallContext) => unknown;
      const output = await handler(checked.data, { by, session, signal: controller.signal, lateMs });
      send({ t: 'result', id, output: spec.output.parse(output) });
    } catch (error) {
      // An AbortError of Node is a consequence of the cancellation and no defect.
      const { aborted, reason } = controller.signal;
      refuse(id, aborted && !(error instanceof Fault) ? reason : error, name);
    } finally {
      calls.delete(id);
      activity?.[Symbol.dispose]();
    }
  }

  function watch(id: number, name: string, since: { epoch: string; seq: number } | null): void {
    try {
      const spec = Object.hasOwn(contract.topics, name) ? contract.topics[name] : undefined;
      if (spec === undefined) throw new Fault('not-found', `there is no topic "${name}"`);
      requireRole(spec.roles, session.current.role, name);
      if (subscriptions.has(id)) throw new Fault('bad-input', `subscription id ${id} is in use`);
      if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
        throw new Fault('bad-input', `one connection watches at most ${MAX_SUBSCRIPTIONS} topics`, {
          hint: 'Stop watching one, or reload the page.',
        });
      }
      const topic = options.topics[name] as Topic<unknown, unknown>;
      const stop = topic.subscribe(since, (event) => {
        if (event.kind === 'snapshot')
          send({ t: 'snapshot', id, epoch: event.epoch, seq: event.seq, state: event.state });
        else if (event.kind === 'resumed') send({ t: 'resumed', id });
        else send({ t: 'delta', id, seq: event.seq, delta: event.delta });
      });
      subscriptions.set(id, { topic: name, stop });
    } catch (error) {
      refuse(id, error, name);
    }
  }
}

function requireRole(roles: readonly Role[], role: Role, name: string): void {
  if (roles.includes(role)) return;
  throw new Fault('forbidden', `${name} is not for the role ${role}`, {
    hint: `Sign in as ${roles.join(' or ')}.`,
  });
}

function tooLate(name: string, lateMs: number): Fault {
  return new Fault('disconnected', `${name} arrived ${Math.round(lateMs / 1000)} s late`, {
    hint: 'Nothing was done. Look at the state, then repeat the action.',
  });
}

function toFaultView(error: unknown, where: string, onDefect: ServeOptions<Contract>['onDefect']): FaultView {
  if (error instanceof Fault) return error.toView();
  const correlationId = onDefect(error, where);
  return {
    code: 'internal',
    message: 'something in Gongwei itself went wrong',
    hint: 'Tell support this number; the log has the details under it.',
    details: { correlationId },
  };
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`;
}
