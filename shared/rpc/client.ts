import { Fault } from '../domain/fault.ts';
import type { CallInput, CallOutput, Contract, TopicState } from './contract.ts';
import { type ClientFrame, type Position, type ServerFrame, serverFrame } from './frames.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Transport } from './transport.ts';

const DEFAULT_TIMEOUT_MS = 15_000;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the answer; default 15 s. */
  readonly timeoutMs?: number;
}

export interface Watcher<S> {
  onState(state: S): void;
  onFault?(fault: Fault): void;
}

/** The client of a contract: its calls and topics, over one connection after the other. */
export interface Client<C extends Contract> {
  call<K extends keyof C['calls'] & string>(
    name: K,
    input: CallInput<C, K>,
    options?: CallOptions,
  ): Promise<CallOutput<C, K>>;
  /**
   * Watches a topic, also after reconnects: the watcher receives the whole state at first and after every change. Returns
   * a function that stops watching.
   */
  watch<K extends keyof C['topics'] & string>(name: K, watcher: Watcher<TopicState<C, K>>): () => void;
  /**
   * Replaces the connection. Watched topics resume at their last position; pending calls of the old connection fail with
   * `disconnected`.
   */
  attach(transport: Transport): void;
  readonly attached: boolean;
  /** True while there is a connection whose server answers heartbeats. Without heartbeats it equals `attached`. */
  readonly responsive: boolean;
  /** Called when a connection is attached or lost. Returns a function that removes the listener. */
  onAttached(listener: (attached: boolean) => void): () => void;
  /** Called after each change of `responsive`. Returns a function that removes the listener. */
  onResponsive(listener: (responsive: boolean) => void): () => void;
  close(): void;
}

export interface ConnectOptions {
  /**
   * Sends heartbeats, timed by this monotonic clock. A connection whose server does not answer for 30 s is treated as
   * lost.
   */
  readonly heartbeat?: { readonly nowMs: () => number };
}

interface PendingCall {
  readonly output: { parse(value: unknown): unknown };
  settle(outcome: { output: unknown } | { fault: Fault }): void;
}

interface Watch {
  readonly name: string;
  readonly watcher: Watcher<unknown>;
  state: unknown;
  position: Position | null;
}

