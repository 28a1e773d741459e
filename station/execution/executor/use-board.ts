import { Fault } from '#shared/domain/fault.ts';
import { relayOf } from '#shared/recipe/index.ts';
import type { RelayBoard, RelayBoards } from '../../devices/protocols/index.ts';
import type { RunRequest } from './run-request.ts';

/** Uses the relay board of a run's slot. Faults: `not-configured` when it has none, and those of `RelayBoards.use`. */
export async function useBoard<T>(
  relayBoards: RelayBoards,
  { slot, boardPath, recipe }: RunRequest,
  work: (board: RelayBoard, channel: number) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { board } = recipe.recipe.device;
  if (board === undefined || boardPath === null)
    throw new Fault('not-configured', `slot ${slot} has no relay board`, {
      hint: 'Start the station with --board PATH, the port of the fixture’s board.',
      details: { slot },
    });
  const channel = relayOf(board, slot);
  return relayBoards.use(boardPath, board.kind, (opened) => work(opened, channel), signal);
}
