/**
 * Runs in a process of its own: loads the bundle of the core as Electron's utilityProcess does, with the parent port and
 * the message ports that it expects there. `node core-child.ts BUNDLE`
 */
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type { CoreWire } from './core-process.ts';
import { CarriedPorts } from './ports.ts';

const [, , bundle = ''] = process.argv;
const send = (wire: CoreWire): void => void process.send?.(wire);
const ports = new CarriedPorts((message) => send({ kind: 'port', message }));

/** A port of Node in the form of Electron's MessagePortMain. */
function asPortMain(port: MessagePort): object {
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    close: () => port.close(),
    start: () => port.start(),
    on: (event: 'message' | 'close', listener: (event?: { data: unknown }) => void) =>
      event === 'message'
        ? port.on('message', (data: unknown) => listener({ data }))
        : port.on('close', () => listener()),
  };
}

class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send({ kind: 'parent', data, ports: [] });
  }
}
const parent = new ParentPort();
Object.assign(process, { parentPort: parent });
process.on('message', (wire: CoreWire) => {
  if (wire.kind === 'port') ports.receive(wire.message);
  else
    parent.emit('message', { data: wire.data, ports: wire.ports.map((id) => asPortMain(ports.accept(id))) });
});
// Without its program a station has no window and no end.
process.on('disconnect', () => process.exit(1));
await import(pathToFileURL(bundle).href);
