import { once } from 'node:events';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { contract, type FirmwareTopicState, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, webSocketTransport } from '#shared/rpc/index.ts';
import { makePackage } from '#simulator';
import { openKiosk, renewed } from './open-kiosk.ts';
import { startStation, TEST_PIN } from '../kit/station.ts';

test('an engineer uploads a package on the page, watches it being imported and uploaded, and puts it online', async () => {
  await using setup = await startStation({ registry: 'real', users: { Wang: 'engineer' } });
  const { dir, station } = setup;
  await using closing = new AsyncDisposableStack();
  const kiosk = closing.use(await openKiosk({ station }));
  let pass = await kiosk.enter();
  const socket = new WebSocket(`ws://127.0.0.1:${kiosk.kiosk.port}/ws`, {
    headers: { ...pass, origin: kiosk.origin },
  });
  closing.defer(() => socket.terminate());
  await once(socket, 'open');
  const client: Client<StationContract> = connect(contract, webSocketTransport(socket));
  let state: FirmwareTopicState = { packages: [], jobs: [] };
  client.watch('firmware', { onState: (next) => (state = next) });

  const path = join(dir, 'sample.zip');
  const sample = await makePackage(path, { bodyBytes: 2_000_000, config: '{"ver":1}' });
  const drop = (): Promise<Response> =>
    fetch(`${kiosk.origin}/files?name=sample.zip`, {
      method: 'POST',
      headers: { ...pass, origin: kiosk.origin, 'content-type': 'application/octet-stream' },
      body: readFileSync(path),
    });
  expect((await drop()).status).toBe(403);
  await client.call('session.signIn', { name: 'Wang', pin: TEST_PIN });
  pass = await renewed(kiosk.kiosk.port, pass);
  const { fileId } = (await (await drop()).json()) as { fileId: string };

  const { jobId } = await client.call('firmware.import', { fileIds: [fileId] });
  await expect
    .poll(() => state.jobs)
    .toMatchObject([{ jobId, state: 'done', added: true, title: 'sample.zip' }]);
  const firmwareId = sample.sha256;
  expect(state.packages).toMatchObject([
    { firmwareId, productId: null, version: '1.0.0', importedBy: 'Wang' },
  ]);
  await expect(client.call('firmware.upload', { firmwareId })).rejects.toMatchObject({
    code: 'bad-input',
    details: { missing: 'product' },
  });
  await client.call('firmware.describe', { firmwareId, productId: 'CS0SLTKSYA' });
  await client.call('firmware.upload', { firmwareId });
  await expect
    .poll(() => state.packages)
    .toMatchObject([{ registry: { state: 'offline', sha256: sample.sha256 } }]);
  await expect.poll(() => state.jobs.at(-1)).toMatchObject({ kind: 'upload', state: 'done', firmwareId });
  await client.call('firmware.setOnline', { firmwareId, online: true });
  await expect.poll(() => state.packages).toMatchObject([{ registry: { state: 'online' } }]);
  const { header, fields, config } = await client.call('firmware.get', { firmwareId });
  expect({ softwareVersion: header?.softwareVersion, fields, config }).toEqual({
    softwareVersion: '1.0.0',
    fields: [{ path: 'ver', text: '1', meaning: null }],
    config: '{"ver":1}',
  });
  await client.call('session.signOut', {});
  await expect(client.call('firmware.upload', { firmwareId })).rejects.toMatchObject({ code: 'forbidden' });
});
