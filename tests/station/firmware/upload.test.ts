import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRegistry, type Registry } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import { createRegistryClient, type RegistryClient } from '../../../station/registry-sync/client/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { type FirmwareSetup, LI, openFirmware, otaBytes, packageBytes, sha256 } from './firmware-setup.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const MIB = 1024 * 1024;
const OTA = otaBytes({ body: createBody(3.4 * MIB) });

function createBody(bytes: number): Buffer {
  const block = createHash('sha512').update('body').digest();
  return Buffer.alloc(Math.floor(bytes), block);
}

let dir: ReturnType<typeof tempDir>;
let registry: Registry;
let setup: FirmwareSetup;
/** What happens to each request before it is sent, by number; may throw as a broken network does. */
let onRequest: (
  n: number,
  path: string,
  init: RequestInit,
) => Promise<Response | undefined> | Response | undefined;
/** What happens to each answer. */
let onAnswer: (n: number, path: string) => void;
let requests: string[];

beforeEach(async () => {
  dir = tempDir('registry');
  registry = await createRegistry({ dataDir: dir.path });
  onRequest = () => undefined;
  onAnswer = () => undefined;
  requests = [];
  setup = openFirmware({ registry: clientOf(), retryDelaysMs: [1, 1, 1, 1, 1] });
  await setup.import(setup.write('a.zip', packageBytes(OTA)));
});
afterEach(async () => {
  await setup[Symbol.asyncDispose]();
  await registry.close();
  dir[Symbol.dispose]();
});

function clientOf(): RegistryClient {
  return createRegistryClient({
    baseUrl: registry.http,
    token: registry.enrolmentToken,
    station: 'S1',
    timeoutMs: 5000,
    fetch: async (input, init = {}) => {
      // The registry may have been started anew on another port.
      const { pathname } = new URL(String(input));
      const n = requests.push(`${init.method} ${pathname.replace(/[0-9a-f-]{36}/, ':id')}`);
      const instead = await onRequest(n, pathname, init);
      if (instead !== undefined) return instead;
      const response = await fetch(registry.http + pathname, init);
      const body = await response.arrayBuffer();
      onAnswer(n, pathname);
      return new Response(body, response);
    },
  });
}

const upload = (signal = NEVER_ABORTED): Promise<unknown> =>
  setup.firmware.upload(sha256(OTA), () => undefined, LI, signal);
const chunksSent = (): number => requests.filter((one) => one.startsWith('PUT')).length;
const broken = (): never => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(), { code: 'ECONNRESET' }),
  });
};

async function expectAtRegistry(): Promise<void> {
  onRequest = () => undefined;
  onAnswer = () => undefined;
  const [kept] = await clientOf().firmware.list(null, NEVER_ABORTED);
  expect(kept).toMatchObject({
    state: 'offline',
    sha256: sha256(OTA),
    sizeBytes: OTA.length,
    version: '1.0.3',
  });
  expect(setup.firmware.get(sha256(OTA)).registry).toMatchObject({ state: 'offline', sha256: sha256(OTA) });
}

