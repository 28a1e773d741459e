import type { RelayBoard, RelayBoards } from '../../devices/protocols/index.ts';
import type { RunIo } from './run-io.ts';

/**
 * The fixture's relayBoards as a run sees them. Other slots use them too, so what a board does is on the io, and not the
 * bytes it is told with. `real` is null on replay.
 */
export function wrapRelayBoards(io: RunIo, real: RelayBoards | null): RelayBoards {
  return {
    async use(path, kind, work, signal) {
      let board: RelayBoard | null = null;
      const done = Promise.withResolvers<void>();
      let turn: Promise<void> | null = null;
      await io.request({ kind: 'board', key: `open ${path}`, how: kind, signal }, async () => {
        const opened = Promise.withResolvers<void>();
        turn =
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
        turn?.catch(opened.reject);
        if (turn !== null) await opened.promise;
        return {};
      });
      try {
        return await work(wrapRelayBoard(io, board));
      } finally {
        done.resolve();
        await turn;
      }
    },
  };
}

function wrapRelayBoard(io: RunIo, real: RelayBoard | null): RelayBoard {
  return {
    async relay(channel, on, signal) {
      await io.request({ kind: 'board', key: `relay ${channel} ${on ? 'on' : 'off'}`, signal }, async () => {
        await real?.relay(channel, on, signal);
        return {};
      });
    },
    async read(pin, signal) {
      const { value } = await io.request({ kind: 'board', key: `read ${pin}`, signal }, async () => ({
        v: (await real?.read(pin, signal)) ?? null,
      }));
      return v === 1 ? 1 : 0;
    },
  };
}
