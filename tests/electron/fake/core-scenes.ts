/**
 * Runs in a process of its own: loads the built core bundle as Electron's utilityProcess would, with a parent port
 * that is played here, and worker ports where Electron has its own. `node core-scenes.ts BUNDLE DATA_DIR SCENE`
 */
import { EventEmitter, once } from 'node:events';
import { openAsBlob, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { contract } from '../../../shared/contract/index.ts';
import type { FirmwareTopicState } from '../../../shared/contract/index.ts';
import { sendUpload } from '../../../shared/files/index.ts';
import { connect, messagePortTransport, type Transport } from '../../../shared/rpc/index.ts';
import { until } from '../../support/until.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

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

/** The page's end of a new channel, whose other end the core has got. */
function channel(message: { t: 'page' | 'upload'; window: number }): Transport {
  const { port1, port2 } = new MessageChannel();
  parent.say(message, [asPortMain(port1)]);
  return messagePortTransport({
    postMessage: (frame) => port2.postMessage(frame),
    close: () => port2.close(),
    listen(onMessage, onClose) {
      port2.on('message', onMessage);
      port2.on('close', onClose);
    },
  });
}

function openPage(window = 1) {
  return connect(contract, channel({ t: 'page', window }));
}

const codeOf = (error: unknown): unknown => (error as { code: unknown }).code;

/** Brings a file of this disk as the page of a window does. */
async function bring(
  window: number,
  path: string,
  onProgress = (_: number) => undefined as void,
  signal = NEVER_ABORTED,
) {
  const blob = await openAsBlob(path);
  const read = async (at: number, length: number) =>
    new Uint8Array(await blob.slice(at, at + length).arrayBuffer());
  const file = { name: 'sample.zip', sizeBytes: blob.size, read };
  return sendUpload(channel({ t: 'upload', window }), file, onProgress, signal);
}

let asks = 0;
/** What the core answers main, which asks for a window. */
async function find(window: number, fileId: string): Promise<unknown> {
  const id = (asks += 1);
  parent.say({ t: 'file', id, window, fileId });
  for (;;) {
    const known = parent.said.find((message) => message.t === 'file' && message['id'] === id);
    if (known !== undefined) return known['file'];
    await once(parent, 'said');
  }
}

const start = { t: 'start', dataDir, slots: [], sampleLine: false, appVersion: '9.9.9', keychain: true };

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
  /** Main of another build, or none at all. */
  async garbled() {
    parent.say({ ...start, keychain: false });
    await parent.next('ready');
    const threw: string[] = [];
    const nothings = [null, undefined, 7, 'stop', [], {}, { t: 'start' }, { t: 'page', window: 'x' }];
    const huge = { t: 'keychain', id: 1, output: new Uint8Array(1 << 20) };
    for (const message of [...nothings, { t: 'page', window: -1 }, { t: 'file', id: 1, window: 1 }, huge])
      try {
        parent.say(message);
      } catch (error) {
        threw.push(String(error));
      }
    process.kill(process.pid, 'SIGUSR1');
    const info = await openPage().call('station.info', {});
    return { threw, info };
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
  /** Wang and Li are engineers; `sample.zip` lies in the data directory, and there is a batch with a run. */
  async files() {
    const sample = join(dataDir, 'sample.zip');
    parent.say({ ...start, keychain: false });
    await parent.next('ready');
    const wang = openPage(1);
    const byOperator = await bring(1, sample).catch(codeOf);
    await wang.call('session.signIn', { name: 'Wang', pin: '246813' });
    const li = openPage(2);
    await li.call('session.signIn', { name: 'Li', pin: '246813' });
    const operator = await bring(3, sample).catch(codeOf);

    const stop = new AbortController();
    const cancelled = await bring(1, sample, (bytes) => bytes > 8e6 && stop.abort(), stop.signal).catch(
      codeOf,
    );
    const uploads = (): string[] => readdirSync(join(dataDir, 'uploads'));
    await until(() => uploads().length === 0, 'the end of the cancelled file');

    const { fileId, sizeBytes } = await bring(1, sample);
    const waiting = uploads().length;
    const byLi = await li.call('firmware.import', { fileIds: [fileId] }).catch(codeOf);
    let state: FirmwareTopicState = { packages: [], jobs: [] };
    wang.watch('firmware', { onState: (next) => (state = next) });
    await wang.call('firmware.import', { fileIds: [fileId] });
    await until(() => state.jobs.some((job) => job.state !== 'running'), 'the end of the import');

    const { batches } = await wang.call('batches.list', {});
    const batchId = batches[0]?.batchId ?? '';
    const made = await wang.call('reports.export', { batchId, format: 'csv' });
    return {
      refused: [byOperator, operator, byLi],
      cancelled,
      sizeBytes,
      waiting,
      imported: state.packages.map(({ sha256 }) => sha256),
      left: uploads(),
      found: await find(1, made.fileId),
      notFound: [await find(3, made.fileId), await find(1, `${made.fileId}0`), await find(1, fileId)],
    };
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
