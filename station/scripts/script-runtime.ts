/**
 * What runs in the process of a script, as the text that is sent there: it stands alone, and no bundler may touch it.
 * Source and order come as the first message; every call of the script's API becomes a message and waits for its answer;
 * the last message says how it ended.
 */
export const SCRIPT_RUNTIME = String.raw`
  const host = globalThis.process;
  const post = (message) => void host.send(message);
  const waiting = new Map();
  const stop = new AbortController();
  let calls = 0;

  const ask = (call, ...args) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, { resolve, reject });
      post({ kind: 'call', id, call, args });
    });
  const pattern = (given) =>
    given instanceof RegExp ? given.source : given;
  const answer = (options = {}) => ({ ...options, expect: pattern(options.expect) });

  const api = (order) => ({
    device: {
      send: (data, options) => ask('send', data, options ?? {}),
      expect: (expected, options) => ask('expect', { ...options, expect: pattern(expected) }),
      request: (data, options) => ask('request', data, answer(options)),
      at: (command, options) => ask('at', command, options ?? {}),
      setLines: (lines) => ask('setLines', lines),
    },
    measure: (name, value, options) => ask('measure', name, value, options ?? {}),
    prompt: (question) => ask('prompt', question),
    log: (text) => ask('log', String(text)),
    set: (name, value) => ask('set', name, String(value)),
    fail: (message) => {
      throw Object.assign(new Error(message), { code: 'limit-exceeded' });
    },
    wait: (ms) => ask('wait', ms),
    options: order.options,
    unit: order.unit,
    signal: stop.signal,
  });

  const told = (error) => {
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

  host.on('message', (message) => {
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

  async function start(order) {
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
  host.on('unhandledRejection', (error) => post({ kind: 'failed', error: told(error) }));
  post({ kind: 'ready' });
`;
