import { SCRIPT_REALM } from './script-realm.ts';

/**
 * The first thing in the process of a script: takes away whatever reaches out of it. It is the second wall, behind the
 * script's own realm, for the case that a script gets into Node's: no module can be had any more, by any way, and no
 * global is left but those of the language.
 */
export const CLOSE_NODE = String.raw`
import { readSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { constants, createContext, Script, SourceTextModule } from 'node:vm';

const host = globalThis.process;
const later = globalThis.setImmediate;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const realm = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
registerHooks({
  resolve(specifier) {
    throw new Error(specifier + ' is not there: a script has no modules');
  },
});
{
  const gone = (of, name) => {
    if (!Reflect.deleteProperty(of, name) || name in of)
      Reflect.defineProperty(of, name, { value: undefined, writable: false, configurable: false });
  };
  const language = new Set(Reflect.ownKeys(realm));
  for (const name of Reflect.ownKeys(globalThis)) if (!language.has(name)) gone(globalThis, name);
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'Intl']) gone(globalThis, name);
  for (const name of [
    '_debugEnd', '_debugProcess', '_getActiveHandles', '_getActiveRequests', '_kill', '_linkedBinding',
    '_startProfilerIdleNotifier', '_stopProfilerIdleNotifier', 'abort', 'binding', 'chdir', 'channel', 'disconnect',
    'dlopen', 'execve', 'getBuiltinModule', 'initgroups', 'kill', 'loadEnvFile', 'mainModule', 'openStdin', 'report',
    'send', 'setegid', 'seteuid', 'setgid', 'setgroups', 'setuid', 'stderr', 'stdin', 'stdout', 'umask',
  ])
    gone(host, name);

  // Nobody reads warnings, and making one is no longer possible below.
  host.emitWarning = () => undefined;

  // An error that is thrown where the stack ends comes from Node's realm, and from it its language can be reached.
  const frozen = new Set([globalThis]);
  const freeze = (value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || frozen.has(value)) return;
    frozen.add(value);
    Object.freeze(value);
    freeze(Reflect.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      freeze(held);
      freeze(get);
      freeze(set);
    }
  };
  for (const name of language) if (name !== 'globalThis') freeze(globalThis[name]);
  // What has no name: iterators, and what makes functions of other kinds.
  const iterators = [[].values(), new Map().keys(), new Set().keys(), ''[Symbol.iterator](), ''.matchAll(/x/g)];
  for (const it of iterators) freeze(Reflect.getPrototypeOf(it));
  for (const it of [Iterator.from({ next() {} }), [].values().map(String)])
    freeze(Reflect.getPrototypeOf(it));
  for (const it of [async () => 0, function* () {}, async function* () {}]) freeze(Reflect.getPrototypeOf(it));
}
`;

/**
 * What runs in the process of a script, as the text that is sent there: it stands alone, and no bundler may touch it. It
 * reads one JSON text a line, the order first, then answers, and writes one a line: calls, output, the end. It reads and
 * writes by waiting: a station that does not read on stops the script.
 */
export const SCRIPT_RUNTIME = `${CLOSE_NODE}
const REALM = ${JSON.stringify(SCRIPT_REALM)};
${String.raw`
const bridge = (text) => {
  let bytes = encoder.encode(text + '\n');
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
};
const inside = new Script(REALM, { filename: 'gongwei' }).runInContext(realm)(bridge);
const { begin, failed, hear, refusal, run } = inside;
host.on('unhandledRejection', failed);
host.on('uncaughtException', failed);

const chunk = new Uint8Array(65536);
let rest = '';
let begun = false;
function turn() {
  let length = 0;
  try {
    length = readSync(0, chunk);
  } catch (error) {
    if (error.code === 'EAGAIN') return later(turn);
  }
  // Nobody is there any more.
  if (length === 0) return host.exit(0);
  const lines = (rest + decoder.decode(chunk.subarray(0, length), { stream: true })).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    if (begun) hear(line);
    else {
      begun = true;
      void start(line);
    }
  }
  later(turn);
}

async function start(line) {
  const { file, code } = JSON.parse(line);
  begin(line);
  const options = {
    context: realm,
    importModuleDynamically(specifier) {
      throw refusal(specifier);
    },
  };
  let script;
  try {
    const api = new SourceTextModule('export const defineScript = (body) => body;', { ...options, identifier: 'gongwei/script' });
    script = new SourceTextModule(code, { ...options, identifier: file });
    await script.link((specifier) => {
      if (specifier === 'gongwei/script') return api;
      throw refusal(specifier);
    });
  } catch (error) {
    // Nothing of the script has run yet.
    const place = /:(\d+)\n/.exec(String(error?.stack));
    const message = String(error?.message).slice(0, 4000);
    return bridge(JSON.stringify({
      kind: 'failed',
      error: { code: 'recipe-invalid', message, line: place === null ? null : Number(place[1]), column: null },
    }));
  }
  try {
    await script.evaluate();
  } catch (error) {
    return failed(error);
  }
  run(script.namespace.default);
}
turn();
`}`;
