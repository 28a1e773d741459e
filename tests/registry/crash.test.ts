import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore } from '#registry';
import { createRegistryClient, type RegistryClient } from '../../station/registry-sync/client/index.ts';
import { connectPeer, loginOf } from './support/mqtt-peer.ts';
import { PRODUCT } from './support/registry-fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { chip, runEvent } from './support/sample-events.ts';
import { depth } from '../support/depth.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

interface Service extends AsyncDisposable {
  readonly client: RegistryClient;
  readonly mqttPort: number;
}

interface Addresses {
  readonly http: string;
  readonly mqtt: string;
  readonly enrolmentToken: string;
}

const access = ({ http, mqtt, enrolmentToken }: Addresses) => ({
  client: createRegistryClient({ baseUrl: http, token: enrolmentToken, station: 'S1', timeoutMs: 5000 }),
  mqttPort: Number(new URL(mqtt).port),
});

/** The registry in this process, after the one that was killed. */
async function startHere(dataDir: string): Promise<Service> {
  const registry = await createRegistry({ dataDir });
  return { ...access(registry), [Symbol.asyncDispose]: () => registry.close() };
}

/** The registry in a process of its own, so that it can be killed. */
async function startService(dataDir: string): Promise<Service & { kill(): Promise<void> }> {
  const script = join(dataDir, 'serve.mjs');
  const index = new URL('../../registry/index.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { createRegistry } from ${JSON.stringify(index)};
     const { http, mqtt, enrolmentToken } = await createRegistry({ dataDir: ${JSON.stringify(dataDir)} });
     console.log(JSON.stringify({ http, mqtt, enrolmentToken }));`,
  );
  const child: ChildProcess = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  if (child.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { ...access(JSON.parse(line) as Addresses), kill, [Symbol.asyncDispose]: kill };
}

describe('a registry that is killed while it works', () => {
  it('loses no acknowledged data and applies nothing twice', async () => {
    using dir = tempDir();
    {
      using store = openRegistryStore(dir.path);
      store.seedProduct({ productId: PRODUCT, count: 400 });
    }
    const acknowledged = new Set<string>();
    let names: string[] = [];
    for (let round = 0; round < depth({ short: 2, long: 3 }); round += 1) {
      await using service = await startService(dir.path);
      const block = await service.client.lease(
        { requestId: 'r', productId: PRODUCT, count: 300 },
        NEVER_ABORTED,
      );
      if (round > 0) expect(block.triples.map((triple) => triple.deviceName)).toEqual(names);
      names = block.triples.map((triple) => triple.deviceName);
      const events = names.map((deviceName, i) => runEvent(i + 1, deviceName));
      const sending = (async () => {
        for (let at = 0; at < events.length; at += 5) {
          const results = await service.client.sendEvents(events.slice(at, at + 5), NEVER_ABORTED);
          for (const { key, status } of results) {
            if (acknowledged.has(key)) expect(status).toBe('repeated');
            else expect(['applied', 'repeated']).toContain(status);
            acknowledged.add(key);
            if (acknowledged.size === 60 * (round + 1)) void service.kill();
          }
        }
      })();
      await sending.catch((error: unknown) => expect(error).toMatchObject({ code: 'registry-unreachable' }));
    }
    await using service = await startHere(dir.path);
    const events = names.map((deviceName, i) => runEvent(i + 1, deviceName));
    const results = await service.client.sendEvents(events, NEVER_ABORTED);
    for (const { key, status } of results) if (acknowledged.has(key)) expect(status).toBe('repeated');
    for (const [i, deviceName] of names.entries()) {
      const device = await service.client.device(PRODUCT, deviceName, NEVER_ABORTED);
      expect(device).toMatchObject({ state: 'bound', chipId: chip(i + 1), runs: 1 });
    }
  });

  it('has no connected device afterwards', async () => {
    using dir = tempDir();
    {
      using store = openRegistryStore(dir.path);
      const triples = [{ deviceName: 'd1', deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' }];
      store.seedProduct({ productId: PRODUCT, triples });
    }
    {
      await using service = await startService(dir.path);
      await using peer = await connectPeer(
        service.mqttPort,
        loginOf(PRODUCT, 'd1', 'IyXmUW5sU/q1vnb5yzTkeQ=='),
      );
      expect(await service.client.device(PRODUCT, 'd1', NEVER_ABORTED)).toMatchObject({
        connection: 'online',
      });
      await service.kill();
      await peer.closed;
    }
    await using service = await startHere(dir.path);
    expect(await service.client.device(PRODUCT, 'd1', NEVER_ABORTED)).toMatchObject({
      connection: 'offline',
      logins: 1,
    });
  });
});
