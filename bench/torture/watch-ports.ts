import type { Platform } from '#station';
import type { Points } from './kill-points.ts';

type DevicePorts = Platform['devicePorts'];
type DevicePort = Awaited<ReturnType<DevicePorts['open']>>;

const LINE_END = 0x0a;

/** Serial ports as they were, with a point around all bytes that leave and before each line that arrives. */
export function watchPorts(points: Points, ports: DevicePorts): DevicePorts {
  return {
    async open(path, settings, signal) {
      return watchLink(points, await ports.open(path, settings, signal));
    },
  };
}

function watchLink(points: Points, link: DevicePort): DevicePort {
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
          points.pass('heard');
          listener(bytes.subarray(from, end + 1));
          from = end + 1;
        }
        if (from < bytes.length) listener(bytes.subarray(from));
      });
    },
    onLost: (listener) => link.onLost(listener),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
}

/** A point before each question to the registry leaves, and when its answer begins to arrive. */
export function watchFetch(points: Points, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    points.pass('ask');
    const response = await fetch(input, init);
    points.pass('answer');
    return response;
  };
}
