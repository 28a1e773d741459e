import { execFile } from 'node:child_process';
import { builtinModules } from 'node:module';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Scripts,
  findScriptSandbox,
  type ScriptSandbox,
  RESTRICTIONS,
} from '../../../../station/execution/scripts/index.ts';
import { CLOSE_NODE } from '../../../../station/execution/scripts/script-runtime.ts';
import { startScript } from '../../../../station/execution/scripts/start-script.ts';
import { soon } from '../../../support/patience.ts';

/** With and without the prefix; and those that Node lists nowhere. */
const MODULES = [
  ...new Set(
    [
      ...builtinModules,
      'node:sea',
      'node:sqlite',
      'node:test',
      'node:test/reporters',
      'node:quic',
      'internal/process',
    ]
      .map((name) => name.replace(/^node:/, ''))
      .flatMap((name) => [name, `node:${name}`]),
  ),
];
const NONE = '[]';

let dir: string;
let sandbox: ScriptSandbox;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'gongwei-script-'));
  writeFileSync(join(dir, 'secret'), 'IyXmUW5sU/q1vnb5yzTkeQ==', { mode: 0o666 });
  sandbox = await findScriptSandbox(process.execPath, process.platform, dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What a script says of itself: `body` gives a value. */
async function told(body: string): Promise<unknown> {
  let said: unknown;
  const source = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ log, device }: any) => {
const it = await (async () => { ${body} })();
await log(JSON.stringify(it) ?? 'nothing');
});`;
  await new Scripts(dir).run(
    {
      file: 'own.ts',
      bytes: new TextEncoder().encode(source),
      options: {},
      unit: {},
    },
    {
      log: () => undefined,
      stepsTaken: () => 0,
      busy: () => ({ [Symbol.dispose]: () => undefined }),
      perform: ({ args }) => Promise.resolve((said = args[0])),
    },
    soon(),
  );
  return JSON.parse(String(said));
}

/** What a program says that has got into Node's own realm, with `before` run first. */
async function toldByNode(before: string, body: string): Promise<unknown> {
  const child = startScript(
    sandbox,
    `${before}
import { writeSync as say } from 'node:fs';
say(1, JSON.stringify(await (async () => { ${body} })()));`,
  );
  const [said, words] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(words).toBe('');
  return JSON.parse(said);
}

describe('a script', () => {
  it('can import none of the modules of Node, by any name', async () => {
    expect(MODULES.length).toBeGreaterThan(140);
    const opened = await told(`const opened = [];
for (const name of ${JSON.stringify(MODULES)})
  await import(name).then(() => opened.push(name), (error) => { if (!/can import gongwei.script only/.test(error.message)) opened.push(error.message); });
return opened;`);
    expect(JSON.stringify(opened)).toBe(NONE);
  });

  it('cannot name one at its head either', async () => {
    const source = `import { DatabaseSync } from 'node:sqlite';\nexport default () => DatabaseSync;`;
    const ran = new Scripts(dir).run(
      { file: 'own.ts', bytes: new TextEncoder().encode(source), options: {}, unit: {} },
      {
        log: () => undefined,
        stepsTaken: () => 0,
        busy: () => ({ [Symbol.dispose]: () => undefined }),
        perform: () => Promise.resolve(),
      },
      soon(),
    );
    await expect(ran).rejects.toMatchObject({ code: 'recipe-invalid', message: /node:sqlite is not there/ });
  });

  it('has the globals of the language, three that reach only the station, and no other', async () => {
    const names = await told(
      'return Reflect.ownKeys(globalThis).filter((key) => typeof key === "string").sort();',
    );
    expect(names).toEqual(LANGUAGE.toSorted());
  });

  it('makes no code from text', async () => {
    const made =
      await told(`const ways = [eval, Function, (async () => {}).constructor, (function* () {}).constructor];
return ways.map((way) => { try { return typeof way('1') === 'number' ? 'made' : 'made'; } catch (error) { return error.name; } });`);
    expect(made).toEqual(['EvalError', 'EvalError', 'EvalError', 'EvalError']);
  });

  it('gets hold of nothing but frozen parts of the language from the realm of Node, wherever its stack ends', async () => {
    const { found, open } = (await told(`const found = [];
