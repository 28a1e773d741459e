import type { Platform } from '#station';
import type { KillPoints } from './kill-points.ts';

type DevicePorts = Platform['devicePorts'];
type DevicePort = Awaited<ReturnType<DevicePorts['open']>>;

const LINE_END = 0x0a;

/** Adds kill points to serial ports: around each write and before each line that arrives. */
export function instrumentPorts(points: KillPoints, ports: DevicePorts): DevicePorts {
  return {
    async open(path, settings, signal) {
      return instrumentPort(points, await ports.open(path, settings, signal));
    },
  };
}

function instrumentPort(points: KillPoints, link: DevicePort): DevicePort {
  return {
    path: link.path,
    async write(bytes, signal) {
      points.pass('write-before');
      await link.write(bytes, signal);
      points.pass('write-after');
    },
    onData(listener) {
      if (listener === null) return link.onData(null);
      link.onData((bytes) => {
        let from = 0;
        for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
          points.pass('read');
          listener(bytes.subarray(from, end + 1));
          from = end + 1;
        }
        if (from < bytes.length) listener(bytes.subarray(from));
      });
    },
    onLost: (listener) => link.onLost(listener),
    ...(link.setControlLines === undefined ? {} : { setControlLines: link.setControlLines.bind(link) }),
    ...(link.setBaudRate === undefined ? {} : { setBaudRate: link.setBaudRate.bind(link) }),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
}

/** Adds kill points before each request to the registry and after the head of its response. */
export function instrumentFetch(points: KillPoints, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    points.pass('request');
    const response = await fetch(input, init);
    points.pass('response');
    return response;
  };
}
