import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempDir } from '../../support/temp-dir.ts';
import { contentOf, type FirmwareSetup, startFirmwareRegistry } from '../firmware/firmware-registry.ts';
import { loginOf, type Login } from '../support/mqtt-peer.ts';
import { lease, PRODUCT } from '../support/registry-fixture.ts';

const run = promisify(execFile);
const TOOLS = ['/usr/bin/mosquitto_sub', '/usr/bin/mosquitto_pub', '/usr/bin/curl'];
const CONTENT = contentOf(700_001, 'ota');

let setup: FirmwareSetup;
let name: string;
let login: Login;
beforeAll(async () => {
  setup = await startFirmwareRegistry();
  await setup.publish(CONTENT, { version: '2.0' });
  const [triple] = await lease(setup, 1);
  name = triple?.deviceName ?? '';
  login = loginOf(PRODUCT, name, triple?.deviceSecret ?? '');
});
afterAll(() => setup[Symbol.asyncDispose]());

const who = (): string[] => [
  ...['-h', '127.0.0.1', '-p', String(setup.mqttPort), '-V', 'mqttv311', '-q', '1'],
  ...['-i', login.clientId, '-u', login.username, '-P', login.password],
];
/** Publishes with a connection of its own, as one device has one. */
const report = (message: object): Promise<unknown> =>
  run('/usr/bin/mosquitto_pub', [
    ...who(),
    '-t',
    `$ota/report/${PRODUCT}/${name}`,
    '-m',
    JSON.stringify(message),
  ]);
const progress = (state: string, more: object = {}): Promise<unknown> =>
  report({
    type: 'report_progress',
    report: { progress: { state, result_code: '0', result_msg: '', ...more }, version: '2.0' },
  });
const updates = async (): Promise<Record<string, unknown>[]> =>
  (await setup.get(`/v1/devices/${PRODUCT}/${name}/ota`)).body['updates'] as Record<string, unknown>[];

describe.skipIf(!TOOLS.every((tool) => existsSync(tool)))('a device made of mosquitto and curl', () => {
  it('gets the update when it comes online, downloads it in two ranges, and is updated when it says so', async () => {
    const asked = { key: 'k1', firmware: { version: '2.0' }, withinMs: 600_000 };
    const path = `/v1/devices/${PRODUCT}/${name}/ota`;
    expect((await setup.post(path, asked)).body).toMatchObject({ state: 'pending', attempts: 0 });

    // mosquitto_sub ends after one message: the device hears the update and loses its supply.
    const sub = spawn('/usr/bin/mosquitto_sub', [
      ...who(),
      '-t',
      `$ota/update/${PRODUCT}/${name}`,
      '-C',
      '1',
    ]);
    let update: Record<string, unknown> = {};
    for await (const line of createInterface({ input: sub.stdout }))
      update = JSON.parse(line) as Record<string, unknown>;
    expect(update).toEqual({
      type: 'update_firmware',
      version: '2.0',
      url: expect.stringContaining(`${setup.registry.http}/v1/firmware/`) as string,
      md5sum: createHash('md5').update(CONTENT).digest('hex'),
      file_size: CONTENT.length,
    });
    expect(await updates()).toMatchObject([{ state: 'pushed', attempts: 1 }]);
    await progress('downloading', { percent: '60' });
    expect(await updates()).toMatchObject([{ state: 'updating', stage: 'downloading', percent: 60 }]);

    using dir = tempDir();
    const url = String(update['url']);
    const [first, rest] = [join(dir.path, 'first'), join(dir.path, 'rest')];
    await run('/usr/bin/curl', ['-sf', '-r', '0-419999', '-o', first, url]);
    const { stdout } = await run('/usr/bin/curl', [
      '-sf',
      '-r',
      '420000-',
      '-o',
      rest,
      '-w',
      '%{http_code}',
      url,
    ]);
    expect(stdout).toBe('206');
    expect(Buffer.concat([readFileSync(first), readFileSync(rest)]).equals(CONTENT)).toBe(true);
    const beyond = ['-s', '-r', `${CONTENT.length}-`, '-o', '/dev/null', '-w', '%{http_code}', url];
    expect((await run('/usr/bin/curl', beyond)).stdout).toBe('416');

    await progress('burning');
    await progress('done');
    expect(await updates()).toMatchObject([{ state: 'updating', stage: 'done' }]);
    await report({ type: 'report_version', report: { version: '2.0' } });
    expect(await updates()).toMatchObject([{ state: 'succeeded', failure: null, version: '2.0' }]);
    // A repeated request is the same update.
    expect((await setup.post(path, asked)).body).toMatchObject({ state: 'succeeded' });
    // A late message is no nonsense; one of a version that was never asked for is.
    await progress('done');
    expect(setup.tap.entries.filter(({ event }) => event === 'mqtt.refused')).toEqual([]);
    await report({ type: 'report_progress', report: { progress: { state: 'done' }, version: '9.9' } });
    expect((await setup.tap.seen('mqtt.refused')).details).toMatchObject({ reason: 'content-wrong' });
  });
});
