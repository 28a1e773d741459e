import { threadId } from 'node:worker_threads';

// Thread 0 is the parent, thread 1 the first worker.
if (threadId > 1) throw new Error('loaded by a second worker');

/** A reader that hangs, so that its worker is replaced by one that cannot load this file. */
export const TARGETS = [
  {
    name: 'hangs',
    seeds: [Buffer.from('a')],
    feed: (): void => {
      // Without end, and without the processor.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  },
];
