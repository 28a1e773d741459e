import { Fault } from '../domain/fault.ts';
import type { CallOutput, CallParsed, Contract, Role, TopicDelta, TopicState } from './contract.ts';
import { clientFrame, type ServerFrame, type WireFault } from './frames.ts';
import type { Session, SessionRef } from './session.ts';
import type { Topic } from './topic.ts';
import type { Transport } from './transport.ts';

export interface CallContext {
  /** Who asks: the session as it was when the call came in. */
  readonly session: Session;
  /** Where they sit; only signing in and out change it. */
  readonly seat: SessionRef;
  /** Fires when the caller cancels or goes away. */
  readonly signal: AbortSignal;
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
  /** Shared by all wires of one browser session or window. */
  readonly seat: SessionRef;
  /** Told of every call before its role is judged; disposed of when it has been answered. */
  readonly onCall?: (name: string) => Disposable;
  /** Told of every defect; returns the correlation id that the other end is shown instead of the error. */
  readonly onDefect: (error: unknown, where: string) => string;
}

/** Serves the contract on one transport until it closes. Every input and output is checked against its schema. */
export function serve<C extends Contract>(transport: Transport, options: ServeOptions<C>): void {
  const { contract, seat } = options;
  const calls = new Map<number, AbortController>();
  const subscriptions = new Map<number, { readonly topic: string; readonly stop: () => void }>();
  const send = (frame: ServerFrame): void => transport.send(frame);
  const refuse = (id: number, error: unknown, where: string): void =>
    send({ t: 'fault', id, fault: toWireFault(error, where, options.onDefect) });

  let open = true;
  // What the next person at this seat may not see ends for the page of the one before, too.
  const unseat = seat.onChange(({ role }) => {
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
    unseat();
    for (const controller of calls.values())
      controller.abort(new Fault('disconnected', 'the page went away'));
    for (const { stop } of subscriptions.values()) stop();
    calls.clear();
    subscriptions.clear();
  });

  transport.onMessage((message) => {
    // What still comes in while the wire closes would start work that nobody can stop.
    if (!open) return;
    const parsed = clientFrame.safeParse(message);
    if (!parsed.success) {
      options.onDefect(parsed.error, 'frame from client');
      open = false;
      transport.close();
      return;
    }
    const frame = parsed.data;
    switch (frame.t) {
      case 'call':
        void answer(frame.id, frame.name, frame.input);
        return;
      case 'cancel':
        calls.get(frame.id)?.abort(new Fault('cancelled', 'the caller no longer waits'));
        return;
      case 'subscribe':
        watch(frame.id, frame.topic, frame.since);
        return;
      case 'unsubscribe':
        subscriptions.get(frame.id)?.stop();
        subscriptions.delete(frame.id);
        return;
    }
  });

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    if (calls.has(id)) return refuse(id, new Fault('bad-input', `call id ${id} is in use`), name);
    const controller = new AbortController();
    calls.set(id, controller);
    let noted: Disposable | undefined;
    try {
      noted = options.onCall?.(name);
      const spec = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
      if (spec === undefined) throw new Fault('not-found', `there is no call "${name}"`);
      const session = seat.current;
      requireRole(spec.roles, session.role, name);
      const checked = spec.input.safeParse(input);
      if (!checked.success) throw new Fault('bad-input', `${name}: ${firstIssue(checked.error)}`);
      const handler = options.handlers[name] as (input: unknown, context: CallContext) => unknown;
      const output = await handler(checked.data, { session, seat, signal: controller.signal });
      send({ t: 'result', id, output: spec.output.parse(output) });
    } catch (error) {
      // Node's own waits end with an AbortError: a consequence of the cancel, not a defect.
      const { aborted, reason } = controller.signal;
      refuse(id, aborted && !(error instanceof Fault) ? reason : error, name);
    } finally {
      calls.delete(id);
      noted?.[Symbol.dispose]();
    }
  }

  function watch(id: number, name: string, since: { epoch: string; seq: number } | null): void {
    try {
      const spec = Object.hasOwn(contract.topics, name) ? contract.topics[name] : undefined;
      if (spec === undefined) throw new Fault('not-found', `there is no topic "${name}"`);
      requireRole(spec.roles, seat.current.role, name);
      if (subscriptions.has(id)) throw new Fault('bad-input', `subscription id ${id} is in use`);
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

function toWireFault(error: unknown, where: string, onDefect: ServeOptions<Contract>['onDefect']): WireFault {
  if (error instanceof Fault) {
    return { code: error.code, message: error.message, hint: error.hint, details: { ...error.details } };
  }
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
