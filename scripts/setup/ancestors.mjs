/**
 * The ancestor processes with which this program must end: the parent process and, when npm started it through a shell,
 * npm itself. `kill` of npm ends its shell but not the program; `kill -9` of npm ends neither.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The variable for `cli/watch-ancestors.ts`: process ids, separated by commas. */
export const ANCESTORS_VARIABLE = 'GONGWEI_ANCESTORS';

/**
 * @param {number} self the id of this process if it runs the program as a child; 0 if it is replaced by the program
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function ancestors(self = 0, env = process.env) {
  const byNpm = env['npm_lifecycle_event'] !== undefined || env['npm_command'] === 'exec';
  // A step may start another one. The ancestors of the first one apply to all of them.
  const all = (env[ANCESTORS_VARIABLE] ?? '').split(',').map(Number);
  if (self !== 0) all.push(self);
  // Without npm the parent may end on purpose before the program, as with `nohup` or a forking service.
  if (byNpm) all.push(process.ppid, parentOf(process.ppid));
  return [...new Set(all)].filter((pid) => pid > 1).join(',');
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    if (process.platform === 'linux') {
      // The name in parentheses may contain any characters, including parentheses.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }
    if (process.platform === 'win32') return 0;
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'latin1' }));
  } catch {
    return 0;
  }
}
