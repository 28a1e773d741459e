import { expect, it } from 'vitest';
import type { RunRow } from '../../../../station/core/database/index.ts';
import { resumePointOf } from '../../../../station/execution/executor/resume.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { beginRun, openSampleStore } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it('a run is resumed with the chip that it has flashed', () => {
  using dir = tempDir('resume-point');
  const database = openSampleStore(dir.path);
  using _closed = { [Symbol.dispose]: () => database.close() };
  const { recipe } = parsedRecipe(describedRecipe('- { verb: wait, ms: 1 }', { top: 'resume: true' }));
  beginRun(database, 'R');
  const point = (): unknown => resumePointOf(database, database.runs.findById('R') as RunRow, recipe);
  expect(point()).toMatchObject({ chipId: null, flashedChip: null });
  const step = { seq: 0, phase: 'test', step: 'flash', attempt: 1, outcome: 'PASS' } as const;
  const measured = {
    name: 'flash-chip-id',
    value: '24587CD00142',
    unit: null,
    limits: '',
    outcome: 'PASS',
  } as const;
  database.writeRelaxed(() =>
    database.runs.addStep('R', { ...step, startedAtMs: 1, ms: 1, failure: null }, [measured]),
  );
  expect(point()).toMatchObject({ chipId: null, flashedChip: '24587CD00142' });
});
