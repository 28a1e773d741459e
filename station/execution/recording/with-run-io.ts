import type { DevicePort, DevicePorts, Platform, Random } from '../../core/platform/index.ts';
import { maskLog } from '../../core/secret-mask/index.ts';
import type { RelayBoards } from '../../devices/protocols/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { RunIo } from './run-io.ts';
import { wrapBle } from './wrap-ble.ts';
import { wrapRegistry } from './wrap-registry.ts';
import { wrapRelayBoards } from './wrap-relay-boards.ts';

/** What a run uses of its surroundings. */
export interface RunEnvironment {
  readonly platform: Platform;
  readonly registry: RegistryClient | null;
  readonly relayBoards: RelayBoards;
}

/** The same environment with everything in it that can affect the run routed through `io`. */
export function withRunIo(io: RunIo, real: RunEnvironment, replayed = false): RunEnvironment {
  const { platform, registry, relayBoards } = real;
  return {
    platform: {
      ...platform,
      clock: io.clock,
      log: maskLog(platform.log, io.mask),
      random: wrapRandom(io, platform.random),
      devicePorts: wrapDevicePorts(io, replayed ? null : platform.devicePorts),
      ble: wrapBle(io, replayed ? null : platform.ble),
    },
    relayBoards: wrapRelayBoards(io, replayed ? null : relayBoards),
    registry: registry === null ? null : wrapRegistry(io, replayed ? null : registry),
  };
}

/** `real` is null in a replay. */
function wrapDevicePorts(io: RunIo, real: DevicePorts | null): DevicePorts {
  let opened = 0;
  return {
    async open(path, settings, signal) {
      let port: DevicePort | null = null;
      const { value } = await io.request(
        { kind: 'port', key: `open ${path}`, parameters: `at ${settings.baudRate} baud`, signal },
        async () => {
          port = (await real?.open(path, settings, signal)) ?? null;
          return { value: opened++ };
        },
      );
      return io.wrapPort(Number(value), path, port);
    },
  };
}

/** Random values, which are the recorded ones in a replay. */
function wrapRandom(io: RunIo, real: Random): Random {
  return {
    bytes(count) {
      const hex = io.input('random', `bytes ${count}`, () => Buffer.from(real.bytes(count)).toString('hex'));
      return new Uint8Array(Buffer.from(hex, 'hex'));
    },
    id: () => io.input('random', 'id', () => real.id()),
  };
}
