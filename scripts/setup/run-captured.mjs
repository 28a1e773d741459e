import { spawn } from 'node:child_process';
import { windowsCommandLine } from './windows-command.mjs';

/**
 * Runs a program and collects its output, which the caller prints on failure.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void }} [options]
 * @returns {Promise<{ status: number, output: string }>} status 127 when the program does not exist
 */
export function runCaptured(file, args, { onStart, ...options } = {}) {
  return new Promise((resolve) => {
    /** @type {string[]} */
    const chunks = [];
    /** @type {{ stdio: ['ignore', 'pipe', 'pipe'] }} */
    const stdio = { stdio: ['ignore', 'pipe', 'pipe'] };
    const child =
      process.platform === 'win32'
        ? spawn(windowsCommandLine(file, args), { ...options, ...stdio, shell: true })
        : spawn(file, args, { ...options, ...stdio });
    if (child.pid !== undefined) onStart?.(child.pid);
    child.stdout.setEncoding('utf8').on('data', (text) => chunks.push(text));
    child.stderr.setEncoding('utf8').on('data', (text) => chunks.push(text));
    child.on('error', (error) => resolve({ status: 127, output: `${error.message}\n` }));
    child.on('close', (code) => resolve({ status: code ?? 1, output: chunks.join('') }));
  });
}
