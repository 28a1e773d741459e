import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { UploadStore, MAX_UPLOAD_BYTES } from '../../station/core/uploads/index.ts';
import { ask } from './ask.ts';
import { openKiosk, type TestKiosk } from './open-kiosk.ts';
import { openReopenable } from '../kit/reopenable.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

let dir: string;
let uploads: UploadStore;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gongwei-drops-'));
  let ids = 0;
  uploads = new UploadStore(dir, () => `id-${(ids += 1)}`);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function openWithFiles(role: 'engineer' | 'operator' = 'engineer'): Promise<TestKiosk> {
  return openKiosk({
    actor: { role, user: 'Li' },
    station: {
      serve: () => undefined,
      receiveUpload: async (name, sizeBytes, source, session, signal) => {
        if (session.role !== 'engineer') throw new Fault('forbidden', 'no', { hint: 'Sign in.' });
        return uploads.receive(name, sizeBytes, source, session.user, signal);
      },
    },
  });
}

async function headersOf(setup: TestKiosk): Promise<Record<string, string>> {
  return {
    ...(await setup.enter()),
    origin: setup.origin,
    'content-type': 'application/octet-stream',
    'sec-fetch-site': 'same-origin',
  };
}

/** Nothing of any dropped file is left. */
function expectEmpty(): void {
  expect(existsSync(join(dir, 'uploads')) ? readdirSync(join(dir, 'uploads')) : []).toEqual([]);
}

describe('a file that a page brings', () => {
  test('is streamed to disk whole, under an id, and gone after it was used', async () => {
    await using setup = await openWithFiles();
    const bytes = Buffer.alloc(5_000_000, 'gongwei ');
    const response = await fetch(`${setup.origin}/files?name=${encodeURIComponent('固件 1.0.zip')}`, {
      method: 'POST',
      headers: await headersOf(setup),
      body: bytes,
    });
    expect(response.status).toBe(200);
    const { fileId, name, sizeBytes } = (await response.json()) as Record<string, string | number>;
    expect({ name, sizeBytes }).toEqual({ name: '固件 1.0.zip', sizeBytes: bytes.length });
    {
      using taken = uploads.take([String(fileId)], 'Li');
      const [path = ''] = taken.paths;
      const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
      expect(sha256(readFileSync(path))).toBe(sha256(bytes));
      expect(() => uploads.take([String(fileId)], 'Li')).toThrow(
        expect.objectContaining({ code: 'not-found' }) as Error,
      );
    }
    expectEmpty();
  });

  test('reaches a station that its pages can open again, as every kiosk has one', async () => {
    await using opened = await openReopenable(dir);
    await using setup = await openKiosk({
      actor: { role: 'engineer', user: 'Li' },
      station: opened.station,
    });
    const response = await fetch(`${setup.origin}/files?name=triples.csv`, {
      method: 'POST',
      headers: await headersOf(setup),
      body: 'a,b',
    });
    expect({ status: response.status, body: await response.text() }).toMatchObject({ status: 200 });
    expect(setup.logged.filter((line) => line.startsWith('kiosk.request'))).toEqual([]);
  });

  test.each([
    ['../../evil.zip', 'evil.zip'],
    ['C:\\evil.zip', 'evil.zip'],
    ['..', 'upload'],
    ['a\u0000b\n.zip', 'a_b_.zip'],
    ['x'.repeat(300) + '.bin.ota', 'x'.repeat(72) + '.bin.ota'],
  ])('called %j cannot leave its folder', async (given, name) => {
    await using setup = await openWithFiles();
    const response = await fetch(`${setup.origin}/files?name=${encodeURIComponent(given)}`, {
      method: 'POST',
      headers: await headersOf(setup),
      body: Buffer.from('x'),
    });
    expect(await response.json()).toEqual({ fileId: 'id-1', name, sizeBytes: 1 });
    expect(existsSync(join(dir, 'uploads', 'id-1', name))).toBe(true);
  });

  test('is received also when it is empty: a package may have an empty document', async () => {
    await using setup = await openWithFiles();
    const response = await fetch(`${setup.origin}/files?name=readme.txt`, {
      method: 'POST',
      headers: await headersOf(setup),
      body: new Uint8Array(),
    });
    expect(await response.json()).toEqual({ fileId: 'id-1', name: 'readme.txt', sizeBytes: 0 });
    expect(readFileSync(join(dir, 'uploads', 'id-1', 'readme.txt'))).toHaveLength(0);
  });

  test('is refused to who may not import, in words', async () => {
    await using setup = await openWithFiles('operator');
    const response = await fetch(`${setup.origin}/files?name=a.zip`, {
      method: 'POST',
      headers: await headersOf(setup),
      body: Buffer.from('x'),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ code: 'forbidden', message: 'no', hint: 'Sign in.' });
    expectEmpty();
  });

  test('too large is refused by its length, before any of it is read', async () => {
    await using setup = await openWithFiles();
    const headers = { ...(await headersOf(setup)), 'content-length': String(MAX_UPLOAD_BYTES + 1) };
    const answer = await new Promise<string>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: setup.kiosk.port,
        method: 'POST',
        path: '/files?name=a.zip',
        headers,
      };
      const asked = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
      });
      asked.on('error', reject);
      asked.flushHeaders();
    });
    expect(answer).toContain('400');
    expect(JSON.parse(answer.slice(4))).toMatchObject({ code: 'bad-input' });
    expectEmpty();
  });

  test('whose page goes away in the middle leaves nothing', async () => {
    const ended = Promise.withResolvers<unknown>();
    await using setup = await openKiosk({
      actor: { role: 'engineer', user: 'Li' },
      station: {
        serve: () => undefined,
        receiveUpload: (name, sizeBytes, source, { user }, signal) => {
          const received = uploads.receive(name, sizeBytes, source, user, signal);
          received.then(ended.resolve, ended.resolve);
          return received;
        },
      },
    });
    const headers = { ...(await headersOf(setup)), 'content-length': '1000000' };
    const options = {
      host: '127.0.0.1',
      port: setup.kiosk.port,
      method: 'POST',
      path: '/files?name=a.zip',
      headers,
    };
    const asked = request(options);
    asked.on('error', () => undefined);
    asked.write(Buffer.alloc(300_000), () => setImmediate(() => asked.destroy()));
    expect(await ended.promise).toMatchObject({
      code: expect.stringMatching(/disconnected|bad-input/) as string,
    });
    expectEmpty();
  });

  test('waits with at most fifteen others; the oldest goes', async () => {
    const one = async (): Promise<string> => {
      const source = (async function* () {
        yield Buffer.from('x');
      })();
      return (await uploads.receive('a', 1, source, 'Li', NEVER_ABORTED)).fileId;
    };
    const first = await one();
    for (let n = 0; n < 16; n += 1) await one();
    expect(() => uploads.take([first], 'Li')).toThrow(
      expect.objectContaining({ code: 'not-found' }) as Error,
    );
    expect(readdirSync(join(dir, 'uploads'))).toHaveLength(16);
  });

  test('is forgotten when the station starts anew', async () => {
    const source = (async function* () {
      yield Buffer.from('x');
    })();
    await uploads.receive('a', 1, source, 'Li', NEVER_ABORTED);
    new UploadStore(dir, () => 'other');
    expectEmpty();
  });

  test('that is longer or shorter than announced is not kept', async () => {
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
    };
    const { signal } = new AbortController();
    for (const announced of [9, 11])
      await expect(uploads.receive('a', announced, bytes(), 'Li', signal)).rejects.toMatchObject({
        code: 'bad-input',
      });
    expectEmpty();
  });

  test('is nothing to anybody but who has brought it', async () => {
    const source = (async function* () {
      yield Buffer.from('x');
    })();
    const { fileId } = await uploads.receive('a', 1, source, 'Li', NEVER_ABORTED);
    expect(() => uploads.take([fileId], 'Wang')).toThrow(
      expect.objectContaining({ code: 'not-found' }) as Error,
    );
    using taken = uploads.take([fileId], 'Li');
    expect(taken.paths).toHaveLength(1);
  });
});

