import type { MessageEvent, ParentPort } from 'electron';
import { Fault } from '#shared/domain/fault.ts';
import { Session, type Transport } from '#shared/rpc/index.ts';
import { type CoreMessage, type MainMessage, mainMessage, OPERATOR } from '../ipc/index.ts';
import { createInstaller } from './installer.ts';
import { createKeychain } from './keychain.ts';
import { type StationHost, openStationHost } from './station-host.ts';
import { portTransport } from './port-transport.ts';

/** Waits for `start`, opens the station and serves pages until `stop`; then closes the station and ends the process. */
export function runCore(parent: ParentPort): void {
  const send = (message: CoreMessage): void => parent.postMessage(message);
  const keychain = createKeychain(send);
  const installer = createInstaller(send);
  let host: Promise<StationHost> | null = null;
  const sessions = new Map<number, Session>();

  parent.on('message', (event: MessageEvent) => {
    const parsed = mainMessage.safeParse(event.data);
    // An unknown message is ignored; the runs under way continue.
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.t) {
      case 'start':
        host ??= open(message);
        return;
      case 'page':
        return connect(event, message.window, (station, transport, session) =>
          station.serve(transport, session),
        );
      case 'upload':
        return connect(event, message.window, (station, transport, session) =>
          station.receiveUpload(transport, session),
        );
      case 'file':
        void find(message);
        return;
      case 'keychain':
        keychain.answer(message.id, message.output);
        return;
      case 'installer':
        installer.answer(message.id, message.isOpened);
        return;
      case 'stop':
        void stop();
        return;
    }
  });

  /** A page that was reloaded keeps its session; another window has another one. */
  function sessionOf(window: number): Session {
    const session = sessions.get(window) ?? new Session(OPERATOR, { kind: 'window', atComputer: true });
    sessions.set(window, session);
    return session;
  }

  /** Connects the port of a page to the station, or closes it when there is no station. */
  function connect(
    event: MessageEvent,
    window: number,
    serve: (station: StationHost, transport: Transport, session: Session) => void,
  ): void {
    const [port] = event.ports;
    if (port === undefined) return;
    if (host === null) port.close();
    else
      void host.then(
        (station) => serve(station, portTransport(port), sessionOf(window)),
        () => port.close(),
      );
  }

  async function find({ id, window, fileId }: Extract<MainMessage, { t: 'file' }>): Promise<void> {
    const opened = await host?.catch(() => null);
    send({ t: 'file', id, file: opened?.findFile(fileId, sessionOf(window)) ?? null });
  }

  async function open(start: Extract<MainMessage, { t: 'start' }>): Promise<StationHost> {
    try {
      const opened = await openStationHost(start, {
        secretBoxOver: (keyFile) => keychain.box(keyFile, start.keychain),
        openInstaller: installer.open,
      });
      opened.onRunCount((count) => send({ t: 'runs', count }));
      // Main starts this process again, and reports the fault if it stays.
      opened.brokenSignal.addEventListener('abort', () => process.exit(1));
      send({ t: 'ready', station: opened.name });
      opened.onNotice((notice) => send({ t: 'notice', notice }));
      opened.onLanguage((language) => send({ t: 'language', language }));
      return opened;
    } catch (error) {
      // A fault needs a person. Any other error is a defect: it ends the process, and main starts it again.
      if (!(error instanceof Fault)) throw error;
      send({ t: 'failed', code: error.code, message: error.message, hint: error.hint });
      throw error;
    }
  }

  async function stop(): Promise<void> {
    const opened = await host?.catch(() => null);
    await opened?.close();
    process.exit(0);
  }
}
