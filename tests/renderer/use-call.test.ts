import fc from 'fast-check';
import { createPinia, type Pinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { computed, createApp, effectScope } from 'vue';
import { Fault } from '#shared/domain/fault.ts';
import { type Call, STATION_CLIENT, type StationClient, useCall } from '#services/client/index.ts';
import { createTranslator, TRANSLATOR } from '#services/i18n/index.ts';
import { type Toast, useToasts } from '#services/toasts/index.ts';

type Overlap = 'replace' | 'ignore' | 'parallel';
type OnUnmount = 'cancel' | 'finish';

interface Work {
  readonly signal: AbortSignal;
  readonly succeed: () => void;
  readonly fail: () => void;
}

/** A component that uses `useCall` with work that the test ends. The result of a run is its number. */
class Component {
  readonly client = { responsive: true };
  readonly started: Work[] = [];
  readonly results: (number | 'nothing' | 'open')[] = [];
  readonly call: Call<[], number>;
  readonly #scope = effectScope();

  constructor(pinia: Pinia, overlap: Overlap, onUnmount: OnUnmount) {
    const app = createApp({});
    app.use(pinia);
    app.provide(STATION_CLIENT, this.client as StationClient);
    app.provide(
      TRANSLATOR,
      computed(() => createTranslator('en')),
    );
    const work = ({ signal }: { signal: AbortSignal }): Promise<number> =>
      new Promise((resolve, reject) => {
        const index = this.started.length;
        this.started.push({
          signal,
          succeed: () => resolve(index),
          fail: () => reject(new Fault('not-found', `work ${index} failed`)),
        });
      });
    const toast = (result: number): { text: string } => ({ text: `done ${result}` });
    const call = app.runWithContext(() =>
      this.#scope.run(() => useCall(work, { overlap, onUnmount, toast })),
    );
    if (call === undefined) throw new Error('the scope has ended');
    this.call = call;
  }

  run(): void {
    const index = this.results.push('open') - 1;
    void this.call.run().then((result) => (this.results[index] = result ?? 'nothing'));
  }

  unmount(): void {
    this.#scope.stop();
  }
}

/** The English text of a toast. */
const textOf = (text: Toast['text']): string =>
  typeof text === 'string' ? text : text(createTranslator('en'));

/** A synchronous model of `useCall`. */
class Model {
  readonly works: ('pending' | 'dropped' | 'ended')[] = [];
  readonly results: (number | 'nothing' | 'open')[] = [];
  readonly #runOfWork: number[] = [];
  readonly overlap: Overlap;
  readonly onUnmount: OnUnmount;
  fault: string | null = null;
  data: number | null = null;
  responsive = true;
  unmounted = false;
  toasts: string[] = [];

  constructor(overlap: Overlap, onUnmount: OnUnmount) {
    this.overlap = overlap;
    this.onUnmount = onUnmount;
  }

  get pending(): boolean {
    return this.works.includes('pending');
  }

  run(): void {
    const isCancelled = this.unmounted && this.onUnmount === 'cancel';
    if (isCancelled || (this.overlap === 'ignore' && this.pending)) return void this.results.push('nothing');
    if (this.overlap === 'replace') this.cancel();
    this.fault = null;
    if (!this.responsive) {
      this.results.push('nothing');
      return this.#fail('disconnected');
    }
    this.#runOfWork.push(this.results.push('open') - 1);
    this.works.push('pending');
  }

  /** A work that was dropped may still end: a late answer. */
  end(work: number, ok: boolean): void {
    const wasPending = this.works[work] === 'pending';
    this.works[work] = this.works[work] === 'dropped' ? 'dropped' : 'ended';
    this.results[this.#runOfWork[work] ?? -1] = wasPending && ok ? work : 'nothing';
    if (!wasPending) return;
    if (!ok) return this.#fail('not-found');
    this.data = work;
    this.toasts.push(`done ${work}`);
  }

  cancel(): void {
    for (const [index, state] of this.works.entries()) if (state === 'pending') this.works[index] = 'dropped';
  }

  reset(): void {
    this.cancel();
    this.fault = null;
    this.data = null;
  }

  unmount(): void {
    this.unmounted = true;
    if (this.onUnmount === 'cancel') this.cancel();
  }

  #fail(code: 'disconnected' | 'not-found'): void {
    this.fault = code;
    const { message, action } = createTranslator('en').fault(code, {});
    if (this.unmounted) this.toasts.push(`${message} ${action}`);
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'run' } as const) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(), ok: fc.boolean() }) },
  fc.constantFrom(
    { kind: 'cancel' } as const,
    { kind: 'reset' } as const,
    { kind: 'lose' } as const,
    { kind: 'find' } as const,
    { kind: 'unmount' } as const,
  ),
);

afterEach(() => void vi.unstubAllGlobals());

