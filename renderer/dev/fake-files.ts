import type { FileTransfer } from '../src/services/files/index.ts';

export interface FakeFiles extends FileTransfer {
  /** What was sent, in the order of their ids `drop-1`, `drop-2`…, and what was fetched, by name. */
  readonly sent: File[];
  readonly fetched: string[];
}

/** Files that go nowhere, at the pace of a slow disk. */
export function createFakeFiles(): FakeFiles {
  const sent: File[] = [];
  const fetched: string[] = [];
  return {
    sent,
    fetched,
    async send(file, onProgress, signal) {
      for (const share of [0.3, 0.7, 1]) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        signal.throwIfAborted();
        onProgress(Math.round(file.size * share));
      }
      sent.push(file);
      return { fileId: `drop-${sent.length}`, name: file.name };
    },
    fetch(_, name) {
      fetched.push(name);
      return Promise.resolve();
    },
  };
}
