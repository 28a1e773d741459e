import type { ByteLink, SerialPorts } from '../../core/platform/index.ts';
import type { Tape } from './run-io.ts';

/** The serial ports as a run sees them. `real` is null on replay. */
export function tapePorts(tape: Tape, real: SerialPorts | null): SerialPorts {
  let opened = 0;
  return {
    async open(path, settings, signal) {
      let link: ByteLink | null = null;
      const said = await tape.ask(
        { kind: 'port', key: `open ${path}`, how: `at ${settings.baudRate} baud`, signal },
        async () => {
          link = (await real?.open(path, settings, signal)) ?? null;
          return { v: opened++ };
        },
      );
      return tape.link(Number(said.v), path, link);
    },
  };
}
