import type { OutgoingFile } from '#shared/contract/station-files.ts';
import type { MainMessage } from '../ipc/index.ts';

/** Requests for files to the core's process, until it answers. */
export interface FileRequests {
  /** `null`: there is no such file for the user at that window, or no core. */
  request(window: number, fileId: string): Promise<OutgoingFile | null>;
  answer(id: number, file: OutgoingFile | null): void;
  /** Answers all requests with `null`, because the core's process has ended. */
  cancelAll(): void;
}

/** @param send returns false when there is no core */
export function createFileRequests(send: (message: MainMessage) => boolean): FileRequests {
  const waiting = new Map<number, (file: OutgoingFile | null) => void>();
  let nextId = 1;
  return {
    request(window, fileId) {
      const id = nextId++;
      return new Promise((resolve) => {
        if (send({ t: 'file', id, window, fileId })) waiting.set(id, resolve);
        else resolve(null);
      });
    },
    answer(id, file) {
      waiting.get(id)?.(file);
      waiting.delete(id);
    },
    cancelAll() {
      for (const resolve of waiting.values()) resolve(null);
      waiting.clear();
    },
  };
}
