import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contract, type ImportsState, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, Session, createInMemoryTransports } from '#shared/rpc/index.ts';
import { auditIdentity } from '#station';
import { faultOf } from '../../../support/fault-of.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { claim, namesIn } from '../../../kit/triples.ts';
import { addBatch, PRODUCT } from '../../../kit/sample-rows.ts';
import { soon } from '../../../support/patience.ts';
import { LONG } from '../../../support/depth.ts';

const WANG = { role: 'engineer', user: 'Wang' } as const;
const LI = { role: 'engineer', user: 'Li' } as const;

let setup: TestStation;
let replies: string[];
let wang: Client<StationContract>;
beforeEach(async () => {
  setup = await startStation({ registry: 'lossy', triples: 20, lease: 0 });
  addBatch(setup.station.database);
  replies = [];
  wang = open(WANG);
});
afterEach(() => setup[Symbol.asyncDispose]());

/** A page of this user; all that it is told is kept, to look for secrets in. */
function open(session: typeof WANG | typeof LI): Client<StationContract> {
  const [here, there] = createInMemoryTransports();
  setup.station.serve(there, new Session(session));
  const client = connect(contract, here);
  client.watch('imports', { onState: (state) => void replies.push(JSON.stringify(state)) });
  return {
    ...client,
    async call(name, input, options) {
      const reply = await client.call(name, input, options).catch((error: unknown) => {
        replies.push(String(error), JSON.stringify(error));
        throw error;
      });
      replies.push(JSON.stringify(reply));
      return reply;
    },
  };
}

async function bring(text: string, session: typeof WANG | typeof LI = WANG): Promise<string> {
  const bytes = Buffer.from(text);
  const pieces = (async function* () {
    for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
  })();
  const signal = soon();
  const { fileId } = await setup.station.receiveUpload('new.csv', bytes.length, pieces, session, signal);
  return fileId;
}

