import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../../station/execution/recording/index.ts';
import { RecordingIndex } from '../../../../station/execution/replay/recording-index.ts';
import { ReplayScheduler } from '../../../../station/execution/replay/replay-scheduler.ts';

const EMPTY = new RecordingIndex({
  header: {},
  entries: new Map(),
  cutOff: false,
  completeUntilMs: null,
} as unknown as Recording);

interface Replay {
  readonly scheduler: ReplayScheduler;
  /** Number of looks at the run, 2 ms each in real time. */
  polls(): number;
  readonly stoppedAtPoll: () => number | null;
}

/** A scheduler over an empty recording whose real time passes without waiting. */
function emptyReplay(): Replay {
  let polls = 0;
  let stopped: number | null = null;
  const scheduler = new ReplayScheduler(EMPTY, {
    clock: {
      async sleep() {
        polls += 1;
        await nextTurn();
      },
    },
    cutOff: false,
    play: () => undefined,
    onDiverge: () => undefined,
    onUnrecordedTimeout: () => undefined,
    onEnd: () => (stopped = polls),
  });
  return { scheduler, polls: () => polls, stoppedAtPoll: () => stopped };
}

describe('a run whose recording is over', () => {
  it('is given time to end after it was stopped, because a killed process exits when the computer lets it', async () => {
    const replay = emptyReplay();
    const isOver = (): boolean => {
      const stopped = replay.stoppedAtPoll();
      return stopped !== null && replay.polls() > stopped + 5000;
    };
    await replay.scheduler.run(isOver);
    expect(replay.stoppedAtPoll()).not.toBeNull();
  });

  it('is given that time also when its work went on for too long before', async () => {
    const replay = emptyReplay();
    using _script = replay.scheduler.busy();
    const isOver = (): boolean => {
      const stopped = replay.stoppedAtPoll();
      return stopped !== null && replay.polls() > stopped + 100;
    };
    await replay.scheduler.run(isOver);
    expect(replay.stoppedAtPoll()).toBeGreaterThan(2000);
  });

  it('fails when it never ends', async () => {
    const replay = emptyReplay();
    await expect(replay.scheduler.run(() => false)).rejects.toThrow('neither continues nor ends');
  });
});
