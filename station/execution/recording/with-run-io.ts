import type { Platform } from '../../core/platform/index.ts';
import type { Boards } from '../../devices/protocols/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { tapeBle } from './record-ble.ts';
import { tapeBoards } from './record-relay-boards.ts';
import { tapePorts } from './record-ports.ts';
import { tapeRandom } from './record-random.ts';
import { tapeRegistry } from './record-registry.ts';
import type { Tape } from './run-io.ts';

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
