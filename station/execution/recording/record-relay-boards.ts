import type { Board, Boards } from '../../devices/protocols/index.ts';
import type { Tape } from './run-io.ts';

/**
 * The fixture's boards as a run sees them. Other slots use them too, so what a board does is on the tape, and not the
 * bytes it is told with. `real` is null on replay.
 */
export function tapeBoards(tape: Tape, real: Boards | null): Boards {
  return {
    async use(path, kind, work, signal) {
      let board: Board | null = null;
      const done = Promise.withResolvers<void>();
      let turn: Promise<void> | null = null;
      await tape.ask({ kind: 'board', key: `open ${path}`, how: kind, signal }, async () => {
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
        return await work(tapeBoard(tape, board));
      } finally {
        done.resolve();
        await turn;
      }
    },
  };
}

function tapeBoard(tape: Tape, real: Board | null): Board {
  return {
    async relay(channel, on, signal) {
      await tape.ask({ kind: 'board', key: `relay ${channel} ${on ? 'on' : 'off'}`, signal }, async () => {
        await real?.relay(channel, on, signal);
        return {};
      });
    },
    async read(pin, signal) {
      const { v } = await tape.ask({ kind: 'board', key: `read ${pin}`, signal }, async () => ({
        v: (await real?.read(pin, signal)) ?? null,
      }));
      return v === 1 ? 1 : 0;
    },
  };
}
