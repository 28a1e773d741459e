import { spawn } from 'node:child_process';

/**
 * Runs a program and keeps its words to itself; the caller shows them when it failed.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void }} [options]
 * @returns {Promise<{ status: number, output: string }>} status 127 when the program is not there
 */
export function runQuietly(file, args, { onStart, ...options } = {}) {
  return new Promise((resolve) => {
    /** @type {string[]} */
    const chunks = [];
    const child = spawn(file, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    if (child.pid !== undefined) onStart?.(child.pid);
    child.stdout.setEncoding('utf8').on('data', (text) => chunks.push(text));
    child.stderr.setEncoding('utf8').on('data', (text) => chunks.push(text));
    child.on('error', (error) => resolve({ status: 127, output: `${error.message}\n` }));
    child.on('close', (code) => resolve({ status: code ?? 1, output: chunks.join('') }));
  });
}
