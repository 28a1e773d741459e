import { Fault } from '#shared/domain/fault.ts';
import { onScopeDispose, shallowReactive } from 'vue';
import { type Translator, useTranslator } from '#services/i18n/index.ts';
import { usePresence } from '#services/presence/index.ts';
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
   * The subject of a run, as a row of a table. With `overlap: 'ignore'` only a run of the same subject is ignored, and
   * runs of others start.
   */
  readonly subjectOf?: (...args: A) => string;
  /**
   * What happens to pending runs when the component is unmounted. `cancel` cancels them, and later runs do nothing;
   * `finish` lets them go on, and a fault is shown as a toast. Default: `cancel`.
   */
  readonly onUnmount?: 'cancel' | 'finish';
  /**
   * The toast after a success; `null` for none. It is asked again when the language changes. Only pages of the back
   * office show toasts.
   */
  readonly toast?: (result: R, ...args: A) => SuccessToast | null;
  /**
   * The toast after a success that the component can no longer show, because it is unmounted: with `onUnmount:
   * 'finish'`, where `toast` has none.
   */
  readonly toastWhenUnmounted?: (result: R, ...args: A) => string;
  /**
   * For reads: a run that failed because the station did not answer is repeated when it answers again, if a person is
   * at the screen. Default: false.
   */
  readonly repeatAfterLoss?: boolean;
}

/** One kind of work at the station as a component shows it; reactive. */
export interface Call<A extends unknown[], R> {
  readonly pending: boolean;
  /** Whether a run of this subject (`subjectOf`) is pending. */
  readonly isPending: (subject: string) => boolean;
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
  {
    overlap = 'replace',
    onUnmount = 'cancel',
    subjectOf = () => '',
    toast,
    toastWhenUnmounted,
    repeatAfterLoss = false,
  }: UseCallOptions<A, R> = {},
): Call<A, R> {
  const client = useStationClient();
  const i18n = useTranslator();
  const toasts = useToasts();
  /** The runs whose outcome still counts, with their subjects. */
  const runs = shallowReactive(new Map<AbortController, string>());
  const isPending = (subject: string): boolean => [...runs.values()].includes(subject);
  let unmounted = false;
  let lastArgs: A | null = null;
  /** The station stopped answering while the last run was pending, and that run may have ended by its time limit. */
  let isLastRunLost = false;
  const state = shallowReactive({
    pending: false,
    fault: null as FaultView | null,
    data: null as R | null,
    isPending,
    run,
    cancel,
    reset,
  });
  onScopeDispose(() => {
    unmounted = true;
    if (onUnmount === 'cancel') cancel();
  });
  if (repeatAfterLoss) {
    const presence = usePresence();
    const stop = client.onResponsive((responsive) => {
      if (responsive) presence.whenPresent(repeat);
      else isLastRunLost = runs.size > 0;
    });
    onScopeDispose(stop);
  }

  function repeat(): void {
    const isLost = state.fault?.code === 'disconnected' || (state.fault?.code === 'timeout' && isLastRunLost);
    if (lastArgs !== null && isLost) void run(...lastArgs);
  }

  async function run(...args: A): Promise<R | undefined> {
    if (unmounted && onUnmount === 'cancel') return undefined;
    const subject = subjectOf(...args);
    if (overlap === 'ignore' && isPending(subject)) return undefined;
    if (overlap === 'replace') cancel();
    const controller = new AbortController();
    const { signal } = controller;
    runs.set(controller, subject);
    lastArgs = args;
    isLastRunLost = false;
    state.pending = true;
    state.fault = null;
    try {
      if (!client.responsive) throw notAnswering();
      const call: StationClient['call'] = (name, input, options) =>
        client.call(name, input, { ...options, signal });
      const result = await work({ call, signal }, ...args);
      if (!runs.has(controller)) return undefined;
      state.data = result;
      announce(result, args);
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
    const text = ({ fault: textsOf }: Translator): string => {
      const { message, action } = textsOf(fault.code, fault.details);
      return `${message} ${action}`;
    };
    toasts.show({ text, tone: 'bad' });
  }

  function announce(result: R, args: A): void {
    const success = toast?.(result, ...args) ?? null;
    if (success === null) {
      if (unmounted && toastWhenUnmounted !== undefined)
        toasts.show({ text: () => toastWhenUnmounted(result, ...args), tone: 'good' });
      return;
    }
    const { undo } = success;
    const action = undo === undefined ? {} : { action: { label: i18n.value.t('ui.undo'), run: undo } };
    const text = (): string => toast?.(result, ...args)?.text ?? success.text;
    toasts.show({ text, tone: 'good', ...action });
  }

  function cancel(): void {
    const cancelled = [...runs.keys()];
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
