/** Message about an import of a script, before the name of the module. */
export const REFUSED_IMPORT = 'a script can import gongwei/script only, not ';

/**
 * Program that runs beside a script in its realm, as source text: it imports nothing, and no bundler may change it. The
 * realm has the language and nothing of Node. Its only way out is `bridge`, which takes one text. `bridge` is called by its
 * own name and never passed on, so that the script cannot get a function of Node's realm.
 */
export const SCRIPT_REALM = String.raw`'use strict';
((bridge) => {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete globalThis[name];
  const { stringify, parse } = JSON;
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const PIECE = 131072;
  const waiting = new Map();
  let calls = 0;
  let file = '';
  let scriptRequest = null;

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
  const toJson = (_key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    if (ArrayBuffer.isView(value))
      return { $bytes: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    return value;
  };
  // Its errors belong to Node's realm, and must not reach the script.
  const send = (text) => {
    try {
      bridge(text);
    } catch {
      throw new Error('the station has closed the connection');
    }
  };
  const post = (message) => send(stringify(message, toJson));
  const request = (call, ...args) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      const text = stringify({ kind: 'call', id, call, args }, toJson);
      // Its error is reported at the line of the call.
      waiting.set(id, { resolve, reject, at: new Error() });
      send(text);
    });
  const pattern = (given) => (given instanceof RegExp ? given.source : given);
  const answer = (options = {}) => ({ ...options, expect: pattern(options.expect) });

  const textOf = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value.stack);
    return (typeof value === 'object' ? stringify(value) : undefined) ?? String(value);
  };
  const print = (...values) => post({ kind: 'output', text: values.map(textOf).join(' ').slice(0, 8000) + '\n' });
  globalThis.console = { log: print, info: print, debug: print, warn: print, error: print };
  let timers = 0;
  const running = new Set();
  // By the clock of the station, as wait.
  globalThis.setTimeout = (then, ms = 0, ...args) => {
    const id = ++timers;
    running.add(id);
    void request('wait', Math.max(0, Number(ms) || 0)).then(() => running.delete(id) && then(...args));
    return id;
  };
  globalThis.clearTimeout = (id) => void running.delete(id);

  const api = ({ options, unit }) => ({
    device: {
      send: (data, options) => request('send', data, options ?? {}),
      expect: (expected, options) => request('expect', { ...options, expect: pattern(expected) }),
      request: (data, options) => request('request', data, answer(options)),
      at: (command, options) => request('at', command, options ?? {}),
      setLines: (lines) => request('setLines', lines),
      sendFrame: (payload) => request('sendFrame', payload),
      expectFrame: (expected, options) => request('expectFrame', { ...options, expect: pattern(expected) }),
      requestFrame: (payload, options) => request('requestFrame', payload, answer(options)),
      read: (options) => request('read', options),
    },
    ble: {
      read: (service, characteristic, options) => request('bleRead', service, characteristic, options ?? {}),
      write: (service, characteristic, data, options) =>
        request('bleWrite', service, characteristic, data, options ?? {}),
      notified: (service, characteristic, options) => request('bleNotified', service, characteristic, options ?? {}),
      request: (service, characteristic, data, options) =>
        request('bleRequest', service, characteristic, data, options ?? {}),
      mtu: () => request('bleMtu'),
    },
    board: {
      power: (to, options) => request('power', to, options ?? {}),
      relay: (channel, on) => request('relay', channel, on),
      pin: (pin) => request('pin', pin),
    },
    instrument: (instrument) => ({
      send: (data, options) => request('send', data, { ...options, instrument }),
      expect: (expected, options) => request('expect', { ...options, expect: pattern(expected), instrument }),
      request: (data, options) => request('request', data, { ...answer(options), instrument }),
      query: (text, options) => request('query', text, { ...options, instrument }),
      block: (text, options) => request('block', text, { ...options, instrument }),
      read: (options) => request('read', { ...options, instrument }),
    }),
    measure: (name, value, options) => request('measure', name, value, options ?? {}),
    prompt: (question) => request('prompt', question),
    log: (text) => request('log', String(text)),
    set: (name, value) => request('set', name, typeof value === 'bigint' ? String(value) : value),
    fail: (message) => {
      const reason = message === undefined || message === '' ? 'fails the unit without a reason' : textOf(message);
      throw Object.assign(new Error(reason), { code: 'limit-exceeded' });
    },
    wait: (ms) => request('wait', ms),
    options,
    unit: { ...unit, attach },
  });

  let attached = 0;
  // A message of a script is bounded: a long file is sent in pieces.
  const attach = async (name, data, { type } = {}) => {
    const content = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
    const isData = typeof content === 'string' || ArrayBuffer.isView(content);
    const id = ++attached;
    let at = 0;
    for (; isData && content.length - at > PIECE; at += PIECE) await request('attachPiece', id, content.slice(at, at + PIECE));
    return request('attach', name, isData ? content.slice(at) : content, { type }, id);
  };

  const failed = (error) => {
    const stack = typeof error?.stack === 'string' ? error.stack : '';
    const at = stack.indexOf(file + ':');
    const place = at < 0 ? null : /^:(\d{1,9}):(\d{1,9})/.exec(stack.slice(at + file.length));
    const code = typeof error?.code === 'string' ? error.code.slice(0, 64) : null;
    const message = (typeof error?.message === 'string' ? error.message : textOf(error)).slice(0, 4000);
    const line = place === null ? null : Number(place[1]) || null;
    const column = place === null ? null : Number(place[2]) || null;
    post({ kind: 'failed', error: { code, message, line, column } });
  };

  return {
    failed,
    refusal: (specifier) =>
      Object.assign(new Error(${JSON.stringify(REFUSED_IMPORT)} + specifier), { code: 'recipe-invalid' }),
    begin(text) {
      scriptRequest = parse(text);
      file = scriptRequest.file;
    },
    async run(body) {
      try {
        if (typeof body !== 'function')
          throw Object.assign(new Error('has no default export made by defineScript'), { code: 'recipe-invalid' });
        await body(api(scriptRequest));
        post({ kind: 'done' });
      } catch (error) {
        failed(error);
      }
    },
    receive(text) {
      const { id, value, fault } = parse(text);
      const call = waiting.get(id);
      waiting.delete(id);
      if (fault === undefined) {
        // JSON turns a group without a match into null.
        if (Array.isArray(value?.captures)) value.captures = value.captures.map((one) => one ?? undefined);
        if (value?.payload !== undefined) value.payload = bytesOf(value.payload);
        call?.resolve(bytesOf(value));
      } else call?.reject(Object.assign(new Error(fault.message), { code: fault.code, fault, stack: call.at.stack }));
    },
  };
})`;
