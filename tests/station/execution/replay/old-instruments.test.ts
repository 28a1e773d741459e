import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readRecording, replayRun } from '#station';
import { recordedManner } from '../../../../station/execution/replay/recorded-manner.ts';
import { soon } from '../../../support/patience.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/recordings/', import.meta.url));

/** Runs with a supply on a serial port, recorded by the versions that talked to it in these manners. */
describe.each([
  [1, 'scpi'],
  [1, 'text'],
  [2, 'scpi'],
  [2, 'text'],
] as const)('a recording of the manner %i with an instrument of kind %s', (manner, kind) => {
  it('is replayed as it was', async () => {
    const recording = readRecording(`${FIXTURES}instruments-${manner}-${kind}.jsonl`);
    expect(recordedManner(recording)).toBe(manner);
    const replay = await replayRun(recording, {}, soon());
    expect(replay).toMatchObject({ replayed: 'PASS', same: true, sameMeasurements: true, differences: [] });
  });
});
