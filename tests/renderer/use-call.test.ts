import fc from 'fast-check';
import { createPinia, type Pinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { computed, createApp, effectScope } from 'vue';
import { Fault } from '#shared/domain/fault.ts';
import { type Call, STATION_CLIENT, type StationClient, useCall } from '#services/client/index.ts';
import { createTranslator, TRANSLATOR } from '#services/i18n/index.ts';
import { useToasts } from '#services/toasts/index.ts';

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
            expect(toasts.shown.map(({ text }) => text)).toEqual(model.toasts);
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
});
