import { expect } from 'vitest';
import { findRecording, readRecording, replayRun, type RunResult } from '#station';
import type { Comparison } from '../../../../station/execution/replay/index.ts';
import { soon } from '../../../support/patience.ts';

/** Replays a run of this data directory so often; each has to give the same, whole. */
export async function expectSameAgain(dataDir: string, result: RunResult, times: number): Promise<void> {
  const recording = readRecording(findRecording(dataDir, result.runId));
  expect(recording.cutOff).toBe(false);
  for (let n = 0; n < times; n++) expectSame(await replayRun(recording, {}, soon()), result);
}

function expectSame(replay: Comparison, result: RunResult): void {
  expect(replay.differences).toEqual([]);
  expect(replay.steps.filter(({ same }) => !same)).toEqual([]);
  const { outcome, failure } = result;
  expect(replay).toMatchObject({ recorded: outcome, replayed: outcome, same: true, sameMeasurements: true });
  expect(replay.failure?.code ?? null).toBe(failure?.code ?? null);
  expect(replay.failure?.message ?? null).toBe(failure?.message ?? null);
}
