import { Fault } from '#shared/domain/fault.ts';
import type { PortInfo, SerialPorts } from '../../../core/platform/index.ts';

/** True for what names a place, not a path. */
function isPlace(text: string): boolean {
  return text.startsWith('usb:');
}

/** Ports that are opened by path or by place; a place is looked up each time, because names change. */
export function portsByPlace(ports: SerialPorts, list: () => Promise<readonly PortInfo[]>): SerialPorts {
  const at = async (place: string): Promise<string | null> =>
    (await list()).find((port) => port.place === place)?.path ?? null;
  return {
    list,
    async othersOn(path) {
      const there = isPlace(path) ? await at(path) : path;
      return there === null ? null : ((await ports.othersOn?.(there)) ?? null);
    },
    async open(path, settings, signal) {
      if (!isPlace(path)) return ports.open(path, settings, signal);
      const there = await at(path);
      if (there !== null) return ports.open(there, settings, signal);
      throw new Fault('port-missing', `nothing is plugged in at ${path}`, {
        hint: 'Plug the fixture into its own socket, or assign the slot anew ("station slots list").',
        details: { port: path },
      });
    },
  };
}
