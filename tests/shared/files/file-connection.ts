import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { messagePortTransport, type Transport } from '#shared/rpc/index.ts';

/** Two ends of a real MessageChannel, with all that went over it in one direction. */
export interface FileConnection extends Disposable {
  readonly page: Transport;
  readonly station: Transport;
}

export function openFileConnection(): FileConnection {
  const { port1, port2 } = new MessageChannel();
  return {
    page: overWorkerPort(port1),
    station: overWorkerPort(port2),
    [Symbol.dispose]() {
      port1.close();
      port2.close();
    },
  };
}

export function overWorkerPort(port: MessagePort): Transport {
  return messagePortTransport({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    listen(onMessage, onClose) {
      port.on('message', onMessage);
      port.on('close', onClose);
    },
  });
}
