import type { Platform } from '../../core/platform/index.ts';
import type { RelayBoards } from '../../devices/protocols/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { wrapBle } from './wrap-ble.ts';
import { wrapRelayBoards } from './wrap-relay-boards.ts';
import { wrapDevicePorts } from './record-ports.ts';
import { wrapRandom } from './record-random.ts';
import { wrapRegistry } from './wrap-registry.ts';
import type { RunIo } from './run-io.ts';

/** What a run has of the world; null where nothing is behind the io. */
export interface RunEnvironment {
  readonly platform: Platform;
  readonly registry: RegistryClient | null;
  readonly relayBoards: RelayBoards;
}

/** The world as the run sees it: everything that can say something to it speaks through the io. */
export function withRunIo(io: RunIo, real: RunEnvironment, replayed = false): RunEnvironment {
  const { platform, registry, relayBoards } = real;
  return {
    platform: {
      ...platform,
      clock: io.clock,
      random: wrapRandom(io, platform.random),
      devicePorts: wrapDevicePorts(io, replayed ? null : platform.devicePorts),
      ble: wrapBle(io, replayed ? null : platform.ble),
    },
    relayBoards: wrapRelayBoards(io, replayed ? null : relayBoards),
    registry: registry === null ? null : wrapRegistry(io, replayed ? null : registry),
  };
}
