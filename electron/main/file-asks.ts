import type { OutgoingFile } from '#shared/contract/station-files.ts';
import type { MainMessage } from '../link/index.ts';

/** Questions to the core's process for files, waiting for its answers. */
export interface FileRequests {
  /** `null`: there is no such file for who sits at that window, or no core to ask. */
  ask(window: number, fileId: string): Promise<OutgoingFile | null>;
  answer(id: number, file: OutgoingFile | null): void;
  /** The process is gone, and with it every answer. */
  giveUp(): void;
}

/** @param say false when there is nobody to ask */
export function createFileRequests(say: (message: MainMessage) => boolean): FileRequests {
  const waiting = new Map<number, (file: OutgoingFile | null) => void>();
  let nextId = 1;
  return {
    ask(window, fileId) {
      const id = nextId++;
      return new Promise((resolve) => {
        if (say({ t: 'file', id, window, fileId })) waiting.set(id, resolve);
        else resolve(null);
      });
    },
    answer(id, file) {
      waiting.get(id)?.(file);
      waiting.delete(id);
    },
    giveUp() {
      for (const resolve of waiting.values()) resolve(null);
      waiting.clear();
    },
  };
}
