import type { MessageEvent, MessagePortMain, ParentPort } from 'electron';
import { Fault } from '#shared/domain/fault.ts';
import {
  createSessionRef,
  messagePortTransport,
  type SessionRef,
  type Transport,
} from '#shared/rpc/index.ts';
import { createBleCentral, createNodePlatform, createStation, type Station } from '#station';
import { type CoreMessage, type MainMessage, mainMessage, OPERATOR } from '../link/index.ts';
import { createKeychain } from './keychain.ts';

/** Waits for `start`, opens the station, serves pages until `stop`. Ends the process when the station is closed. */
export function runCore(parent: ParentPort): void {
  const say = (message: CoreMessage): void => parent.postMessage(message);
  const keychain = createKeychain(say);
  let station: Promise<Station> | null = null;
  const seats = new Map<number, SessionRef>();

  parent.on('message', (event: MessageEvent) => {
    const message = mainMessage.parse(event.data);
    switch (message.t) {
      case 'start':
        station ??= open(message);
        return;
      case 'page': {
        const [port] = event.ports;
        if (port === undefined) return;
        if (station === null) port.close();
        else
          void station.then(
            (it) => it.serve(overPort(port), seatOf(message.window)),
            () => port.close(),
          );
        return;
      }
      case 'keychain':
        keychain.answer(message.id, message.output);
        return;
      case 'stop':
        void stop();
        return;
    }
  });

  /** A page that was reloaded finds its person still signed in; another window does not. */
  function seatOf(window: number): SessionRef {
    const seat = seats.get(window) ?? createSessionRef(OPERATOR);
    seats.set(window, seat);
    return seat;
  }

  async function open(start: Extract<MainMessage, { t: 'start' }>): Promise<Station> {
    try {
      const ble = start.ble === undefined ? {} : { ble: createBleCentral(start.ble) };
      const onNode = createNodePlatform(start.dataDir, ble);
      const platform = { ...onNode, secretBox: keychain.box(onNode.secretBox, start.keychain) };
      const opened = await createStation(platform, {
        slots:
          start.slots.length === 0
            ? 'remembered'
            : start.slots.map((portPath, index) => ({ slot: index + 1, portPath })),
        appVersion: start.appVersion,
      });
      say({ t: 'ready', station: opened.name });
      return opened;
    } catch (error) {
      // A known fault needs a person; anything else is a defect, and the process ends with it to be started again.
      if (!(error instanceof Fault)) throw error;
      say({ t: 'failed', code: error.code, message: error.message, hint: error.hint });
      throw error;
    }
  }

  async function stop(): Promise<void> {
    const opened = await station?.catch(() => null);
    await opened?.close();
    process.exit(0);
  }
}

function overPort(port: MessagePortMain): Transport {
  return messagePortTransport({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    listen(onMessage, onClose) {
      port.on('message', (event) => onMessage(event.data));
      port.on('close', onClose);
      port.start();
    },
  });
}
