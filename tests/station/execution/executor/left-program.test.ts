import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isProcessAlive } from '#node-kit/process/index.ts';
import { beginRun, openSampleStore } from '../../../kit/sample-rows.ts';
import { openStation } from '../../../kit/station.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const PROCESS_KIT = new URL('../../../../node-kit/process/index.ts', import.meta.url).href;
const PROGRAM = `require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);`;

// Other systems do not show the environment of a process.
it.runIf(process.platform === 'linux')(
  'a program that a killed station left in a unit is ended by its next start, and no other program',
  async () => {
    using dir = tempDir('left-program');
    const dataDir = join(dir.path, 'station');
    const database = openSampleStore(dataDir);
    beginRun(database, 'run-left', 'SN000001');
    database.close();
    /** Starts a program as the station does, and kills the process that started it; resolves to the pid of the program. */
    const leave = async (mark: string): Promise<number> => {
      using folder = tempDir('left-program');
      const options = `{ cwd: ${JSON.stringify(folder.path)}, env: {}, onLine() {}, signal: new AbortController().signal, mark: '${mark}' }`;
      const source = `const { runProgram } = await import('${PROCESS_KIT}');
        await runProgram(process.execPath, ['-e', ${JSON.stringify(PROGRAM)}], ${options});`;
      const starter = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' });
      const file = join(folder.path, 'pid');
      await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 'the program');
      const pid = Number(readFileSync(file, 'utf8'));
      starter.kill('SIGKILL');
      await once(starter, 'exit');
      return pid;
    };
    const [left, foreign] = [await leave('run-left'), await leave('run-of-another-station')];
    try {
      expect([left, foreign].map(isProcessAlive)).toEqual([true, true]);
      const station = await openStation(dataDir);
      await station.close();
      await until(() => !isProcessAlive(left), 'the end of the program');
      expect(isProcessAlive(foreign)).toBe(true);
    } finally {
      process.kill(foreign, 'SIGKILL');
    }
  },
);
