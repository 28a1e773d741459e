import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatTranscript, readRecording, replayRun } from '#station';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/recordings/', import.meta.url));

interface ExpectedReplay {
  readonly then: string | null;
  readonly now: string | null;
  readonly failure: string | null;
  /** Phase, step, attempt, outcome, measured values. */
  readonly steps: readonly unknown[];
}

const REPLAYS = Object.entries(
  JSON.parse(readFileSync(`${FIXTURES}replays.json`, 'utf8')) as Record<string, ExpectedReplay>,
);

describe('a recording of the format recording/2', () => {
  it.each(REPLAYS)('%s has the same transcript and the same replay', async (name, expected) => {
    const recording = readRecording(`${FIXTURES}${name}.jsonl`);
    const transcript = readFileSync(`${FIXTURES}${name}.txt`, 'utf8').trimEnd().split('\n');
    expect([...formatTranscript(recording)]).toEqual(transcript);

    const replay = await replayRun(recording, {}, AbortSignal.timeout(20_000));
    expect(replay).toMatchObject({ same: true, sameMeasurements: true, differences: [] });
    const steps = replay.steps.map(({ phase, step, attempt, replayed }) => [
      phase,
      step,
      attempt,
      replayed?.outcome ?? null,
      replayed?.measured.map(({ value }) => value) ?? [],
    ]);
    const { recorded: then, replayed: now, failure } = replay;
    expect({ then, now, failure: failure?.code ?? null, steps }).toEqual(expected);
  });
});