describe('an upload', () => {
  test('sends each byte once, and believes the hash that the registry found', async () => {
    const stages: string[] = [];
    await setup.firmware.upload(sha256(OTA), ({ stage }) => stages.push(stage), LI, NEVER_ABORTED);
    expect(requests).toEqual([
      'POST /v1/firmware/uploads',
      ...Array.from({ length: 4 }, () => 'PUT /v1/firmware/uploads/:id'),
      'POST /v1/firmware/uploads/:id/complete',
    ]);
    expect([...new Set(stages)]).toEqual(['checking', 'sending', 'verifying']);
    await expectAtRegistry();
  });

  test('of what is there already sends nothing again', async () => {
    await upload();
    requests = [];
    await upload();
    expect(chunksSent()).toBe(0);
    await expectAtRegistry();
  });

  test('goes on after every request was lost once', async () => {
    const lost = new Set<string>();
    onRequest = (_, path, init) => {
      const key = `${init.method} ${path} ${JSON.stringify(init.headers)}`;
      if (lost.has(key)) return undefined;
      lost.add(key);
      return broken();
    };
    await upload();
    await expectAtRegistry();
  });

  test('goes on although every other answer is lost, sending no chunk twice', async () => {
    onAnswer = (n) => void (n % 2 === 1 && broken());
    await upload();
    expect(chunksSent()).toBe(4);
    await expectAtRegistry();
  });

  test('rests when the registry stays away, and goes on later where it stopped', async () => {
    onRequest = (n) => (n > 3 ? broken() : undefined);
    expect((await faultOf(upload)).code).toBe('registry-unreachable');
    expect(setup.firmware.get(sha256(OTA)).registry.state).toBe('uploading');
    onRequest = () => undefined;
    requests = [];
    await upload();
    expect(chunksSent()).toBe(2);
    await expectAtRegistry();
  });

  test('goes on with a registry that was started anew in the middle', async () => {
    let restarted = false;
    onRequest = async (n) => {
      if (n !== 4 || restarted) return undefined;
      restarted = true;
      await registry.close();
      registry = await createRegistry({ dataDir: dir.path });
      return broken();
    };
    await upload();
    expect(chunksSent()).toBe(5);
    await expectAtRegistry();
  });

  test('whose chunk is changed on the way is told so, and sends it again', async () => {
    onRequest = (n, path, init) => {
      if (n !== 3) return undefined;
      const bytes = new Uint8Array(init.body as Uint8Array);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      return fetch(registry.http + path, { ...init, body: bytes });
    };
    await upload();
    expect(chunksSent()).toBe(5);
    await expectAtRegistry();
  });

  test('that arrives damaged although each chunk was sound starts over, once', async () => {
    let damaged = 0;
    onRequest = (_, path) => {
      if (!path.endsWith('/complete') || damaged > 0) return undefined;
      damaged += 1;
      const id = path.split('/').at(-2) ?? '';
      writeFileSync(join(dir.path, 'firmware', `${id}.part`), Buffer.alloc(OTA.length, 1));
      return undefined;
    };
    await upload();
    expect(chunksSent()).toBe(8);
    await expectAtRegistry();
  });

  test('that always arrives damaged is given up', async () => {
    onRequest = (_, path) => {
      if (path.endsWith('/complete')) {
        const id = path.split('/').at(-2) ?? '';
        writeFileSync(join(dir.path, 'firmware', `${id}.part`), Buffer.alloc(OTA.length, 1));
      }
      return undefined;
    };
    expect(await faultOf(upload)).toMatchObject({ code: 'registry-refused', details: { damaged: true } });
    expect(chunksSent()).toBe(8);
    expect(setup.firmware.get(sha256(OTA)).registry.state).toBe('uploading');
  });

  test('of a copy that is damaged here is not begun', async () => {
    writeFileSync(join(setup.dataDir, 'firmware', sha256(OTA)), Buffer.alloc(OTA.length));
    const fault = await faultOf(upload);
    expect(fault).toMatchObject({ code: 'ledger-violation' });
    expect(fault.hint).toMatch(/[Ii]mport/);
    expect(requests).toEqual([]);
  });

  test('that is cancelled stops at once, and may be continued', async () => {
    const stop = new AbortController();
    onRequest = (n) => {
      if (n === 3) stop.abort(new Fault('cancelled', 'enough'));
      return undefined;
    };
    expect((await faultOf(() => upload(stop.signal))).message).toBe('enough');
    expect(chunksSent()).toBe(2);
    onRequest = () => undefined;
    requests = [];
    await upload();
    expect(chunksSent()).toBe(3);
    await expectAtRegistry();
  });

  test('is refused when the version is there with another content', async () => {
    await using other = openFirmware({ registry: clientOf() });
    const ota = otaBytes({ body: Buffer.from('other') });
    await other.import(other.write('b.zip', packageBytes(ota)));
    await upload();
    const work = other.firmware.upload(sha256(ota), () => undefined, LI, NEVER_ABORTED);
    expect(await faultOf(() => work)).toMatchObject({
      code: 'registry-refused',
      details: { code: 'conflict', taken: true, sha256: sha256(OTA) },
    });
  });

  test('by two stations at once ends well for both', async () => {
    await using other = openFirmware({ registry: clientOf(), retryDelaysMs: [1, 1, 1] });
    await other.import(other.write('b.zip', packageBytes(OTA)));
    await Promise.all([upload(), other.firmware.upload(sha256(OTA), () => undefined, LI, NEVER_ABORTED)]);
    await expectAtRegistry();
    expect(await clientOf().firmware.list(null, NEVER_ABORTED)).toHaveLength(1);
  });

  test('of a package whose names are not known says what is missing', async () => {
    const { firmware } = await setup.import(
      setup.write('c.zip', packageBytes(Buffer.from('opaque'), '{"version":"1 .0"}')),
    );
    const work = (): Promise<unknown> =>
      setup.firmware.upload(firmware.sha256, () => undefined, LI, NEVER_ABORTED);
    expect(await faultOf(work)).toMatchObject({
      code: 'bad-input',
      message:
        'fw.bin.ota cannot be uploaded: its package has no product, and the version "1 .0" of its package is not valid',
      details: { missing: 'product and version' },
    });
    setup.firmware.describe(firmware.sha256, { productId: 'CS0SLTKSYA', version: '8' }, LI);
    await work();
    const renamed = (): unknown => setup.firmware.describe(firmware.sha256, { version: '9' }, LI);
    expect(await faultOf(renamed)).toMatchObject({ details: { reason: 'named-otherwise' } });
  });
});

