import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FILE_PORT_MESSAGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import { Fault } from '#shared/domain/fault.ts';
import { receiveUpload, type StoreUpload } from '#shared/files/index.ts';
import { portTransfer } from '../../renderer/src/services/files/port-transfer.ts';
import { portTransport } from '../../renderer/src/services/client/port-transport.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

const MIB = 1024 * 1024;
const fetchNothing = (): Promise<void> => Promise.resolve();
const quiet = (): void => undefined;

/** A window whose host gives ports that lead to `take`, as a desktop's does; or none. */
function openWindow(take: StoreUpload | null) {
  const window = new EventTarget() as unknown as Window;
  const post = (ports: MessagePort[], source: unknown = window): void => {
    const event = new MessageEvent('message', { data: FILE_PORT_MESSAGE, ports });
    // Node's has none.
    Object.defineProperty(event, 'source', { value: source });
    window.dispatchEvent(event);
  };
  let asked = 0;
  const bridge: HostBridge = {
    connect: quiet,
    openUploadPort() {
      asked += 1;
      if (take === null) return void queueMicrotask(() => post([]));
      const { port1, port2 } = new MessageChannel();
      receiveUpload(portTransport(port1), take, String);
      queueMicrotask(() => post([port2]));
    },
  };
  return {
    carrier: portTransfer(bridge, window, {
      fetch: fetchNothing,
      read: () => Promise.reject(new Error('nothing is read')),
    }),
    post,
    asked: () => asked,
  };
}

const takeAll: StoreUpload = async (name, sizeBytes, source) => {
  const hash = createHash('sha256');
  for await (const part of source) hash.update(part);
  return { fileId: hash.digest('hex'), name, sizeBytes };
};

describe('a page in a desktop window', () => {
  test('sends a file over a port of its own and hears how far it is', async () => {
    const bytes = Buffer.alloc(5 * MIB + 17, 'gongwei ');
    const { carrier } = openWindow(takeAll);
    const heard: number[] = [];
    const sent = await carrier.send(new File([bytes], '固件.zip'), (done) => heard.push(done), NEVER_ABORTED);
    expect(sent).toEqual({ fileId: createHash('sha256').update(bytes).digest('hex'), name: '固件.zip' });
    expect(heard.at(-1)).toBe(bytes.length);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
  });

  test('several at a time each get their own', async () => {
    const { carrier, asked } = openWindow(takeAll);
    const send = (text: string) => carrier.send(new File([text], text), quiet, NEVER_ABORTED);
    const sent = await Promise.all(['a', 'bb', 'ccc'].map(send));
    expect(sent.map(({ name }) => name)).toEqual(['a', 'bb', 'ccc']);
    expect(new Set(sent.map(({ fileId }) => fileId)).size).toBe(3);
    expect(asked()).toBe(3);
  });

  test('says so when there is no station, and what the station says', async () => {
    const { signal } = new AbortController();
    const file = new File(['x'], 'a.zip');
    await expect(openWindow(null).carrier.send(file, quiet, signal)).rejects.toMatchObject({
      code: 'disconnected',
      hint: 'Upload it again.',
    });
    const refusing = openWindow(() => Promise.reject(new Fault('forbidden', 'no', { hint: 'Sign in.' })));
    await expect(refusing.carrier.send(file, quiet, signal)).rejects.toMatchObject({
      code: 'forbidden',
      hint: 'Sign in.',
    });
  });

  test('cancels before, while and after it waits for a port', async () => {
    const file = new File([Buffer.alloc(50 * MIB)], 'a.zip');
    const before = AbortSignal.abort();
    const first = openWindow(takeAll);
    await expect(first.carrier.send(file, quiet, before)).rejects.toMatchObject({ code: 'cancelled' });
    expect(first.asked()).toBe(0);

    const waiting = new AbortController();
    const sent = openWindow(takeAll).carrier.send(file, quiet, waiting.signal);
    waiting.abort();
    await expect(sent).rejects.toMatchObject({ code: 'cancelled' });

    const under = new AbortController();
    const ended = Promise.withResolvers<unknown>();
    const taking: StoreUpload = async (...args) => {
      const taken = takeAll(...args);
      taken.then(ended.resolve, ended.resolve);
      return taken;
    };
    const third = openWindow(taking).carrier.send(file, () => under.abort(), under.signal);
    await expect(third).rejects.toMatchObject({ code: 'cancelled' });
    expect(await ended.promise).toMatchObject({ code: 'disconnected' });
  });

  test('takes no port from anybody but its own window', async () => {
    const { carrier, post } = openWindow(takeAll);
    const { port1, port2 } = new MessageChannel();
    const sent = carrier.send(new File(['x'], 'a'), quiet, NEVER_ABORTED);
    post([port2], {});
    expect((await sent).fileId).toBe(createHash('sha256').update('x').digest('hex'));
    port1.close();
  });
});
