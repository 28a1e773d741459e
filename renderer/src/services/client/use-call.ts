import { Fault } from '#shared/domain/fault.ts';
import { onScopeDispose, shallowReactive } from 'vue';
import { useTranslator } from '#services/i18n/index.ts';
import { useToasts } from '#services/toasts/index.ts';
import { asFault, type FaultView } from './as-fault.ts';
import { type StationClient, useStationClient } from './station-client.ts';

/** What the work of `useCall` uses to reach the station. */
export interface CallContext {
  /** As `call` of the client; the call ends with `signal`. */
  readonly call: StationClient['call'];
  /** Fires when the run is cancelled, replaced, or its component is unmounted. For work that is not a call. */
  readonly signal: AbortSignal;
}

export interface SuccessToast {
  readonly text: string;
  /** Shows a button that undoes what was done. */
  readonly undo?: () => void;
}

export interface UseCallOptions<A extends unknown[], R> {
  /**
   * What happens when `run` is called while another run is pending. `replace` cancels the pending run, for reads;
   * `ignore` does nothing, for actions that must not be executed twice; `parallel` starts another one. Default:
   * `replace`.
   */
  readonly overlap?: 'replace' | 'ignore' | 'parallel';
  /**
   * What happens to pending runs when the component is unmounted. `cancel` cancels them, and later runs do nothing;
   * `finish` lets them go on, and a fault is shown as a toast. Default: `cancel`.
   */
  readonly onUnmount?: 'cancel' | 'finish';
  /** The toast after a success; `null` for none. Only pages of the back office show toasts. */
  readonly toast?: (result: R, ...args: A) => SuccessToast | null;
}

/** One kind of work at the station as a component shows it; reactive. */
export interface Call<A extends unknown[], R> {
  readonly pending: boolean;
  /** Why the last run failed; `null` after a success and while a run is pending. */
  readonly fault: FaultView | null;
  /** The result of the last success. */
  readonly data: R | null;
  /**
   * Starts the work. Never rejects: resolves with the result, or with `undefined` when the run failed, was cancelled,
   * replaced or ignored. While the station does not answer, the run fails at once with `disconnected`.
   */
  readonly run: (...args: A) => Promise<R | undefined>;
  /** Cancels all pending runs. Their results and faults are dropped. */
  readonly cancel: () => void;
  /** Cancels all pending runs and clears `fault` and `data`. */
  readonly reset: () => void;
}

/**
 * Calls of the contract from a component or a store: `pending`, `fault` and `data` as state, cancelled on unmount.
 *
 * ```ts const lease = useCall(({ call }, count: number) => call('triples.lease', { productId, count }), { overlap:
 * 'ignore' }); const leased = await lease.run(100);
 * ```
 */
export function useCall<A extends unknown[], R>(
  work: (context: CallContext, ...args: A) => Promise<R>,
  { overlap = 'replace', onUnmount = 'cancel', toast }: UseCallOptions<A, R> = {},
): Call<A, R> {
  const client = useStationClient();
  const i18n = useTranslator();
  const toasts = useToasts();
  /** The runs whose outcome still counts. */
  const runs = new Set<AbortController>();
  let unmounted = false;
  const state = shallowReactive({
    pending: false,
    fault: null as FaultView | null,
    data: null as R | null,
    run,
    cancel,
    reset,
  });
  onScopeDispose(() => {
    unmounted = true;
    if (onUnmount === 'cancel') cancel();
  });

  async function run(...args: A): Promise<R | undefined> {
    if (unmounted && onUnmount === 'cancel') return undefined;
    if (overlap === 'ignore' && runs.size > 0) return undefined;
    if (overlap === 'replace') cancel();
    const controller = new AbortController();
    const { signal } = controller;
    runs.add(controller);
    state.pending = true;
    state.fault = null;
    try {
      if (!client.responsive) throw notAnswering();
      const call: StationClient['call'] = (name, input, options) =>
        client.call(name, input, { ...options, signal });
      const result = await work({ call, signal }, ...args);
      if (!runs.has(controller)) return undefined;
      state.data = result;
      if (toast !== undefined) announce(toast(result, ...args));
      return result;
    } catch (error) {
      if (runs.has(controller)) fail(asFault(error));
      return undefined;
    } finally {
      runs.delete(controller);
      state.pending = runs.size > 0;
    }
  }

  function fail(fault: FaultView): void {
    state.fault = fault;
    if (!unmounted) return;
    // The component that would show the fault is unmounted.
    const { message, action } = i18n.value.fault(fault.code, fault.details);
    toasts.show({ text: `${message} ${action}`, tone: 'bad' });
  }

  function announce(success: SuccessToast | null): void {
    if (success === null) return;
    const { text, undo } = success;
    const action = undo === undefined ? {} : { action: { label: i18n.value.t('ui.undo'), run: undo } };
    toasts.show({ text, tone: 'good', ...action });
  }

  function cancel(): void {
    const cancelled = [...runs];
    runs.clear();
    state.pending = false;
    for (const controller of cancelled) controller.abort();
  }

  function reset(): void {
    cancel();
    state.fault = null;
    state.data = null;
  }

  return state as Call<A, R>;
}

function notAnswering(): Fault {
  return new Fault('disconnected', 'the station does not answer', {
    hint: 'The page tries to reconnect by itself; repeat the action when it is connected.',
  });
}
