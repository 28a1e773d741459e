/**
 * Who started this program and is to be outlived by nothing of it: the process before this one and, where npm came in
 * between by a shell, npm itself. `kill` of npm ends its shell and not what that runs; `kill -9` of npm ends neither.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The variable that tells `cli/watch-ancestors.ts`: process numbers, separated by commas. */
export const ANCESTORS_VARIABLE = 'GONGWEI_ANCESTORS';

/**
 * @param {number} self this process, where it stays and runs the program as a child; 0 where it becomes the program
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function ancestors(self = 0, env = process.env) {
  const byNpm = env['npm_lifecycle_event'] !== undefined || env['npm_command'] === 'exec';
  // A step may start another: those who started the first one count for all of them.
  const all = (env[ANCESTORS_VARIABLE] ?? '').split(',').map(Number);
  if (self !== 0) all.push(self);
  // Without npm whoever started it may leave it on purpose, as a shell does with `nohup` or a service with a fork.
  if (byNpm) all.push(process.ppid, parentOf(process.ppid));
  return [...new Set(all)].filter((pid) => pid > 1).join(',');
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    if (process.platform === 'linux') {
      // The name in parentheses may hold anything, parentheses too.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
    if (process.platform === 'win32') return 0;
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'latin1' }));
  } catch {
    return 0;
  }
}
