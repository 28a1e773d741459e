import { createHash, randomBytes } from 'node:crypto';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import type { Actor, Role } from '#shared/rpc/index.ts';
import { createPageHandler } from '../../electron/main/pages.ts';
import { timesOpen } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const MIB = 1024 * 1024;
const NAME = '一号线_WO-17_20261121T080000Z.csv';
let dir: ReturnType<typeof tempDir>;
let path: string;
beforeEach(() => {
  dir = tempDir('answer-file');
  path = join(dir.path, NAME);
});
afterEach(() => dir[Symbol.dispose]());

/** The pages' handler for a window at which somebody sits; one file under the id `abc`, for engineers. */
function windowOf({ role }: Pick<Actor<Role>, 'role'>) {
  const asked: string[] = [];
  const find = (fileId: string): Promise<OutgoingFile | null> => {
    asked.push(fileId);
    const theirs = fileId === 'abc' && role === 'engineer';
    return Promise.resolve(theirs ? { path, name: NAME, type: 'text/csv; charset=utf-8' } : null);
  };
  const handle = createPageHandler(join(dir.path, 'pages'), find);
  return {
    asked,
    get: (target: string, init: RequestInit = {}) => handle(new Request(`app://gongwei${target}`, init)),
  };
}
const engineer = () => windowOf({ role: 'engineer' });

/** How many handles of this process point at the file. */
function handles(): number {
  return process.platform === 'linux' ? timesOpen(path) : 0;
}

describe('a file that is saved from a desktop window', () => {
  test('comes as a download, under its name, with what every answer says', async () => {
    writeFileSync(path, '\uFEFFrun,batch\r\n1,一\r\n');
    const answer = await engineer().get('/files/abc');
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('\uFEFFrun,batch\r\n1,一\r\n');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '21',
      'content-disposition':
        'attachment; filename="____WO-17_20261121T080000Z.csv"; ' +
        "filename*=UTF-8''%E4%B8%80%E5%8F%B7%E7%BA%BF_WO-17_20261121T080000Z.csv",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  test('of 96 MB comes whole, a piece at a time, none ahead of who saves it', async () => {
    const block = randomBytes(MIB);
    const whole = createHash('sha256');
    writeFileSync(path, '');
    for (let n = 0; n < 96; n += 1) {
      writeFileSync(path, block, { flag: 'a' });
      whole.update(block);
    }
    const { body } = await engineer().get('/files/abc');
    const came = createHash('sha256');
    let bytes = 0;
    let largest = 0;
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      came.update(piece);
      bytes += piece.length;
      largest = Math.max(largest, piece.length);
    }
    expect(bytes).toBe(96 * MIB);
    expect(came.digest('hex')).toBe(whole.digest('hex'));
    expect(largest).toBeLessThanOrEqual(256 * 1024);
    expect(handles()).toBe(0);
  });

  test.runIf(process.platform === 'linux')('is let go when nobody wants the rest', async () => {
    writeFileSync(path, Buffer.alloc(5 * MIB));
    const { body } = await engineer().get('/files/abc');
    const reader = body!.getReader();
    await reader.read();
    expect(handles()).toBe(1);
    await reader.cancel();
    expect(handles()).toBe(0);
  });

  test('of no length comes, too', async () => {
    writeFileSync(path, '');
    const answer = await engineer().get('/files/abc');
    expect(answer.headers.get('content-length')).toBe('0');
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
    expect(handles()).toBe(0);
  });

  test('that becomes shorter meanwhile is broken off, not passed off as whole', async () => {
    writeFileSync(path, Buffer.alloc(3 * MIB));
    const { body } = await engineer().get('/files/abc');
    const reader = body!.getReader();
    await reader.read();
    truncateSync(path, MIB);
    const rest = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow('shorter');
    expect(handles()).toBe(0);
  });

  test('is nothing to who may not have it, under another id, or when it is gone', async () => {
    writeFileSync(path, 'secret of the line');
    const seen = [
      await windowOf({ role: 'operator' }).get('/files/abc'),
      await windowOf({ role: 'support' }).get('/files/abc'),
      await engineer().get('/files/abd'),
      await engineer().get('/files/__proto__'),
    ];
    rmSync(path);
    seen.push(await engineer().get('/files/abc'));
    for (const answer of seen) expect([answer.status, await answer.text()]).toEqual([404, '']);
  });

  test.each([
    '/files/',
    '/files/..%2f..%2fetc%2fpasswd',
    '/files/%2e%2e',
    '/files/..%5c..%5cx',
    '/files/abc%00',
    '/files/abc/',
    '/files/abc/../abc/x',
    `/files/${'a'.repeat(129)}`,
    '/files/%61bc',
  ])('is asked for by its id: %s leads nowhere and is not even asked for', async (target) => {
    writeFileSync(path, 'x');
    const { get, asked } = engineer();
    const answer = await get(target);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
    expect(asked).toEqual([]);
  });

  test.each<[string, RequestInit]>([
    ['POST', { method: 'POST', body: 'x' }],
    ['HEAD', { method: 'HEAD' }],
    ['another origin', { headers: { origin: 'https://evil.example' } }],
    ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ])('is not given to %s', async (_, init) => {
    writeFileSync(path, 'x');
    const { get, asked } = engineer();
    expect((await get('/files/abc', init)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  test('is not at another host of the scheme', async () => {
    writeFileSync(path, 'x');
    const handle = createPageHandler(dir.path, () => Promise.reject(new Error('asked')));
    expect((await handle(new Request('app://evil/files/abc'))).status).toBe(404);
  });
});
