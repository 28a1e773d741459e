import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording, recordingFile } from '#station';
import { invoke } from '../kit/in-process.ts';
import { openStation, startStation } from '../kit/station.ts';
import { simulated } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { startCommand } from '../kit/command-line.ts';

const PAUSE = '  - { name: pause, steps: [{ verb: wait, ms: 20000 }] }\n';

describe('the flight recorder', () => {
  it('of a station that was killed has everything up to then, and is replayed up to then', async () => {
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe({ steps: PAUSE }),
    });
    await setup.close();
    const running = startCommand([
      'run',
      '--data',
      setup.dataDir,
      '--batch',
      setup.batchId,
      '--slot',
      setup.ports[0] ?? '',
      '--json',
    ]);
    await running.event('run.phase', (event) => event['phase'] === 'pause');
    const [run] = setup.readDatabase((database) => database.runs.listUnfinished());
    const runId = run?.runId ?? '';
    const file = recordingFile(setup.dataDir, runId);
    await expect
      .poll(() =>
        [...readRecording(file).entries.values()].some((e) => e.type === 'step' && e.name === 'wait'),
      )
      .toBe(true);
    running.signal('SIGKILL');
    await running.ended;

    const shown = await invoke('recording', 'show', runId, '--data', setup.dataDir);
    expect(shown.stdout).toMatch(/> AT\+TCDEVINFOSET=1,"\w+","dev1","\*\*\*"/);
    expect(shown.stdout).toMatch(/── step wait\n +══ the recording ends here, before the run did\n$/);
    const replayed = await invoke(
      'recording',
      'replay',
      runId,
      '--data',
      setup.dataDir,
      '--times',
      '10',
      '--json',
    );
    expect(replayed.status).toBe(0);
    const finished = replayed.events.filter(({ event }) => event === 'replay.finished');
    expect(finished).toHaveLength(10);
    for (const one of finished) expect(one).toMatchObject({ then: null, now: null, same: true });
    expect(replayed.events.filter(({ event }) => event === 'replay.step').length).toBe(30);

    // The next start compresses it; it can be read and replayed as before.
    const station = await openStation(setup.dataDir);
    await station.close();
    expect(existsSync(file)).toBe(false);
    expect((await invoke('recording', 'show', runId, '--data', setup.dataDir)).stdout).toBe(shown.stdout);
    expect(
      (await invoke('recording', 'replay', join(setup.dataDir, 'recordings', `${runId}.jsonl.gz`))).status,
    ).toBe(0);
  });
});
