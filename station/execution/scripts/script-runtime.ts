import { SCRIPT_REALM } from './script-realm.ts';

/**
 * The beginning of the program of a script's process: removes everything that reaches out of it. It is the second barrier,
 * for a script that has escaped from its own realm into Node's: modules cannot be loaded any more, and the globals are those
 * of the language.
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

  // Node cannot make warnings any more once the next lines have run.
  host.emitWarning = () => undefined;

  // An error of a stack overflow belongs to Node's realm, and gives access to its language.
  const frozen = new Set([globalThis]);
  const freeze = (value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || frozen.has(value)) return;
    frozen.add(value);
    Object.freeze(value);
    freeze(Reflect.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const { value: inner, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      freeze(inner);
      freeze(get);
      freeze(set);
    }
  };
  for (const name of language) if (name !== 'globalThis') freeze(globalThis[name]);
  // Prototypes without a global name: those of iterators and of asynchronous and generator functions.
  const iterators = [[].values(), new Map().keys(), new Set().keys(), ''[Symbol.iterator](), ''.matchAll(/x/g)];
  for (const it of iterators) freeze(Reflect.getPrototypeOf(it));
  for (const it of [Iterator.from({ next() {} }), [].values().map(String)])
    freeze(Reflect.getPrototypeOf(it));
  for (const it of [async () => 0, function* () {}, async function* () {}]) freeze(Reflect.getPrototypeOf(it));
}
`;

/**
 * Program of the process of a script, as source text: it imports nothing but Node, and no bundler may change it. It reads
 * lines of JSON: the request, then answers. It writes lines of JSON: calls, output, the end. It reads and writes
 * synchronously, so that a station that does not read pauses the script.
 */
export const SCRIPT_RUNTIME = `${CLOSE_NODE}
const REALM = ${JSON.stringify(SCRIPT_REALM)};
${String.raw`
const bridge = (text) => {
  let bytes = encoder.encode(text + '\n');
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
};
const inside = new Script(REALM, { filename: 'gongwei' }).runInContext(realm)(bridge);
const { begin, failed, receive, refusal, run } = inside;
host.on('unhandledRejection', failed);
host.on('uncaughtException', failed);

const chunk = new Uint8Array(65536);
let rest = '';
let begun = false;
function readNext() {
  let length = 0;
  try {
    length = readSync(0, chunk);
  } catch (error) {
    if (error.code === 'EAGAIN') return later(readNext);
  }
  // The station has closed the pipe.
  if (length === 0) return host.exit(0);
  const lines = (rest + decoder.decode(chunk.subarray(0, length), { stream: true })).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    if (begun) receive(line);
    else {
      begun = true;
      void start(line);
    }
  }
  later(readNext);
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
    const position = /:(\d+)\n/.exec(String(error?.stack));
    const message = String(error?.message).slice(0, 4000);
    return bridge(JSON.stringify({
      kind: 'failed',
      error: { code: 'recipe-invalid', message, line: position === null ? null : Number(position[1]), column: null },
    }));
  }
  try {
    await script.evaluate();
  } catch (error) {
    return failed(error);
  }
  run(script.namespace.default);
}
readNext();
`}`;
