import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from '../station/results/reports/sample-batch.ts';

describe('runs import', () => {
  it('takes the runs of a directory once, and lists them only when asked', async () => {
    using dir = tempDir('cli-import');
    const [home, other] = [join(dir.path, 'home'), join(dir.path, 'other')];
    const there = openStationDatabase(other);
    addSampleBatch(there);
    addRuns(there, [...manyRuns(20)]);
    there.close();
    const here = openStationDatabase(home);
    addSampleBatch(here);
    addRuns(here, [
      { runId: 'own-1', serialNumber: 'A', startedAtMs: 1_000_005 },
      { runId: 'own-2', serialNumber: 'B', startedAtMs: 1_000_015, outcome: 'FAIL' },
    ]);
    here.close();
    const run = (...args: string[]) => invoke(...args, '--data', home, '--json');
    const dry = await run('runs', 'import', other, '--dry-run');
    expect([dry.status, dry.events.at(-1)]).toMatchObject([
      0,
      { event: 'runs.imported', kind: 'station', rows: 20, added: 20, dryRun: true, sourceId: null },
    ]);
    expect((await run('runs', 'import', other)).events.at(-1)).toMatchObject({ added: 20, doubles: 0 });
    const again = await run('runs', 'import', other);
    expect([again.status, again.events.at(-1)]).toMatchObject([
      0,
      { added: 0, doubles: 20, rejectedRows: 0 },
    ]);

    const own = await run('runs');
    expect(own.events.map((event) => event['run'])).toEqual(['own-2', 'own-1']);
    const all = await run('runs', '--foreign', '--limit', '100');
    expect(all.events).toHaveLength(22);
    expect(all.events.map((event) => event['run']).slice(3, 7)).toEqual([
      'r000000016', 'own-2', 'r000000015', 'r000000014',
    ]); // prettier-ignore
    expect(all.events[0]).toMatchObject({
      run: 'r000000019',
      station: 'L3-07',
      serialNumber: 'SN19',
      foreign: expect.any(String) as string,
    });
    const failed = await run('runs', '--foreign', '--outcome', 'FAIL', '--batch', 'B');
    expect(failed.events.map((event) => event['run'])).toEqual(['r000000019', 'own-2', 'r000000009']);

    const counted = await run('yield', 'B');
    expect(counted.events[0]).toMatchObject({ event: 'yield', units: 2, firstPass: 1 });
    const both = await run('yield', 'B', '--foreign');
    expect(both.events[0]).toMatchObject({
      event: 'yield',
      units: 22,
      runs: 22,
      firstPass: 19,
      firstPassYield: 19 / 22,
    });
    expect(both.events.filter(({ event }) => event === 'yield.pareto')).toMatchObject([
      { code: 'device-silent', runs: 3 },
    ]);
    const trail = await invoke('audit', 'verify', '--data', home, '--json');
    expect(trail.status).toBe(0);
  });

  it('says which lines are bad, and ends with the status of bad input', async () => {
    using dir = tempDir('cli-import');
    openStationDatabase(dir.path).close();
    const file = join(dir.path, 'r.csv');
    writeFileSync(file, 'SN,Result,When\nA1,OK,2026-01-01 08:00:00\nA2,maybe,2026-01-01 08:01:00\n');
    const run = (...more: string[]) =>
      invoke(
        'runs',
        'import',
        file,
        '--map',
        'serial=SN,outcome=Result,started=When',
        '--zone',
        '+08:00',
        '--data',
        dir.path,
        ...more,
      );
    const refused = await run();
    expect(refused.status).toBe(2);
    expect(refused.stdout).toBe(
      `${file}:3: no such outcome: maybe\n2 runs, 0 added, 0 here already, 1 rejected\n`,
    );
    expect((await run('--skip-bad')).status).toBe(1);
    const listed = await invoke('runs', '--foreign', '--data', dir.path, '--json');
    expect(listed.events).toMatchObject([{ serialNumber: 'A1', startedAtMs: Date.UTC(2026, 0, 1) }]);
    expect((await run('--map', 'nonsense')).status).toBe(2);
    expect((await run('--zone', 'Mars/Olympus')).status).toBe(2);
    expect((await invoke('runs', 'import', join(dir.path, 'no'), '--data', dir.path)).status).toBe(3);
  });
});
