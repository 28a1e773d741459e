import type { RelayBoard, RelayBoards } from '../../devices/protocols/index.ts';
import type { RunIo } from './run-io.ts';

/**
 * Relay boards whose actions are requests of the run. Other slots use the same boards, so the recording has what a board
 * did and not the bytes on its port. `real` is null in a replay.
 */
export function wrapRelayBoards(io: RunIo, real: RelayBoards | null): RelayBoards {
  return {
    async use(path, kind, work, signal) {
      let board: RelayBoard | null = null;
      const done = Promise.withResolvers<void>();
      let using: Promise<void> | null = null;
      await io.request({ kind: 'board', key: `open ${path}`, parameters: kind, signal }, async () => {
        const opened = Promise.withResolvers<void>();
        using =
          real?.use(
            path,
            kind,
            async (own) => {
              board = own;
              opened.resolve();
              await done.promise;
            },
            signal,
          ) ?? null;
        using?.catch(opened.reject);
        if (using !== null) await opened.promise;
        return {};
      });
      try {
        return await work(wrapRelayBoard(io, board));
      } finally {
        done.resolve();
        await using;
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
