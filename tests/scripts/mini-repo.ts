import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const SCRIPTS = join(import.meta.dirname, '../../scripts');

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A repository with the real `scripts/`, and stand-ins for what they start: `npm`, `apt-get` and `sudo` are shell
 * scripts that write down what they were asked, the command line is a few lines of JavaScript.
 */
export interface MiniRepo extends Disposable {
  readonly dir: string;
  write(path: string, text: string, mode?: number): void;
  has(path: string): boolean;
  read(path: string): string;
  /** Replaces a program on PATH. */
  program(name: string, script: string): void;
  /** Starts `node scripts/run.mjs …`; `inPlace: false` takes away Node's way to replace itself. */
  start(args: readonly string[], options?: StartOptions): ChildProcess;
  run(args: readonly string[], options?: StartOptions): Promise<Ended>;
}

export interface StartOptions {
  readonly inPlace?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

const CLI = `
const [what, ...rest] = process.argv.slice(2);
const { UV_USE_IO_URING: ioUring, UV_THREADPOOL_SIZE: threads } = process.env;
if (what === 'exit') process.exit(Number(rest[0]));
if (what === 'die') process.kill(process.pid, rest[0]);
if (what === 'wait') {
  process.on('SIGTERM', () => { console.log('told'); process.exit(5); });
  console.log(JSON.stringify({ pid: process.pid }));
  setInterval(() => undefined, 1000);
} else console.log(JSON.stringify({ args: process.argv.slice(2), ioUring, threads, cwd: process.cwd(), pid: process.pid, flags: process.execArgv }));
`;

/** What npm does, as far as set-up looks at it: afterwards the pinned Node is there. */
export const GOOD_NPM = `
echo "$@" >> "$REPO/npm.log"; env | grep -E '^(ELECTRON_SKIP|NODE_ENV|npm_config_omit)' >> "$REPO/npm.env"; echo "npm says hello"
rm -rf "$REPO/node_modules"; sleep 0.3; mkdir -p "$REPO/node_modules/node/bin"; ln -s "$REAL_NODE" "$REPO/node_modules/node/bin/node"`;

export function plantMiniRepo(): MiniRepo {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-scripts-'));
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), mode);
  };
  const program = (name: string, script: string): void =>
    write(`bin/${name}`, `#!/bin/sh\n${script}\n`, 0o755);
  cpSync(SCRIPTS, join(dir, 'scripts'), { recursive: true });
  write('package.json', '{ "name": "mini", "type": "module" }');
  write('package-lock.json', '{ "packages": { "": {}, "node_modules/node": { "version": "1.0.0" } } }');
  write('cli/main.ts', CLI);
  program('npm', GOOD_NPM);

  const start = (args: readonly string[], { inPlace = true, env = {} }: StartOptions = {}): ChildProcess => {
    const preload = inPlace ? [] : ['--import', 'data:text/javascript,process.execve=undefined'];
    return spawn(process.execPath, [...preload, join(dir, 'scripts/run.mjs'), ...args], {
      cwd: dir,
      env: {
        ...process.env,
        PATH: [join(dir, 'bin'), '/usr/bin', '/bin'].join(delimiter),
        REPO: dir,
        REAL_NODE: process.execPath,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  return {
    dir,
    write,
    program,
    start,
    has: (path) => existsSync(join(dir, path)),
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    run: (args, options) => ended(start(args, options)),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
