/* eslint-disable @typescript-eslint/no-explicit-any -- runs in another process, where nothing of this one is known */

/**
 * What runs in the process of a script. It is sent there as text, so it must stand alone: no imports, no names from
 * outside. Source and order come as the first message; every call of the script's API becomes a message and waits for
 * its answer; the last message says how it ended.
 */
export function scriptRuntime(): void {
  const host = (globalThis as any).process;
  const post = (message: unknown): void => void host.send(message);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const stop = new AbortController();
  let calls = 0;

  const ask = (call: string, ...args: unknown[]): Promise<any> =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      post({ kind: 'call', id, call, args });
    });
  const pattern = (given: unknown): string | undefined =>
    given instanceof RegExp ? given.source : (given as string | undefined);
  const answer = (options: any = {}): unknown => ({ ...options, expect: pattern(options.expect) });

  const api = (order: any): unknown => ({
    device: {
      send: (data: unknown, options?: unknown) => ask('send', data, options ?? {}),
      expect: (expected: unknown, options?: any) => ask('expect', { ...options, expect: pattern(expected) }),
      request: (data: unknown, options?: any) => ask('request', data, answer(options)),
      at: (command: string, options?: unknown) => ask('at', command, options ?? {}),
      setLines: (lines: unknown) => ask('setLines', lines),
    },
    measure: (name: string, value: unknown, options?: unknown) => ask('measure', name, value, options ?? {}),
    prompt: (question: unknown) => ask('prompt', question),
    log: (text: unknown) => ask('log', String(text)),
    set: (name: string, value: unknown) => ask('set', name, String(value)),
    fail: (message: string): never => {
      throw Object.assign(new Error(message), { code: 'limit-exceeded' });
    },
    wait: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
    options: order.options,
    unit: order.unit,
    signal: stop.signal,
  });

  const told = (error: any): unknown => {
    const stack = typeof error?.stack === 'string' ? error.stack : '';
    const place = /data:text\/javascript[^:\s)]*:(\d+):(\d+)/.exec(
      stack.replace(/;base64,[A-Za-z0-9+/=]*/g, ''),
    );
    return {
      code: typeof error?.code === 'string' ? error.code : null,
      message: error instanceof Error ? error.message : String(error),
      line: place === null ? null : Number(place[1]),
      column: place === null ? null : Number(place[2]),
    };
  };

  host.on('message', (message: any) => {
    if (message.kind === 'start') void start(message);
    else if (message.kind === 'stop') stop.abort(new Error('stopped'));
    else if (message.kind === 'answer') {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.fault === undefined) call?.resolve(message.value);
      else
        call?.reject(
          Object.assign(new Error(message.fault.message), { code: message.fault.code, fault: message.fault }),
        );
    }
  });

  async function start(order: any): Promise<void> {
    try {
      const module = await import(order.url);
      const body = module.default;
      if (typeof body !== 'function')
        throw Object.assign(new Error('has no default export made by defineScript'), {
          code: 'recipe-invalid',
        });
      await body(api(order));
      post({ kind: 'done' });
    } catch (error) {
      post({ kind: 'failed', error: told(error) });
    }
  }
  host.on('unhandledRejection', (error: unknown) => post({ kind: 'failed', error: told(error) }));
  post({ kind: 'ready' });
}
