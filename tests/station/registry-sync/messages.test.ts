import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registryEvent } from '#shared/registry-api/index.ts';
import { finishRun } from '../../../station/execution/executor/finish-run.ts';
import { openStationDatabase } from '../../../station/core/database/index.ts';
import { addBatch, beginRun } from '../../kit/sample-rows.ts';
import { memoryDir } from '../../support/temp-dir.ts';

/** What a script throws, an operator is called, a step is named: anything, as long as it likes. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.integer({ min: 0, max: 5000 }).map((length) => '长'.repeat(length)),
  fc.integer({ min: 3990, max: 4010 }).map((length) => '😀'.repeat(length / 2)),
  fc.constant('\ud83d'),
);

describe('the message of a run', () => {
  it('is one that the registry takes, whatever words are in its record', () => {
    using dir = memoryDir();
    const database = openStationDatabase(dir.path);
    addBatch(database);
    let count = 0;
    fc.assert(
      fc.property(text, text, text, (message, phase, step) => {
        const runId = `run-${++count}`;
        database.transaction(() => beginRun(database, runId, `SN${count}`));
        const failure = { code: 'script-failed', phase, step, message, hint: null, details: {} } as const;
        finishRun(database, runId, 5, 'ERROR', failure);
        const row = database.outbox.listPending(100_000).at(-1);
        if (row === undefined) throw new Error('no message');
        const { key, orderKey, kind, createdAtMs } = row;
        const event = {
          key,
          lane: orderKey,
          kind,
          atMs: createdAtMs,
          payload: JSON.parse(row.payload) as unknown,
        };
        expect(registryEvent.safeParse(event).error).toBeUndefined();
        expect(database.runs.findById(runId)?.failure?.message).toBe(message);
      }),
      { numRuns: 60 },
    );
    database.close();
  });
});
