import type { Platform } from '../platform/index.ts';
import type { Boards } from '../protocols/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import { tapeBle } from './tape-ble.ts';
import { tapeBoards } from './tape-boards.ts';
import { tapePorts } from './tape-ports.ts';
import { tapeRandom } from './tape-random.ts';
import { tapeRegistry } from './tape-registry.ts';
import type { Tape } from './tape.ts';

/** What a run has of the world; null where nothing is behind the tape. */
export interface World {
  readonly platform: Platform;
  readonly registry: RegistryClient | null;
  readonly boards: Boards;
}

/** The world as the run sees it: everything that can say something to it speaks through the tape. */
export function throughTape(tape: Tape, real: World, replayed = false): World {
  const { platform, registry, boards } = real;
  return {
    platform: {
      ...platform,
      clock: tape.clock,
      random: tapeRandom(tape, platform.random),
      serialPorts: tapePorts(tape, replayed ? null : platform.serialPorts),
      ble: tapeBle(tape, replayed ? null : platform.ble),
    },
    boards: tapeBoards(tape, replayed ? null : boards),
    registry: registry === null ? null : tapeRegistry(tape, replayed ? null : registry),
  };
}