export function connect<C extends Contract>(
  contract: C,
  first?: Transport,
  options: ConnectOptions = {},
): Client<C> {
  let transport: Transport | null = null;
  let nextId = 1;
  const pending = new Map<number, PendingCall>();
  const watches = new Map<number, Watch>();
  const attachedListeners = new Set<(attached: boolean) => void>();
  const responsiveListeners = new Set<(responsive: boolean) => void>();

  const send = (frame: ClientFrame): void => transport?.send(frame);
  const heartbeat =
    options.heartbeat === undefined
      ? null
      : new Heartbeat({
          ...options.heartbeat,
          request: () => send({ t: 'beat' }),
          onSilentChange: notifyResponsive,
          onDead: disconnect,
        });
  const isResponsive = (): boolean => transport !== null && heartbeat?.silent !== true;
  let wasResponsive = false;

  function notifyResponsive(): void {
    if (isResponsive() === wasResponsive) return;
    wasResponsive = isResponsive();
    for (const listener of responsiveListeners) listener(wasResponsive);
  }

  function onDisconnected(): void {
    transport = null;
    failPending();
    notifyResponsive();
    heartbeat?.disconnected();
    for (const listener of attachedListeners) listener(false);
  }

  /** Does not wait for the transport: closing one with a dead peer may take long. */
  function disconnect(): void {
    const last = transport;
    if (last === null) return;
    onDisconnected();
    last.close();
  }

  function attach(next: Transport): void {
    const previous = transport;
    transport = next;
    previous?.close();
    failPending();
    next.onMessage((message) => {
      if (transport === next) receive(message);
    });
    next.onClose(() => {
      if (transport === next) onDisconnected();
    });
    // `onClose` calls back at once for a transport that is closed already.
    if (transport !== next) return;
    heartbeat?.connected();
    notifyResponsive();
    for (const [id, watch] of watches) send({ t: 'subscribe', id, topic: watch.name, since: watch.position });
    for (const listener of attachedListeners) listener(true);
  }

  function failPending(): void {
    const fault = new Fault('disconnected', 'the connection to the station was lost', {
      hint: 'The page reconnects by itself; look at the state before repeating the action.',
    });
    for (const call of [...pending.values()]) call.settle({ fault });
  }

  function receive(message: unknown): void {
    const parsed = serverFrame.safeParse(message);
    if (!parsed.success) {
      transport?.close();
      return;
    }
    heartbeat?.received(parsed.data.t === 'beat' ? parsed.data.atMs : undefined);
    dispatch(parsed.data);
  }

  function dispatch(frame: ServerFrame): void {
    switch (frame.t) {
      case 'result': {
        const call = pending.get(frame.id);
        if (call === undefined) return;
        try {
          call.settle({ output: call.output.parse(frame.output) });
        } catch (cause) {
          call.settle({
            fault: new Fault('internal', 'the station answered in an unknown shape', { cause }),
          });
        }
        return;
      }
      case 'fault': {
        const fault = Fault.fromView(frame.fault);
        pending.get(frame.id)?.settle({ fault });
        watches.get(frame.id)?.watcher.onFault?.(fault);
        return;
      }
      case 'snapshot':
      case 'delta':
      case 'resumed':
        return advance(frame);
      case 'beat':
        return;
    }
  }

  function advance(frame: Extract<ServerFrame, { t: 'snapshot' | 'delta' | 'resumed' }>): void {
    const watch = watches.get(frame.id);
    if (watch === undefined || frame.t === 'resumed') return;
    const spec = contract.topics[watch.name];
    if (spec === undefined) return;
    if (frame.t === 'snapshot') {
      const state = spec.snapshot.safeParse(frame.state);
      if (!state.success) return rejectTopic(watch, state.error);
      watch.state = state.data;
      watch.position = { epoch: frame.epoch, seq: frame.seq };
    } else {
      // Deltas from before the requested snapshot may still arrive.
      if (watch.position === null) return;
      if (frame.seq !== watch.position.seq + 1) {
        // A delta is missing: start again with a snapshot.
        watch.position = null;
        send({ t: 'unsubscribe', id: frame.id });
        send({ t: 'subscribe', id: frame.id, topic: watch.name, since: null });
        return;
      }
      const delta = spec.delta.safeParse(frame.delta);
      if (!delta.success) return rejectTopic(watch, delta.error);
      watch.state = spec.apply(watch.state, delta.data);
      watch.position = { ...watch.position, seq: frame.seq };
    }
    watch.watcher.onState(watch.state);
  }

  /** The station has another contract than this page: reports it and closes the connection. */
  function rejectTopic(watch: Watch, cause: unknown): void {
    watch.position = null;
    watch.watcher.onFault?.(
      new Fault('internal', `the station announced ${watch.name} in an unknown shape`, { cause }),
    );
    transport?.close();
  }

  if (first !== undefined) attach(first);

  return {
    attach,
    get attached() {
      return transport !== null;
    },
    get responsive() {
      return isResponsive();
    },
    onResponsive(listener) {
      responsiveListeners.add(listener);
      return () => void responsiveListeners.delete(listener);
    },
    onAttached(listener) {
      attachedListeners.add(listener);
      return () => void attachedListeners.delete(listener);
    },
    call(name, input, options = {}) {
      type Output = CallOutput<C, typeof name>;
      return new Promise<Output>((resolve, reject) => {
        const spec = contract.calls[name];
        if (spec === undefined) return reject(new Fault('not-found', `there is no call "${name}"`));
        if (transport === null)
          return reject(new Fault('disconnected', 'there is no connection to the station'));
        if (options.signal?.aborted === true)
          return reject(new Fault('cancelled', 'stopped before it began'));
        const id = nextId++;
        const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
        const giveUp = (fault: Fault) => (): void => {
          send({ t: 'cancel', id });
          pending.get(id)?.settle({ fault });
        };
        const onAbort = giveUp(new Fault('cancelled', `${name} was cancelled`));
        const timer = setTimeout(
          giveUp(new Fault('timeout', `${name} had no answer in ${timeoutMs} ms`)),
          timeoutMs,
        );
        options.signal?.addEventListener('abort', onAbort, { once: true });
        pending.set(id, {
          output: spec.output,
          settle(outcome) {
            pending.delete(id);
            clearTimeout(timer);
            options.signal?.removeEventListener('abort', onAbort);
            if ('fault' in outcome) reject(outcome.fault);
            else resolve(outcome.output as Output);
          },
        });
        try {
          const sentAtMs = heartbeat?.peerNowMs();
          send({ t: 'call', id, name, input, ...(sentAtMs === undefined ? {} : { sentAtMs }) });
        } catch (cause) {
          // The input is not plain data, which no transport can carry.
          pending
            .get(id)
            ?.settle({ fault: new Fault('bad-input', `${name}: the input cannot be sent`, { cause }) });
        }
      });
    },
    watch(name, watcher) {
      const id = nextId++;
      watches.set(id, { name, watcher: watcher as Watcher<unknown>, state: undefined, position: null });
      send({ t: 'subscribe', id, topic: name, since: null });
      return () => {
        watches.delete(id);
        send({ t: 'unsubscribe', id });
      };
    },
    close() {
      watches.clear();
      heartbeat?.close();
      disconnect();
    },
  };
}
