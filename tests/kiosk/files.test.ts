import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Actor, Role } from '#shared/rpc/index.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ask } from './ask.ts';
import { openKiosk } from './open-kiosk.ts';

const ENGINEER: Actor<Role> = { role: 'engineer', user: 'Wang' };

/** A kiosk with one file under the id `abc`, for engineers. */
async function withFile(
  content: string | null,
  actor: Actor<Role> = ENGINEER,
  name = '一号线_WO-17_20261121T080000Z.csv',
) {
  const dir = tempDir('kiosk-file');
  const path = join(dir.path, name);
  if (content !== null) writeFileSync(path, content);
  const asked: string[] = [];
  const setup = await openKiosk({
    actor,
    station: {
      serve: () => undefined,
      file(fileId, { role }) {
        asked.push(fileId);
        return fileId === 'abc' && role === 'engineer'
          ? { path, name, type: 'text/csv; charset=utf-8' }
          : null;
      },
    },
  });
  return {
    asked,
    get: async (fileId: string, extra = {}, method = 'GET') =>
      ask(setup.kiosk.port, {
        path: `/files/${fileId}`,
        method,
        headers: { ...(await setup.enter()), ...extra },
      }),
    getWithoutSession: () => ask(setup.kiosk.port, { path: '/files/abc' }),
    path,
    async [Symbol.asyncDispose]() {
      await setup[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

describe('files of the station', () => {
  test('come as a download with their name, whatever language it is in', async () => {
    await using setup = await withFile('\uFEFFrun,batch\r\n1,一\r\n');
    const answer = await setup.get('abc');
    expect(answer).toMatchObject({ status: 200, body: '\uFEFFrun,batch\r\n1,一\r\n' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '21',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-disposition':
        'attachment; filename="____WO-17_20261121T080000Z.csv"; ' +
        "filename*=UTF-8''%E4%B8%80%E5%8F%B7%E7%BA%BF_WO-17_20261121T080000Z.csv",
    });
  });

  test('whose name would end the header do not', async () => {
    await using setup = await withFile('x', ENGINEER, `a"; filename*=UTF-8''b'(c)*.csv`);
    const { headers } = await setup.get('abc');
    expect(headers['content-disposition']).toBe(
      `attachment; filename="a___filename__UTF-8__b__c__.csv"; filename*=UTF-8''a%22%3B%20filename%2A%3DUTF-8%27%27b%27%28c%29%2A.csv`,
    );
  });

  test('of no length and of many megabytes come whole', async () => {
    await using empty = await withFile('');
    expect(await empty.get('abc')).toMatchObject({ status: 200, body: '' });
    const content = '0123456789abcdef'.repeat(400_000);
    await using large = await withFile(content);
    const { body } = await large.get('abc');
    expect(body === content).toBe(true);
  });

  test('are there for HEAD, too, without their content', async () => {
    await using setup = await withFile('12345');
    expect(await setup.get('abc', {}, 'HEAD')).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '5' },
    });
  });

  test('are nothing to who may not have them: an unknown id, another role, no session, another site', async () => {
    await using engineer = await withFile('secret of the line');
    expect(await engineer.get('abd')).toMatchObject({ status: 404, body: '' });
    expect(await engineer.get('abc', { 'sec-fetch-site': 'cross-site' })).toMatchObject({
      status: 403,
      body: '',
    });
    expect(await engineer.getWithoutSession()).toMatchObject({ status: 403, body: '' });
    await using operator = await withFile('secret of the line', { role: 'operator', user: 'operator' });
    expect(await operator.get('abc')).toMatchObject({ status: 404, body: '' });
  });

  test('are asked for by id: a path is one like any other and leads nowhere', async () => {
    await using setup = await withFile('x');
    for (const id of ['..%2f..%2fetc%2fpasswd', '%2e%2e', '..%5c..%5cx', 'abc%00', '__proto__'])
      expect((await setup.get(id)).status).toBe(404);
    const climbing = await setup.get('abc/../../outside.txt');
    expect([403, 404]).toContain(climbing.status);
    expect(climbing.body).toBe('');
  });

  test('that somebody has deleted are gone', async () => {
    await using setup = await withFile('x');
    rmSync(setup.path);
    expect(await setup.get('abc')).toMatchObject({ status: 404, body: '' });
  });

  test('are not there in a station that makes none', async () => {
    await using setup = await openKiosk({ actor: ENGINEER });
    const headers = { ...(await setup.enter()) };
    expect(await ask(setup.kiosk.port, { path: '/files/abc', headers })).toMatchObject({ status: 404 });
  });
});
