/**
 * Runs in a process of its own: loads the built core bundle as Electron's utilityProcess would, with a parent port
 * that is played here, and worker ports where Electron has its own. `node core-scenes.ts BUNDLE DATA_DIR SCENE`
 */
import { EventEmitter, once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { contract } from '../../../shared/contract/index.ts';
import { connect, messagePortTransport } from '../../../shared/rpc/index.ts';

const [, , bundle = '', dataDir = '', name = ''] = process.argv;

class ParentPort extends EventEmitter {
  readonly said: { t: string; [field: string]: unknown }[] = [];
  postMessage(message: { t: string }): void {
    this.said.push(message);
    this.emit('said', message);
  }
  say(data: unknown, ports: unknown[] = []): void {
    this.emit('message', { data, ports });
  }
  async next(t: string): Promise<{ t: string; [field: string]: unknown }> {
    const known = this.said.find((message) => message.t === t);
    if (known !== undefined) return known;
    for (;;) {
      const [message] = (await once(this, 'said')) as [{ t: string }];
      if (message.t === t) return message;
    }
  }
}

const parent = new ParentPort();
Object.assign(process, { parentPort: parent });

/** Main's keychain, played: turns bytes around, or refuses. */
function playKeychain(refuses: boolean): void {
  parent.on('said', (message: { t: string; id: number; input: Uint8Array }) => {
    if (message.t !== 'keychain') return;
    const output = refuses ? null : Uint8Array.from(message.input).reverse();
    queueMicrotask(() => parent.say({ t: 'keychain', id: message.id, output }));
  });
}

/** A worker's MessagePort with the manners of Electron's MessagePortMain. */
function asPortMain(port: MessagePort): unknown {
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

function openPage() {
  const { port1, port2 } = new MessageChannel();
  parent.say({ t: 'page', window: 1 }, [asPortMain(port1)]);
  const client = connect(
    contract,
    messagePortTransport({
      postMessage: (message) => port2.postMessage(message),
      close: () => port2.close(),
      listen(onMessage, onClose) {
        port2.on('message', onMessage);
        port2.on('close', onClose);
      },
    }),
  );
  return client;
}

const start = { t: 'start', dataDir, slots: [], appVersion: '9.9.9', keychain: true };

const SCENES: Readonly<Record<string, () => Promise<unknown>>> = {
  async serve() {
    playKeychain(false);
    parent.say(start);
    await parent.next('ready');
    const info = await openPage().call('station.info', {});
    const refused: unknown = await openPage()
      .call('identity.audit', {})
      .catch((error: { code: string }) => error.code);
    const wrapped = parent.said.filter(({ t }) => t === 'keychain').length;
    return { info, refused, wrapped, said: parent.said.map(({ t }) => t) };
  },
  async refusedKeychain() {
    playKeychain(true);
    parent.say(start);
    return await parent.next('failed');
  },
  async keyFile() {
    parent.say({ ...start, keychain: false });
    await parent.next('ready');
    return { said: parent.said.map(({ t }) => t) };
  },
  async busy() {
    parent.say({ ...start, keychain: false });
    return await parent.next('failed');
  },
  async tooEarly() {
    const client = openPage();
    return await client.call('station.info', {}).catch((error: { code: string }) => error.code);
  },
};

await import(pathToFileURL(bundle).href);
const scene = SCENES[name];
if (scene === undefined) throw new Error(`no scene "${name}"`);
const seen = await scene();
process.stdout.write(`${JSON.stringify(seen)}\n`);
// Told to stop, it closes the ledger and ends the process itself.
parent.say({ t: 'stop' });
