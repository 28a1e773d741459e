import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ancestors, ANCESTORS_VARIABLE } from './ancestors.mjs';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Flags of every Node process of this program. Without the first, another program of this user can open Node's inspector
 * with a signal. Without the second, some versions of Node print warnings into the program's output.
 */
export const NODE_FLAGS = /** @type {const} */ ([
  '--disable-sigusr1',
  '--disable-warning=ExperimentalWarning',
]);

/**
 * Environment of every process that opens serial ports. Node reads both variables when it starts.
 *
 * - With io_uring a port that was just closed cannot be locked again (node-serialport issue 2735).
 * - A write to a port that takes no bytes (flow control) holds a thread of the pool until a flush, which needs a thread too.
 *   The 4 threads of the default are held by 4 such ports. A station has up to 16 slots, a few ports each.
 */
export const NODE_VARIABLES = /** @type {const} */ ({ UV_USE_IO_URING: '0', UV_THREADPOOL_SIZE: '64' });

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGQUIT']);

/**
 * Replaces this process by another program with the same stdio, signals and exit status. Where Node can execute a program
 * in place (POSIX, since 22.15) it does so, and even `kill -9` reaches the program; elsewhere a child process is run.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd: string }} options
 * @returns {void}
 */
export function runInPlace(file, args, { env, cwd }) {
  const vars = /** @type {NodeJS.ProcessEnv} */ (
    Object.fromEntries(Object.entries({ ...env, PWD: cwd }).filter(([, value]) => value !== undefined))
  );
  const becomes = typeof process.execve === 'function' && process.platform !== 'win32';
  vars[ANCESTORS_VARIABLE] = ancestors(becomes ? 0 : process.pid, env);
  if (becomes) {
    process.chdir(cwd);
    process.execve?.(file, [file, ...args], vars);
  }
  const child = spawn(file, args, { cwd, env: vars, stdio: 'inherit' });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // Ctrl-C on a terminal goes to the whole foreground group, so that the child has received it already.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      // On Windows all programs of a console get the event, and a signal to another process kills it at once.
      if (process.platform === 'win32') return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`gongwei: cannot start ${file}: ${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // This process ends by the same signal, so that the caller sees the cause.
    for (const name of FORWARDED) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 1000);
  });
}
