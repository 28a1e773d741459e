import type { MessageEvent, ParentPort } from 'electron';
import { Fault } from '#shared/domain/fault.ts';
import { createSessionRef, type SessionRef, type Transport } from '#shared/rpc/index.ts';
import { type CoreMessage, type MainMessage, mainMessage, OPERATOR } from '../link/index.ts';
import { createKeychain } from './keychain.ts';
import { type StationHost, openStationHost } from './open-desk.ts';
import { overPort } from './over-port.ts';

/** Waits for `start`, opens the station, serves pages until `stop`. Ends the process when the station is closed. */
export function runCore(parent: ParentPort): void {
  const say = (message: CoreMessage): void => parent.postMessage(message);
  const keychain = createKeychain(say);
  let desk: Promise<StationHost> | null = null;
  const sessionRefs = new Map<number, SessionRef>();

  parent.on('message', (event: MessageEvent) => {
    const parsed = mainMessage.safeParse(event.data);
    // Anything that is no message gets no answer; the units that are worked on go on.
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.t) {
      case 'start':
        desk ??= open(message);
        return;
      case 'page':
        return admit(event, message.window, (it, wire, sessionRef) => it.serve(wire, sessionRef));
      case 'bring':
        return admit(event, message.window, (it, wire, sessionRef) => it.bring(wire, sessionRef));
      case 'file':
        void find(message);
        return;
      case 'keychain':
        keychain.answer(message.id, message.output);
        return;
      case 'stop':
        void stop();
        return;
    }
  });

  /** A page that was reloaded finds its person still signed in; another window does not. */
  function sessionRefOf(window: number): SessionRef {
    const sessionRef = sessionRefs.get(window) ?? createSessionRef(OPERATOR);
    sessionRefs.set(window, sessionRef);
    return sessionRef;
  }

  /** The page's port to the station; closed when there is none. */
  function admit(
    event: MessageEvent,
    window: number,
    serve: (desk: StationHost, wire: Transport, sessionRef: SessionRef) => void,
  ): void {
    const [port] = event.ports;
    if (port === undefined) return;
    if (desk === null) port.close();
    else
      void desk.then(
        (it) => serve(it, overPort(port), sessionRefOf(window)),
        () => port.close(),
      );
  }

  async function find({ id, window, fileId }: Extract<MainMessage, { t: 'file' }>): Promise<void> {
    const opened = await desk?.catch(() => null);
    say({ t: 'file', id, file: opened?.find(fileId, sessionRefOf(window)) ?? null });
  }

  async function open(start: Extract<MainMessage, { t: 'start' }>): Promise<StationHost> {
    try {
      const opened = await openStationHost(start, (keyFile) => keychain.box(keyFile, start.keychain));
      opened.onRuns((count) => say({ t: 'runs', count }));
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
    const opened = await desk?.catch(() => null);
    await opened?.close();
    process.exit(0);
  }
}