const foreign = (value) => value !== null && typeof value === 'object' && !(value instanceof Error);
const keep = (error) => void (foreign(error) && found.push(error));
let tries = 0;
const attempt = (work) => { try { work().catch(keep); } catch (error) { keep(error); } };
const deep = () => {
  try { deep(); } catch (error) {
    keep(error);
    if (tries++ < 150) { attempt(() => import('node:fs')); attempt(() => device.send('x')); }
    throw error;
  }
};
try { deep(); } catch {}
await device.send('y');
const open = [];
const seen = new Set(found);
const look = (value, where) => {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
  seen.add(value);
  if (!Object.isFrozen(value)) open.push(where);
  look(Reflect.getPrototypeOf(value), where + '^');
  for (const key of Reflect.ownKeys(value)) {
    const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
    for (const part of [held, get, set]) look(part, where + '.' + String(key));
  }
};
const { getPrototypeOf } = Reflect;
for (const error of found) {
  look(getPrototypeOf(error), 'error');
  const functions = getPrototypeOf(getPrototypeOf(error.constructor));
  try {
    functions.constructor('return 1')();
    open.push('code from text');
  } catch {}
  const entries = getPrototypeOf(functions).constructor.entries({ a: 1 });
  look(getPrototypeOf(entries), 'array');
  look(getPrototypeOf(entries[Symbol.iterator]()), 'iterator');
}
return { found: found.length, open: [...new Set(open)] };`)) as {
      found: number;
      open: string[];
    };
    // If none comes any more, V8 has changed, and this test looks at nothing.
    expect(found).toBeGreaterThan(0);
    expect(open).toEqual([]);
  });

  it('gets hold of nothing of the realm of Node', async () => {
    const foreign = await told(`const foreign = [];
const seen = new Set();
const look = (value, where) => {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
  seen.add(value);
  let root = value;
  for (let next; (next = Reflect.getPrototypeOf(root)) !== null; ) root = next;
  if (root !== Object.prototype && Reflect.getPrototypeOf(value) !== null) foreign.push(where);
  if (typeof value === 'function' && value !== Function.prototype && !(value instanceof Function)) foreign.push(where);
  for (const key of Reflect.ownKeys(value)) {
    const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
    for (const part of [held, get, set]) look(part, where + '.' + String(key));
  }
};
const promise = import('node:fs');
look(promise, 'import');
await promise.catch((error) => look(error, 'refusal'));
look(globalThis, 'global');
look(device, 'device');
look(import.meta, 'meta');
Error.prepareStackTrace = (_error, frames) => {
  look(frames, 'frames');
  for (const frame of frames) {
    look(frame.getThis(), 'this');
    look(frame.getFunction(), 'function');
  }
  return '';
};
Error.stackTraceLimit = 100;
new Error('x').stack;
const deep = () => { try { deep(); } catch (error) { look(error, 'overflow'); device.send('x').catch(() => 0); throw error; } };
try { deep(); } catch (error) { look(error, 'overflow'); }
for (const name of ['then', 'domain', 'toJSON', 'code', 'kind'])
  Object.defineProperty(Object.prototype, name, { get() { look(this, name); return undefined; }, configurable: true });
await device.send('y');
for (const name of ['then', 'domain', 'toJSON', 'code', 'kind']) delete Object.prototype[name];
return [...new Set(foreign)];`);
    expect(foreign).toEqual([]);
  });
});

describe('behind its realm, in that of Node', () => {
  it('no module is to be had, no process, no global but those of the language', async () => {
    const found = await toldByNode(
      `import { createRequire } from 'node:module';\n${CLOSE_NODE}`,
      `const found = [];
const require = createRequire('/x.js');
for (const name of ${JSON.stringify(MODULES)}) {
  await import(name).then(() => found.push('import ' + name), () => undefined);
  try { require(name); found.push('require ' + name); } catch {}
}
const reaching = ['binding', '_linkedBinding', 'dlopen', 'getBuiltinModule', 'kill', '_kill', '_debugProcess', 'execve', 'setuid', 'stdout'];
for (const name of reaching) if (host[name] !== undefined) found.push('process ' + name);
for (const name of Reflect.ownKeys(globalThis))
  if (!${JSON.stringify([...LANGUAGE, 'Symbol(Symbol.toStringTag)'])}.includes(String(name)) && globalThis[name] !== undefined) found.push('global ' + String(name));
return found;`,
    );
    expect(found).toEqual([]);
  });

  it('and behind that the flags of Node deny files, processes, threads, databases, add-ons and inspectors', async () => {
    const secret = JSON.stringify(join(dir, 'secret'));
    const written = join(dir, 'written');
    const got = await toldByNode(
      '',
      `const got = [];
