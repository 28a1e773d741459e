import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

/** Of `npm test -- --cost`: the file to which each test file appends what it has cost. */
const TO = process.env['GONGWEI_TEST_COST'] ?? '';
const TICKS_A_SECOND = 100;

/** The fields of /proc/PID/stat behind the name of the program (proc_pid_stat(5)). */
const [PARENT, OWN_USER, OWN_SYSTEM, WAITED_USER, WAITED_SYSTEM] = [1, 11, 12, 13, 14];

/** The processor time of this process and of those that it has started, browsers too, in seconds. */
function processorSeconds(): number {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let stat: string;
    try {
      stat = readFileSync(join('/proc', pid, 'stat'), 'latin1');
    } catch {
      continue; // It has ended.
    }
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field] ?? 0;
    children.set(at(PARENT), [...(children.get(at(PARENT)) ?? []), Number(pid)]);
    ticks.set(Number(pid), at(OWN_USER) + at(OWN_SYSTEM) + at(WAITED_USER) + at(WAITED_SYSTEM));
  }
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((all, child) => all + sum(child), ticks.get(pid) ?? 0);
  return sum(process.pid) / TICKS_A_SECOND;
}

const before = processorSeconds();
const startedMs = performance.now();
afterAll(() => {
  const cost = {
    file: expect.getState().testPath,
    processorS: processorSeconds() - before,
    elapsedS: (performance.now() - startedMs) / 1000,
  };
  appendFileSync(TO, `${JSON.stringify(cost)}\n`);
});