const base64 = () => randomBytes(16).toString('base64');
const hex = () => randomBytes(16).toString('hex');
const lines = (...rows: (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\r\n');
const available = () =>
  setup.station.pool.state().products.reduce((sum, { counts }) => sum + counts.available, 0);
const dropped = (): string[] => {
  const dir = join(setup.station.database.file, '..', 'uploads');
  return existsSync(dir) ? readdirSync(dir) : [];
};
function expectNoSecret(secrets: readonly string[]): void {
  for (const secret of secrets) expect(replies.join('\n')).not.toContain(secret);
}

describe('a file of triples that a page has brought', () => {
  it('is recognised as the tools write it, previewed without changing anything, and imported whole', async () => {
    const [t, a, x] = [base64(), hex(), base64()];
    const files = [
      { text: lines(['ProductId', 'DeviceName', 'DeviceSecret'], [PRODUCT, 't1', t]), names: ['t1'] },
      { text: `DeviceName\tProductKey\tDeviceSecret\na1\ta1TestKey00\t${a}\n`, names: ['a1'] },
      { text: `\uFEFF备注;DeviceSecret;设备名称;ProductID\n第1行;${x};x1;${PRODUCT}\n`, names: ['x1'] },
    ];
    for (const { text, names } of files) {
      const before = available();
      const fileId = await bring(text);
      const preview = await wang.call('triples.preview', { fileId });
      expect(preview).toMatchObject({ fileName: 'new.csv', problem: null, rows: 1, good: 1, rejected: 0 });
      expect(preview.examples.map(({ deviceName }) => deviceName)).toEqual(names);
      expect(preview.columns).not.toBeNull();
      expect(available()).toBe(before);
      expect(await wang.call('triples.import', { fileId })).toMatchObject({ rows: 1, added: 1, rejected: 0 });
      expect(available()).toBe(before + 1);
      expect(dropped()).toEqual([]);
    }
    expect(namesIn(setup.station, 'available').sort()).toEqual(['a1', 't1', 'x1']);
    expectNoSecret([t, a, x]);
    expect(
      [...setup.station.database.audit.iterate()].filter(({ action }) => action === 'pool.import'),
    ).toMatchObject(files.map(() => ({ actor: 'Wang', role: 'engineer' })));
  });

  it('with bad rows adds nothing and names each; the good ones are taken when that is chosen', async () => {
    const secrets = [base64(), base64(), base64(), base64()] as const;
    const fileId = await bring(
      lines(
        ['ProductId', 'DeviceName', 'DeviceSecret'],
        [PRODUCT, 'good', secrets[0]],
        [PRODUCT, 'good', secrets[1]],
        [PRODUCT, 'has blank', secrets[2]],
        [secrets[3], 'swapped', PRODUCT],
        [PRODUCT, 'unsecret', 'no*secret'],
      ),
    );
    const bad = [
      { line: 3, reason: 'duplicate of line 2' },
      { line: 4, reason: 'DeviceName has an illegal character: a blank' },
      { line: 5, reason: expect.stringContaining('ProductId is malformed') as string },
      { line: 6, reason: expect.stringContaining('DeviceSecret') as string },
    ];
    const preview = await wang.call('triples.preview', { fileId });
    expect(preview).toMatchObject({ rows: 5, good: 1, rejected: 4, rejectedRows: bad });
    expect(preview.products).toEqual([{ productId: PRODUCT, triples: 1 }]);
    const refused = await wang.call('triples.import', { fileId });
    expect(refused).toEqual({ rows: 5, added: 0, skipped: 0, rejected: 4, rejectedRows: bad });
    expect(available()).toBe(0);
    const taken = await wang.call('triples.import', { fileId, skipBad: true });
    expect(taken).toMatchObject({ added: 1, skipped: 4, rejected: 4 });
    expect(namesIn(setup.station, 'available')).toEqual(['good']);
    // It is used up now.
    expect(await faultOf(() => wang.call('triples.import', { fileId }))).toMatchObject({ code: 'not-found' });
    expectNoSecret(secrets);
  });

  it('whose columns nobody knows is shown by its header, and read once they are mapped', async () => {
    const secret = base64();
    const fileId = await bring(lines(['who', 'what'], ['m1', secret]));
    const unknown = await wang.call('triples.preview', { fileId });
    expect(unknown).toMatchObject({ header: ['who', 'what'], columns: null, rows: 0, examples: [] });
    expect(unknown.problem).toMatchObject({ code: 'csv-invalid' });
    const twice = lines(
      ['ProductId', 'DeviceName', 'DeviceSecret', 'DeviceName'],
      [PRODUCT, 'm1', secret, 'm2'],
    );
    expect(await wang.call('triples.preview', { fileId: await bring(twice) })).toMatchObject({
      columns: null,
      recognized: { product: 0, dn: null, secret: 2, mac: null, serial: null },
      problem: { details: { role: 'dn', ambiguous: '2, 4' } },
    });
    const order = { fileId, productId: PRODUCT, map: { dn: 'who', secret: 'what' } };
    const known = await wang.call('triples.preview', order);
    expect(known).toMatchObject({ columns: { dn: 0, secret: 1, product: null }, problem: null, good: 1 });
    expect(await wang.call('triples.import', order)).toMatchObject({ added: 1 });
    expectNoSecret([secret]);
  });

  it('mapped the wrong way round, or without a header, shows no secret', async () => {
    const secrets = Array.from({ length: 3 }, hex);
    const text = lines(
      ['DeviceName', 'DeviceSecret'],
      ...secrets.map((one, n) => [`plug000${n}`, one] as const),
    );
    const map = { dn: 'DeviceSecret', secret: 'DeviceName' };
    const swapped = await wang.call('triples.preview', {
      fileId: await bring(text),
      productId: PRODUCT,
      map,
    });
    expect(swapped).toMatchObject({ good: 0, rejected: 3 });
    const headless = await bring(secrets.map((one, n) => `plug000${n},${one}`).join('\n'));
    expect(await wang.call('triples.preview', { fileId: headless, productId: PRODUCT })).toMatchObject({
      columns: null,
    });
    expectNoSecret(secrets);
  });

  it('is nobody else’s, and is gone when it is thrown away', async () => {
    const li = open(LI);
    const fileId = await bring(lines(['ProductId', 'DeviceName', 'DeviceSecret'], [PRODUCT, 'w1', base64()]));
    for (const name of ['triples.preview', 'triples.import', 'triples.discard'] as const)
      expect(await faultOf(() => li.call(name, { fileId }))).toMatchObject({ code: 'not-found' });
    expect(await wang.call('triples.preview', { fileId })).toMatchObject({ good: 1 });
    await wang.call('triples.discard', { fileId });
    expect(dropped()).toEqual([]);
    expect(await faultOf(() => wang.call('triples.import', { fileId }))).toMatchObject({ code: 'not-found' });
    expect(available()).toBe(0);
  });

  it.runIf(LONG)('tells how far it is read, and cancelled in the middle leaves nothing', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => [PRODUCT, `c${n}`, base64()]);
    const fileId = await bring(lines(['ProductId', 'DeviceName', 'DeviceSecret'], ...rows));
    const stop = new AbortController();
    const seen: ImportsState[] = [];
    const page = open(WANG);
    page.watch('imports', {
      onState(state) {
        seen.push(state);
        if (state.running.some((one) => one.kind === 'import' && one.rows > 0)) stop.abort();
      },
    });
    const fault = await faultOf(() =>
      page.call('triples.import', { fileId }, { signal: stop.signal, timeoutMs: 60_000 }),
    );
    expect(fault.code).toBe('cancelled');
    await expect.poll(() => seen.at(-1)).toEqual({ running: [] });
    expect(available()).toBe(0);
    // It may be tried again.
    const again = await wang.call('triples.import', { fileId }, { timeoutMs: 60_000 });
    expect(again).toMatchObject({ added: 60_000 });
    expect(auditIdentity(setup.station.database).violations).toEqual([]);
  });

  it('after a restore that saw too little is imported only when somebody vouches for it', async () => {
    setup.station.database.transaction(() =>
      setup.station.database.meta.set('restore.unsure', '1790000000000'),
    );
    const fileId = await bring(lines(['ProductId', 'DeviceName', 'DeviceSecret'], [PRODUCT, 'v1', base64()]));
    expect(await wang.call('triples.preview', { fileId })).toMatchObject({ restoredAtMs: 1_790_000_000_000 });
    expect(await faultOf(() => wang.call('triples.import', { fileId }))).toMatchObject({ code: 'bad-input' });
    expect(await wang.call('triples.import', { fileId, neverUsed: true })).toMatchObject({ added: 1 });
  });
});