describe('online and offline', () => {
  test('are set at the registry and known here', async () => {
    const setOnline = (online: boolean): Promise<unknown> =>
      setup.firmware.setOnline(sha256(OTA), online, LI, NEVER_ABORTED);
    expect(await faultOf(() => setOnline(true))).toMatchObject({ code: 'bad-input' });
    await upload();
    await setOnline(true);
    expect((await clientOf().firmware.list('CS0SLTKSYA', NEVER_ABORTED))[0]).toMatchObject({
      state: 'online',
    });
    expect(setup.firmware.get(sha256(OTA)).registry.state).toBe('online');
    await setOnline(false);
    expect((await clientOf().firmware.list('CS0SLTKSYA', NEVER_ABORTED))[0]).toMatchObject({
      state: 'offline',
      download: null,
    });
    await upload();
    expect(setup.firmware.get(sha256(OTA)).registry.state).toBe('offline');
  });
});

describe('in the background', () => {
  test('an import is told from its begin to its end, and its dropped file is gone', async () => {
    const zip = packageBytes(otaBytes({ body: Buffer.from('dropped') }), { version: '5' });
    const { fileId } = await setup.uploads.receive(
      'x.zip',
      zip.length,
      Readable.from([zip]),
      LI.user,
      NEVER_ABORTED,
    );
    const jobId = setup.firmware.startImport([fileId], { productId: 'P' }, LI);
    const end = await setup.until((told) => told.kind === 'job' && told.job.state === 'done');
    expect(end).toMatchObject({ job: { jobId, kind: 'import', title: 'x.zip', added: true } });
    expect(setup.told[1]).toMatchObject({ kind: 'job', job: { jobId, state: 'running', stage: 'reading' } });
    expect(() => setup.firmware.startImport([fileId], {}, LI)).toThrow(Fault);
  });

  test('a refusal is the end of its job', async () => {
    const { fileId } = await setup.uploads.receive(
      'x.zip',
      4,
      Readable.from([Buffer.from('junk')]),
      LI.user,
      NEVER_ABORTED,
    );
    setup.firmware.startImport([fileId], {}, LI);
    const end = await setup.until((told) => told.kind === 'job' && told.job.state !== 'running');
    expect(end).toMatchObject({ job: { state: 'failed', fault: { code: 'firmware-invalid' } } });
  });

  test('an upload is one job however often it is asked for, and can be cancelled', async () => {
    const held = Promise.withResolvers<undefined>();
    onRequest = async (n) => (n === 2 ? ((await held.promise) as undefined) : undefined);
    const jobId = setup.firmware.startUpload(sha256(OTA), LI);
    expect(setup.firmware.startUpload(sha256(OTA), LI)).toBe(jobId);
    await setup.until((told) => told.kind === 'job' && told.job.stage === 'sending');
    setup.firmware.cancel(jobId);
    held.resolve(undefined);
    await setup.until((told) => told.kind === 'job' && told.job.state === 'cancelled');
    const again = setup.firmware.startUpload(sha256(OTA), LI);
    expect(again).not.toBe(jobId);
    await setup.until((told) => told.kind === 'job' && told.job.jobId === again && told.job.state === 'done');
    await expectAtRegistry();
    const packages = setup.told
      .filter((told) => told.kind === 'package')
      .map((told) => told.package.registry.state);
    expect(packages).toEqual(expect.arrayContaining(['none', 'uploading', 'offline']));
  });

  test('work ends when the station closes', async () => {
    const jobId = setup.firmware.startUpload(sha256(OTA), LI);
    onRequest = (_, __, { signal }) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    await setup.firmware.close();
    expect(setup.told.findLast((told) => told.kind === 'job')).toMatchObject({
      job: { jobId, state: 'cancelled' },
    });
  });
});