describe('useCall', () => {
  it('shows the state of its runs, whatever overlaps, comes late, fails or is unmounted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Overlap>('replace', 'ignore', 'parallel'),
        fc.constantFrom<OnUnmount>('cancel', 'finish'),
        fc.array(step, { maxLength: 30 }),
        async (overlap, onUnmount, steps) => {
          const pinia = createPinia();
          const toasts = useToasts(pinia);
          const component = new Component(pinia, overlap, onUnmount);
          const model = new Model(overlap, onUnmount);
          const open = new Set<number>();
          for (const one of steps) {
            toasts.clear();
            model.toasts = [];
            switch (one.kind) {
              case 'run': {
                const before = component.started.length;
                component.run();
                model.run();
                if (component.started.length > before) open.add(before);
                break;
              }
              case 'end': {
                const index = [...open][one.at % open.size];
                if (index === undefined) break;
                open.delete(index);
                if (one.ok) component.started[index]?.succeed();
                else component.started[index]?.fail();
                model.end(index, one.ok);
                break;
              }
              case 'cancel':
              case 'reset':
                component.call[one.kind]();
                model[one.kind]();
                break;
              case 'lose':
              case 'find':
                component.client.responsive = model.responsive = one.kind === 'find';
                break;
              case 'unmount':
                component.unmount();
                model.unmount();
            }
            // All promises that are settled by now have told it.
            await new Promise(setImmediate);
            expect(component.call.pending).toBe(model.pending);
            expect(component.call.fault?.code ?? null).toBe(model.fault);
            expect(component.call.data).toBe(model.data);
            expect(component.results).toEqual(model.results);
            expect(component.started.map(({ signal }) => signal.aborted)).toEqual(
              model.works.map((state) => state === 'dropped'),
            );
            expect(toasts.shown.map(({ text }) => textOf(text))).toEqual(model.toasts);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives its signal to every call and leaves the other options as they are', async () => {
    const seen: { name: string; timeoutMs: number | undefined; signal: AbortSignal | undefined }[] = [];
    const client = {
      responsive: true,
      call: (name: string, _input: object, options: { timeoutMs?: number; signal?: AbortSignal }) => {
        seen.push({ name, timeoutMs: options.timeoutMs, signal: options.signal });
        return Promise.resolve({});
      },
    };
    const app = createApp({});
    app.provide(STATION_CLIENT, client as unknown as StationClient);
    app.provide(
      TRANSLATOR,
      computed(() => createTranslator('en')),
    );
    const scope = effectScope();
    const used: AbortSignal[] = [];
    const drain = app.runWithContext(() =>
      scope.run(() =>
        useCall(({ call, signal }) => {
          used.push(signal);
          return call('sync.drain', {}, { timeoutMs: 7 });
        }),
      ),
    );
    await drain?.run();
    expect(seen).toEqual([{ name: 'sync.drain', timeoutMs: 7, signal: used[0] }]);
    scope.stop();
    expect(await drain?.run()).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it('ignores a run of a subject that is at work, and no other', async () => {
    const { call, works } = useInScope((work: (subject: string) => Promise<string>) =>
      useCall((_, subject: string) => work(subject), { overlap: 'ignore', subjectOf: (subject) => subject }),
    );
    void call.run('a');
    void call.run('b');
    expect(await call.run('a')).toBeUndefined();
    expect(works.map(({ subject }) => subject)).toEqual(['a', 'b']);
    expect(['a', 'b', 'c'].map(call.isPending)).toEqual([true, true, false]);
    works[0]?.resolve('done');
    await new Promise(setImmediate);
    expect(['a', 'b'].map(call.isPending)).toEqual([false, true]);
    void call.run('a');
    expect(works).toHaveLength(3);
  });

  it('shows a success that its component can no longer show, and only then', async () => {
    const { call, works, unmount, toasts } = useInScope((work: (subject: string) => Promise<string>) =>
      useCall((_, subject: string) => work(subject), {
        onUnmount: 'finish',
        toastWhenUnmounted: (result, subject) => `${subject} is ${result}`,
      }),
    );
    void call.run('a');
    works[0]?.resolve('made');
    await new Promise(setImmediate);
    expect(toasts.shown).toEqual([]);
    void call.run('b');
    unmount();
    works[1]?.resolve('made');
    await new Promise(setImmediate);
    expect(toasts.shown.map(({ text, tone }) => [textOf(text), tone])).toEqual([['b is made', 'good']]);
  });

  it('repeats a read that failed for want of the station when it answers again, and no other', async () => {
    vi.stubGlobal('window', new EventTarget());
    const { call, works, unmount, respond } = useInScope((work: (subject: string) => Promise<string>) =>
      useCall((_, subject: string) => work(subject), { repeatAfterLoss: true }),
    );
    respond(false);
    await call.run('a');
    expect(call.fault?.code).toBe('disconnected');
    respond(true);
    expect(works.map(({ subject }) => subject)).toEqual(['a']);
    respond(false);
    works[0]?.reject(new Fault('timeout', 'it took too long'));
    await new Promise(setImmediate);
    respond(true);
    expect(works.map(({ subject }) => subject)).toEqual(['a', 'a']);
    // A read that took too long by itself would take too long again.
    works[1]?.reject(new Fault('timeout', 'it took too long'));
    await new Promise(setImmediate);
    respond(false);
    respond(true);
    expect(works).toHaveLength(2);
    respond(false);
    await call.run('b');
    unmount();
    respond(true);
    expect(works).toHaveLength(2);
  });
});

interface Pending {
  readonly subject: string;
  readonly resolve: (result: string) => void;
  readonly reject: (fault: Fault) => void;
}

/** A call of one subject in a component; the test ends its works, and loses and finds the station. */
function useInScope(use: (work: (subject: string) => Promise<string>) => Call<[string], string>) {
  const works: Pending[] = [];
  const listeners = new Set<(responsive: boolean) => void>();
  const client = {
    responsive: true,
    onResponsive(listener: (responsive: boolean) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const pinia = createPinia();
  const app = createApp({});
  app.use(pinia);
  app.provide(STATION_CLIENT, client as unknown as StationClient);
  app.provide(
    TRANSLATOR,
    computed(() => createTranslator('en')),
  );
  const scope = effectScope();
  const work = (subject: string): Promise<string> =>
    new Promise((resolve, reject) => works.push({ subject, resolve, reject }));
  const call = app.runWithContext(() => scope.run(() => use(work)));
  if (call === undefined) throw new Error('the scope has ended');
  return {
    call,
    works,
    toasts: useToasts(pinia),
    unmount: () => scope.stop(),
    respond(responsive: boolean) {
      client.responsive = responsive;
      for (const listener of listeners) listener(responsive);
    },
  };
}
