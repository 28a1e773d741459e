import type { DevicePort, DevicePorts } from '../../core/platform/index.ts';
import type { RunIo } from './run-io.ts';

/** The serial ports as a run sees them. `real` is null on replay. */
export function wrapDevicePorts(io: RunIo, real: DevicePorts | null): DevicePorts {
  let opened = 0;
  return {
    async open(path, settings, signal) {
      let link: DevicePort | null = null;
      const said = await io.request(
        { kind: 'port', key: `open ${path}`, how: `at ${settings.baudRate} baud`, signal },
        async () => {
          link = (await real?.open(path, settings, signal)) ?? null;
          return { v: opened++ };
        },
      );
      return io.wrapPort(Number(said.v), path, link);
    },
  };
}