describe('blocks of the registry', () => {
  it('are leased and what no unit claimed is given back, as the user who asked', async () => {
    expect(await wang.call('triples.lease', { productId: PRODUCT, count: 6 })).toEqual({
      leased: 6,
      available: 6,
    });
    claim(setup.station, 1);
    expect(await wang.call('triples.unused', {})).toEqual({ products: [{ productId: PRODUCT, triples: 5 }] });
    expect(await wang.call('triples.giveBack', { productId: PRODUCT })).toEqual({ returned: 5, refused: [] });
    expect(await wang.call('triples.unused', {})).toEqual({ products: [] });
    expect(available()).toBe(0);
    const trail = [...setup.station.database.audit.iterate()];
    for (const action of ['pool.lease', 'pool.return'])
      expect(trail.find((entry) => entry.action === action)).toMatchObject({ actor: 'Wang' });
  });

  it('say why there are none', async () => {
    const none = await faultOf(() => wang.call('triples.lease', { productId: PRODUCT, count: 500 }));
    expect(['pool-empty', 'registry-refused']).toContain(none.code);
    setup.proxy.fates.push('cut-before');
    expect(await faultOf(() => wang.call('triples.lease', { productId: PRODUCT, count: 1 }))).toMatchObject({
      code: 'registry-unreachable',
    });
  });
});
