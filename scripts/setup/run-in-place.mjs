import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ancestors, ANCESTORS_VARIABLE } from './ancestors.mjs';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * For every Node that runs this program: without the first flag another program of this user opens Node's inspector in it
 * with a signal; without the second some versions of Node print warnings of their own between the program's words.
 */
export const NODE_FLAGS = /** @type {const} */ ([
  '--disable-sigusr1',
  '--disable-warning=ExperimentalWarning',
]);

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGQUIT']);

/**
 * Becomes another program: same stdio, same signals, same exit status. Where Node can replace itself (POSIX, since
 * 22.15) it does, so that even `kill -9` reaches the right process; elsewhere a child is run and imitated.
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
      // Ctrl-C on a terminal goes to the whole foreground group: the child has it already.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`gongwei: cannot start ${file}: ${error.message}\n`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ends by the same signal, so that the caller sees what happened to the step.
    for (const name of FORWARDED) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 1000);
  });
}
