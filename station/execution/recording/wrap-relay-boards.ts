import type { RelayBoard, RelayBoards } from '../../devices/protocols/index.ts';
import type { RunIo } from './run-io.ts';

/**
 * Relay boards whose actions are requests of the run. Other slots use the same boards, so the recording has the actions of
 * a board and not the bytes on its port. `real` is null in a replay.
 */
export function wrapRelayBoards(io: RunIo, real: RelayBoards | null): RelayBoards {
  return {
    async use(path, boardKind, work, signal) {
      let board: RelayBoard | null = null;
      const workEnded = Promise.withResolvers<void>();
      let useEnded: Promise<void> | null = null;
      await io.request({ kind: 'board', key: `open ${path}`, parameters: boardKind, signal }, async () => {
        const boardOpened = Promise.withResolvers<void>();
        useEnded =
          real?.use(
            path,
            boardKind,
            async (opened) => {
              board = opened;
              boardOpened.resolve();
              await workEnded.promise;
            },
            signal,
          ) ?? null;
        useEnded?.catch(boardOpened.reject);
        if (useEnded !== null) await boardOpened.promise;
        return {};
      });
      try {
        return await work(wrapRelayBoard(io, board));
      } finally {
        workEnded.resolve();
        await useEnded;
      }
    },
  };
}

function wrapRelayBoard(io: RunIo, real: RelayBoard | null): RelayBoard {
  return {
    async setRelay(channel, on, signal) {
      const key = `relay ${channel} ${on ? 'on' : 'off'}`;
      await io.request({ kind: 'board', key, signal }, async () => {
        await real?.setRelay(channel, on, signal);
        return {};
      });
    },
    async readInput(pin, signal) {
      const { value } = await io.request({ kind: 'board', key: `read ${pin}`, signal }, async () => ({
        value: (await real?.readInput(pin, signal)) ?? null,
      }));
      return value === 1 ? 1 : 0;
    },
  };
}
