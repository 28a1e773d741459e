import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findRecording, STATION_ITSELF, type RunResult } from '#station';
import { readRecording } from '../../../../station/execution/recording/index.ts';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { replayRun } from '../../../../station/execution/replay/index.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { nextRunEvent, startStation, type TestStation } from '../../../kit/station.ts';
import { scripted } from '../../../kit/units.ts';
import { soon } from '../../../support/patience.ts';

let setup: TestStation | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** A vendor's program: shows percents, says what it got, and ends as its first argument says. */
const TOOL = `#!/bin/sh
echo "port $2 at $3"
printf 'writing 10 %%\\r'
printf 'writing 100 %%\\n'
[ -n "$4" ] && cat "$4"
[ "$1" = hang ] && { sleep 600 & wait; }
[ "$1" = bad ] && { echo 'Wrong chip 7'; exit 2; }
exit "$1"
`;

const step = (first: string, more = ''): string => `- verb: run-tool
  name: vendor
  command: [vendor, '${first}', '{port}', '{baudRate}', '{file:input.txt}']
  baudRate: 460800
  progress: 'writing (\\d+) %'
  failure: { 'Wrong chip': 芯片型号不符 }
${more}
- { verb: request, name: after, text: 'MAC?', end: lf, expect: '[0-9A-F]{12}' }`;

async function run(steps: string, list = true): Promise<{ result: RunResult; tool: string }> {
  const recipe = parsedRecipe(describedRecipe(steps), { 'input.txt': 'content of the file\n' });
  setup = await startStation({ units: scripted([() => undefined]), recipe });
  const tool = join(setup.dir, 'vendor.sh');
  writeFileSync(tool, TOOL);
  chmodSync(tool, 0o755);
  if (list) await setup.station.tools.add('vendor', tool, STATION_ITSELF);
  return { result: await setup.run(), tool };
}

describe('a program of another vendor', () => {
  it('runs while the station has let go of the port, which it has again afterwards', async () => {
    const { result } = await run(step('0'));
    expect(result.failure).toBeNull();
    expect(setup!.steps(result, 'test')).toMatchObject([
      { step: 'vendor', outcome: 'PASS' },
      { step: 'after', outcome: 'PASS' },
    ]);
    const measured = setup!.station.database.runs.listMeasurements(result.runId);
    expect(measured.map(({ name }) => name)).toEqual(['vendor-sha256', 'vendor-exit-status']);
    const file = findRecording(setup!.dataDir, result.runId);
    const recording = readRecording(file);
    const notes = [...recording.entries.values()].flatMap((entry) =>
      entry.type === 'comment' ? [entry.text] : [],
    );
    expect(notes).toContain('content of the file');
    expect(notes.join('\n')).toMatch(/^port \S+ at 460800$/m);
    // A replay runs nothing: the recorded result is there.
    expect(await replayRun(recording, {}, soon())).toMatchObject({ replayed: 'PASS', same: true });
  });

  it('shows its progress at the slot', async () => {
    const progress: unknown[] = [];
    const recipe = parsedRecipe(describedRecipe(step('0')), { 'input.txt': '' });
    setup = await startStation({ units: scripted([() => undefined]), recipe });
    const tool = join(setup.dir, 'vendor.sh');
    writeFileSync(tool, TOOL, { mode: 0o755 });
    await setup.station.tools.add('vendor', tool, STATION_ITSELF);
    setup.station.onRunEvent((_slot, event) => {
      if (event.kind === 'flash' && event.progress !== null) progress.push(event.progress);
    });
    await setup.run();
    expect(progress[0]).toMatchObject({ stage: 'running', image: 'vendor', totalBytes: 0, percent: 10 });
  });

  it('that finds the unit bad is a FAIL in the words of the recipe', async () => {
    const { result } = await run(step('bad'));
    expect(result).toMatchObject({
      outcome: 'FAIL',
      failure: { code: 'device-rejected', details: { said: '芯片型号不符', line: 'Wrong chip 7' } },
    });
  });

  it('that fails for another reason is an ERROR with its last line', async () => {
    const { result } = await run(step('3'));
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'tool-failed' } });
    expect(result.failure?.message).toBe('vendor ended with status 3: content of the file');
  });

  it('that is not listed, or was changed, or that the recipe does not allow, does not run', async () => {
    const { result, tool } = await run(step('0'), false);
    expect(result.failure).toMatchObject({ code: 'tool-missing' });
    await setup!.station.tools.add('vendor', tool, STATION_ITSELF);
    writeFileSync(tool, `${TOOL}# another\n`);
    expect((await setup!.run()).failure).toMatchObject({ code: 'tool-changed' });
    expect(readFileSync(tool, 'utf8')).toContain('another');
    await setup![Symbol.asyncDispose]();
    const other = await run(step('0', `  sha256: ['${'0'.repeat(64)}']`));
    expect(other.result.failure).toMatchObject({ code: 'tool-changed' });
  });

  it('is ended when its run is stopped, and the port is there for the teardown', async () => {
    const recipe = parsedRecipe(
      `${describedRecipe(step('hang'))}  - name: leave
    kind: teardown
    steps:
      - { verb: request, name: last, text: 'MAC?', end: lf, expect: '[0-9A-F]{12}' }
`,
      { 'input.txt': '' },
    );
    setup = await startStation({ units: scripted([() => undefined]), recipe });
    const tool = join(setup.dir, 'vendor.sh');
    writeFileSync(tool, TOOL, { mode: 0o755 });
    await setup.station.tools.add('vendor', tool, STATION_ITSELF);
    const writing = nextRunEvent(setup.station, 1, 'flash', ({ progress }) => progress !== null);
    const running = setup.run();
    await writing;
    setup.station.slots.stop(1, stoppedBy('operator'));
    const result = await running;
    expect(result.outcome).toBe('ABORTED');
    expect(setup.steps(result, 'leave')).toMatchObject([{ step: 'last', outcome: 'PASS' }]);
  });
});