const attempts = {
  read: async () => (await import('node:fs')).readFileSync(${secret}),
  write: async () => (await import('node:fs')).writeFileSync(${JSON.stringify(written)}, 'x'),
  sqlite: () => import('node:sqlite'),
  builtinSqlite: () => { const it = process.getBuiltinModule('node:sqlite'); if (it === undefined) throw 1; },
  spawn: async () => { const { status } = (await import('node:child_process')).spawnSync('/bin/true'); if (status !== 0) throw 1; },
  thread: async () => new (await import('node:worker_threads')).Worker('1', { eval: true }),
  inspector: async () => (await import('node:inspector')).open(0),
  wasi: async () => new (await import('node:wasi')).WASI({ version: 'preview1' }),
  addon: async () => process.dlopen({ exports: {} }, ${secret}),
  openFile: async () => {
    const { fstatSync } = await import('node:fs');
    for (let fd = 0; fd < 64; fd++) try { if (fstatSync(fd).isFile()) return; } catch {}
    throw 1;
  },
};
for (const [name, attempt] of Object.entries(attempts)) try { await attempt(); got.push(name); } catch {}
return got;`,
    );
    expect(got).toEqual([]);
    expect(existsSync(written)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'and the sandbox of this system alone denies what it says',
    async () => {
      const server = createServer((socket) => socket.end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const [file = '', ...args] = [...sandbox.command, process.execPath, '--input-type=module', '-e'];
        const program = `import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
const reached = [];
const is = (name, yes) => { if (yes) reached.push(name); };
const can = (work) => { try { return work(); } catch { return false; } };
is('network', await new Promise((resolve) => connect(${port}, '127.0.0.1').on('connect', () => resolve(true)).on('error', () => resolve(false))));
is('processes', process.ppid === ${process.pid} || [${process.pid}, process.ppid || 4194303].some((pid) => can(() => process.kill(pid, 0))));
is('files', can(() => readFileSync(${JSON.stringify(join(dir, 'secret'))})) || can(() => readdirSync('/proc/${process.pid}')));
is('user', process.getuid() === ${process.getuid?.() ?? 0});
is('privileges', !/NoNewPrivs:\\t1/.test(readFileSync('/proc/self/status', 'utf8')));
is('limits', !/Max core file size +0/.test(readFileSync('/proc/self/limits', 'utf8')));
process.stdout.write(JSON.stringify(reached));`;
        const { stdout } = await promisify(execFile)(file, [...args, program], { cwd: '/' });
        const reached: unknown = JSON.parse(stdout);
        const open = RESTRICTIONS.filter((wall) => !sandbox.restrictions.includes(wall));
        expect(reached).toEqual(open);
      } finally {
        server.close();
      }
    },
  );

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('root of Linux has every wall', () => {
    expect(sandbox.restrictions.toSorted()).toEqual(RESTRICTIONS.toSorted());
  });

  it('a system without a sandbox has no restrictions and starts scripts all the same', async () => {
    expect(await findScriptSandbox(process.execPath, 'win32', dir)).toEqual({
      restrictions: [],
      command: [],
    });
  });
});

/** The language as ECMA-262 and ECMA-402 name it, and what a script gets besides. */
const LANGUAGE = [
  ...[
    'AggregateError',
    'Array',
    'ArrayBuffer',
    'AsyncDisposableStack',
    'BigInt',
    'BigInt64Array',
    'BigUint64Array',
  ],
  ...[
    'Boolean',
    'DataView',
    'Date',
    'DisposableStack',
    'Error',
    'EvalError',
    'FinalizationRegistry',
    'Float16Array',
  ],
  ...[
    'Float32Array',
    'Float64Array',
    'Function',
    'Infinity',
    'Int16Array',
    'Int32Array',
    'Int8Array',
    'Intl',
  ],
  ...['Iterator', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError'],
  ...[
    'ReferenceError',
    'Reflect',
    'RegExp',
    'Set',
    'String',
    'SuppressedError',
    'Symbol',
    'SyntaxError',
    'TypeError',
  ],
  ...[
    'URIError',
    'Uint16Array',
    'Uint32Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'WeakMap',
    'WeakRef',
    'WeakSet',
  ],
  ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'globalThis'],
  ...['isFinite', 'isNaN', 'parseFloat', 'parseInt', 'undefined', 'unescape'],
  ...['clearTimeout', 'console', 'setTimeout'],
];
