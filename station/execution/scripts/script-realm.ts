/**
 * What runs beside a script in its realm, as the text that is sent there: it stands alone, and no bundler may touch it.
 * The realm has the language and nothing of Node. This function gets the only way out, `bridge`, which takes one text; it
 * is called by its own name and never handed on, so that the script cannot get hold of a function of Node's realm.
 */
export const SCRIPT_REALM = String.raw`'use strict';
((bridge) => {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete globalThis[name];
  const { stringify, parse } = JSON;
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const waiting = new Map();
  let calls = 0;
  let file = '';
  let order = null;

  const base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 3) {
      const left = bytes.length - at;
      const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      text += ALPHABET[three >> 18] + ALPHABET[(three >> 12) & 63];
      text += left > 1 ? ALPHABET[(three >> 6) & 63] : '=';
      text += left > 2 ? ALPHABET[three & 63] : '=';
    }
    return text;
  };
  const unbase64 = (text) => {
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0));
    for (let at = 0, to = 0; at < text.length; at += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((i) => Math.max(0, ALPHABET.indexOf(text[at + i])));
      const three = (a << 18) | (b << 12) | (c << 6) | d;
      for (const shift of [16, 8, 0]) if (to < bytes.length) bytes[to++] = (three >> shift) & 255;
    }
    return bytes;
  };
  const bytesOf = (value) => (typeof value?.$bytes === 'string' ? unbase64(value.$bytes) : value);
  const wired = (_key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    if (ArrayBuffer.isView(value))
      return { $bytes: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    return value;
  };
  // What it throws is of Node's realm, and stays here.
  const say = (text) => {
    try {
      bridge(text);
    } catch {
      throw new Error('the station does not listen any more');
    }
  };
  const post = (message) => say(stringify(message, wired));
  const ask = (call, ...args) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      const text = stringify({ kind: 'call', id, call, args }, wired);
      // What it ends with is told at the line that called.
      waiting.set(id, { resolve, reject, at: new Error() });
      say(text);
    });
  const pattern = (given) => (given instanceof RegExp ? given.source : given);
  const answer = (options = {}) => ({ ...options, expect: pattern(options.expect) });

  const words = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value.stack);
    return (typeof value === 'object' ? stringify(value) : undefined) ?? String(value);
  };
  const print = (...values) => post({ kind: 'output', text: values.map(words).join(' ').slice(0, 8000) + '\n' });
  globalThis.console = { log: print, info: print, debug: print, warn: print, error: print };
  let timers = 0;
  const running = new Set();
  // The station's time, like that of wait.
  globalThis.setTimeout = (then, ms = 0, ...args) => {
    const id = ++timers;
    running.add(id);
    void ask('wait', Math.max(0, Number(ms) || 0)).then(() => running.delete(id) && then(...args));
    return id;
  };
  globalThis.clearTimeout = (id) => void running.delete(id);

  const api = ({ options, unit }) => ({
    device: {
      send: (data, options) => ask('send', data, options ?? {}),
      expect: (expected, options) => ask('expect', { ...options, expect: pattern(expected) }),
      request: (data, options) => ask('request', data, answer(options)),
      at: (command, options) => ask('at', command, options ?? {}),
      setLines: (lines) => ask('setLines', lines),
      sendFrame: (payload) => ask('sendFrame', payload),
      expectFrame: (expected, options) => ask('expectFrame', { ...options, expect: pattern(expected) }),
      requestFrame: (payload, options) => ask('requestFrame', payload, answer(options)),
      read: (options) => ask('read', options),
    },
    board: {
      power: (to, options) => ask('power', to, options ?? {}),
      relay: (channel, on) => ask('relay', channel, on),
      pin: (pin) => ask('pin', pin),
    },
    measure: (name, value, options) => ask('measure', name, value, options ?? {}),
    prompt: (question) => ask('prompt', question),
    log: (text) => ask('log', String(text)),
    set: (name, value) => ask('set', name, typeof value === 'bigint' ? String(value) : value),
    fail: (message) => {
      const why = message === undefined || message === '' ? 'fails the unit and does not say why' : words(message);
      throw Object.assign(new Error(why), { code: 'limit-exceeded' });
    },
    wait: (ms) => ask('wait', ms),
    options,
    unit,
  });

  const failed = (error) => {
    const stack = typeof error?.stack === 'string' ? error.stack : '';
    const at = stack.indexOf(file + ':');
    const place = at < 0 ? null : /^:(\d{1,9}):(\d{1,9})/.exec(stack.slice(at + file.length));
    const code = typeof error?.code === 'string' ? error.code.slice(0, 64) : null;
    const message = (typeof error?.message === 'string' ? error.message : words(error)).slice(0, 4000);
    const line = place === null ? null : Number(place[1]) || null;
    const column = place === null ? null : Number(place[2]) || null;
    post({ kind: 'failed', error: { code, message, line, column } });
  };

  return {
    failed,
    refusal: (specifier) =>
      Object.assign(new Error(specifier + ' is not there: a script imports nothing but gongwei/script'), {
        code: 'recipe-invalid',
      }),
    begin(text) {
      order = parse(text);
      file = order.file;
    },
    async run(body) {
      try {
        if (typeof body !== 'function')
          throw Object.assign(new Error('has no default export made by defineScript'), { code: 'recipe-invalid' });
        await body(api(order));
        post({ kind: 'done' });
      } catch (error) {
        failed(error);
      }
    },
    hear(text) {
      const { id, value, fault } = parse(text);
      const call = waiting.get(id);
      waiting.delete(id);
      if (fault === undefined) {
        // JSON has no word for a group that took no part.
        if (Array.isArray(value?.captures)) value.captures = value.captures.map((one) => one ?? undefined);
        if (value?.payload !== undefined) value.payload = bytesOf(value.payload);
        call?.resolve(bytesOf(value));
      } else call?.reject(Object.assign(new Error(fault.message), { code: fault.code, fault, stack: call.at.stack }));
    },
  };
})`;
