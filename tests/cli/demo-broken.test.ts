import { describe, expect, it } from 'vitest';
import { LONG } from '../support/depth.ts';
import { inTurn, TURN } from '../support/rotation.ts';
import { tempDir } from '../support/temp-dir.ts';
import { holdTerminalsOf } from '../support/hold-terminals.ts';
import { argumentsOf, childrenOf } from '../support/processes.ts';
import { startCommand } from '../kit/command-line.ts';

/** Both end in the same way (cli/sample-line/cli-process.ts), and a demo is four processes: `npm test` takes one in turn. */
const CHILDREN: [[word: string, name: string], ...[string, string][]] = [
  ['at-module', 'sim units'],
  ['registry', 'registry serve'],
];

/** A demo starts three more processes, one after the other, and a run; some demos start at once here. */
const UP_WITHIN_MS = 120_000;

/** A process whose parent this is and whose command line has the word. */
function childOf(pid: number, word: string): number {
  const pids = childrenOf(pid);
  const found = pids.find((child) => argumentsOf(child).includes(word));
  if (found === undefined) throw new Error(`no ${word} among ${pids.join(' ')}`);
  return found;
}

// Who the demo's processes are is asked of /proc.
describe.runIf(process.platform === 'linux').concurrent('a demo', () => {
  it.each(LONG ? CHILDREN : [inTurn(CHILDREN, TURN)])(
    'whose %s dies ends with one line about it',
    async (word, name) => {
      using dir = tempDir('demo-broken');
      await using demo = startCommand(['demo', '--units', '3', '--slots', '2', '--data', dir.path, '--json']);
      await demo.event('run.phase', () => true, UP_WITHIN_MS);
      using _ = holdTerminalsOf(childOf(demo.pid, 'at-module'));
      process.kill(childOf(demo.pid, word), 'SIGKILL');
      const { status, events } = await demo.ended;
      expect(events.at(-1)).toMatchObject({
        event: 'error',
        code: 'tool-missing',
        message: `"${name}" ended by SIGKILL: it printed no message`,
      });
      expect(events.filter(({ event }) => event === 'error')).toHaveLength(1);
      expect(status).toBe(3);
    },
  );

  it('that is stopped reports this, and that nothing was lost', async () => {
    using dir = tempDir('demo-stopped');
    await using demo = startCommand(['demo', '--units', '3', '--slots', '2', '--data', dir.path, '--json']);
    await demo.event('run.phase', () => true, UP_WITHIN_MS);
    using _ = holdTerminalsOf(childOf(demo.pid, 'at-module'));
    // Ctrl-C reaches every process of a terminal.
    process.kill(childOf(demo.pid, 'at-module'), 'SIGINT');
    demo.signal('SIGINT');
    const { status, events } = await demo.ended;
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'cancelled' });
    expect(status).toBe(1);
  });
});