describe('POST /files gets nothing', () => {
  test.each<[string, (headers: Record<string, string>, setup: TestKiosk) => Record<string, string>, string?]>(
    [
      ['without a session', ({ cookie: _, ...rest }) => rest],
      ['with the cookie alone', ({ 'x-gongwei-key': _, ...rest }) => rest],
      ['without an Origin', ({ origin: _, ...rest }) => rest],
      ['from another origin', (headers) => ({ ...headers, origin: 'http://evil.example' })],
      ['from an opaque origin', (headers) => ({ ...headers, origin: 'null' })],
      ['from another site', (headers) => ({ ...headers, 'sec-fetch-site': 'cross-site' })],
      ['under a rebound name', (headers) => ({ ...headers, host: 'evil.example' })],
      ['as a form', (headers) => ({ ...headers, 'content-type': 'multipart/form-data; boundary=x' })],
      [
        'as text, which a form of another site can send',
        (headers) => ({ ...headers, 'content-type': 'text/plain' }),
      ],
      ['with the token of a link in its address', (headers) => headers, '/files?name=a&token=x'],
      ['without a name', (headers) => headers, '/files'],
      ['for another address', (headers) => headers, '/other?name=a'],
      ['in chunks without a length', (headers) => ({ ...headers, 'transfer-encoding': 'chunked' })],
    ],
  )('%s', async (_, change, path = '/files?name=a.zip') => {
    await using setup = await openWithFiles();
    const headers = change(await headersOf(setup), setup);
    const answer = await ask(setup.kiosk.port, { path, method: 'POST', headers, body: 'x' });
    expect(answer).toMatchObject({ status: 403, body: '' });
    expectEmpty();
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s neither', async (method) => {
    await using setup = await openWithFiles();
    const options = { path: '/files?name=a.zip', method, headers: await headersOf(setup), body: 'x' };
    expect(await ask(setup.kiosk.port, options)).toMatchObject({ status: 403, body: '' });
  });

  test('when the station takes no files', async () => {
    await using setup = await openKiosk();
    const options = { path: '/files?name=a.zip', method: 'POST', headers: await headersOf(setup), body: 'x' };
    expect(await ask(setup.kiosk.port, options)).toMatchObject({ status: 404, body: '' });
  });
});
