import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, createStation, readRecording, recordingFile } from '#station';
import { invoke } from '../cli/support/in-process.ts';
import { start } from '../cli/support/running.ts';
import { recipeText } from '../station/support/recipe-text.ts';
import { startSimulatedLine } from './simulated-line.ts';

const PAUSE = '  - { name: pause, steps: [{ verb: wait, ms: 20000 }] }\n';

describe('the flight recorder', () => {
  it(
    'of a station that was killed has everything up to then, and is replayed up to then',
    { timeout: 90_000 },
    async () => {
      await using line = await startSimulatedLine({ units: 1, recipe: recipeText({ steps: PAUSE }) });
      const running = start([
        'run',
        '--data',
        line.data,
        '--batch',
        line.batch,
        '--slot',
        line.ports[0] ?? '',
        '--json',
      ]);
      await running.event('run.phase', (event) => event['phase'] === 'pause');
      const [run] = line.look((database) => database.runs.listUnfinished());
      const runId = run?.runId ?? '';
      const file = recordingFile(line.data, runId);
      await expect
        .poll(() =>
          [...readRecording(file).entries.values()].some((e) => e.type === 'step' && e.name === 'wait'),
        )
        .toBe(true);
      running.signal('SIGKILL');
      await running.ended;

      const shown = await invoke('recording', 'show', runId, '--data', line.data);
      expect(shown.stdout).toMatch(/> AT\+TCDEVINFOSET=1,"\w+","dev1","\*\*\*"/);
      expect(shown.stdout).toMatch(/── step wait\n +══ the recording ends here, before the run did\n$/);
      const replayed = await invoke(
        'recording',
        'replay',
        runId,
        '--data',
        line.data,
        '--times',
        '10',
        '--json',
      );
      expect(replayed.status).toBe(0);
      const finished = replayed.events.filter(({ event }) => event === 'replay.finished');
      expect(finished).toHaveLength(10);
      for (const one of finished) expect(one).toMatchObject({ then: null, now: null, same: true });
      expect(replayed.events.filter(({ event }) => event === 'replay.step').length).toBe(30);

      // The next start packs it; it reads and replays as before.
      const station = await createStation(createNodePlatform(line.data), {
        slots: [],
        appVersion: '0',
        autoSync: false,
      });
      await station.close();
      expect(existsSync(file)).toBe(false);
      expect((await invoke('recording', 'show', runId, '--data', line.data)).stdout).toBe(shown.stdout);
      expect(
        (await invoke('recording', 'replay', join(line.data, 'recordings', `${runId}.jsonl.gz`))).status,
      ).toBe(0);
    },
  );
});
