import { expect, it } from 'vitest';
import { decodeWifiQr } from '#shared/codec/qr/index.ts';
import { contract } from '#shared/contract/index.ts';
import { connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation } from '../../../kit/station.ts';
import { filesWith } from '../../../support/files-below.ts';

it('a person makes a code with a token of its own, sees its state, and withdraws it', async () => {
  await using setup = await startStation({ registry: 'real', triples: 1 });
  const { station } = setup;
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'support', user: 'Wang' }));
  const client = connect(contract, here);
  station.networks.set(
    { name: 'line', ssid: 'Line 3', password: '12345678' },
    { user: 'Li', role: 'engineer' },
  );
  const order = { productId: PRODUCT, deviceName: null, lifeMs: 60_000 };
  const made = await client.call('wifiCodes.make', { ...order, network: { name: 'line' } });
  expect(made).toMatchObject({
    ssid: 'Line 3',
    token: { productId: PRODUCT, deviceName: null, state: 'made' },
  });
  const { token, ...network } = decodeWifiQr(made.text);
  expect(network).toEqual({ ssid: 'Line 3', password: '12345678' });
  expect(JSON.stringify(made.token)).not.toContain(token);
  const { tokenId } = made.token;
  expect(await client.call('wifiCodes.withdraw', { tokenId })).toMatchObject({ state: 'withdrawn' });
  expect(await client.call('wifiCodes.token', { tokenId })).toMatchObject({
    state: 'withdrawn',
    reportedBy: null,
  });
  // A token whose state is another one stays as it is, and nothing is recorded.
  expect(await client.call('wifiCodes.withdraw', { tokenId, unlessReported: true })).toMatchObject({
    state: 'withdrawn',
  });
  const left = await client.call('wifiCodes.make', { ...order, network: { name: 'line' } });
  const leftId = left.token.tokenId;
  expect(await client.call('wifiCodes.withdraw', { tokenId: leftId, unlessReported: true })).toMatchObject({
    state: 'withdrawn',
  });
  const typed = { ssid: 'Line 3', password: 'short' };
  await expect(client.call('wifiCodes.make', { ...order, network: typed })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await expect(client.call('wifiCodes.make', { ...order, network: { name: 'none' } })).rejects.toMatchObject({
    code: 'network-unknown',
  });
  const entries = [...station.database.audit.iterate()].filter(({ action }) => action.startsWith('code.'));
  expect(entries.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
    ['Wang', 'code.make', tokenId],
    ['Wang', 'code.withdraw', tokenId],
    ['Wang', 'code.make', leftId],
    ['Wang', 'code.withdraw', leftId],
  ]);
  expect(JSON.stringify(entries)).not.toContain(token);
  client.close();
});

/** Every file under a directory that has one of the texts, also as it is written in hex, in base64 or escaped in a URL. */
function filesWithAForm(dir: string, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    const base64 = bytes.toString('base64').replaceAll('=', '');
    return [
      secret,
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      base64,
      encodeURIComponent(secret),
    ];
  });
  return filesWith(dir, ...forms);
}

it('neither the typed password nor the token is in a file of station and registry: no log, no audit trail, no database, no recording', async () => {
  await using setup = await startStation({ registry: 'real', triples: 1 });
  const { station } = setup;
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'support', user: 'Wang' }));
  const client = connect(contract, here);
  const order = { productId: PRODUCT, deviceName: null, lifeMs: 60_000 };
  const password = 'Typed+Secret/7913';
  const made = await client.call('wifiCodes.make', { ...order, network: { ssid: 'Line 3', password } });
  const { token, ...network } = decodeWifiQr(made.text);
  expect(network).toEqual({ ssid: 'Line 3', password });
  // Refused orders say why without the password.
  const tooLong = 'Typed+Secret/7913'.repeat(4);
  const refused = await client
    .call('wifiCodes.make', { ...order, network: { ssid: 'Line 3', password: tooLong } })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(JSON.stringify(refused) + String(refused)).not.toContain(password);
  const unknown = await client
    .call('wifiCodes.make', { ...order, productId: 'NOSUCHPROD', network: { ssid: 'Line 3', password } })
    .catch((error: unknown) => error);
  expect(unknown).toBeInstanceOf(Error);
  expect(JSON.stringify(unknown) + String(unknown)).not.toContain(password);
  await client.call('wifiCodes.withdraw', { tokenId: made.token.tokenId });
  client.close();
  // The search finds what is there: the station writes the id of the token to its audit trail.
  expect(filesWithAForm(setup.dir, [made.token.tokenId])).not.toEqual([]);
  expect(filesWithAForm(setup.dir, [password, token])).toEqual([]);
  await setup.close();
  expect(filesWithAForm(setup.dir, [password, token])).toEqual([]);
});
