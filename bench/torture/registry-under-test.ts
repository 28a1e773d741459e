import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { Supervisor } from './supervisor.ts';
import type { RegistryCommand } from './commands.ts';
import { PRODUCT } from './recipe.ts';

/** The registry of the torture. After a restart it has the same data and the same ports. */
export interface RegistryUnderTest extends AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly dataDir: string;
  mqtt(): string;
  /** The HTTP address, which stays the same. */
  http(): string;
  token(): string;
  /** Calls the listener with the HTTP address, now and after each restart. */
  follow(listener: (url: string) => void): void;
}

export async function startRegistryUnderTest(
  dir: string,
  hosts: string,
  triples: number,
  hasSpare: boolean,
): Promise<RegistryUnderTest> {
  const dataDir = join(dir, 'registry');
  mkdirSync(dataDir, { recursive: true });
  {
    using database = openRegistryStore(dataDir);
    database.seedProduct({ productId: PRODUCT, count: triples, prefix: 't' });
    const decision = { reason: 'torture', approver: 'torture' };
    database.setRegisterType(PRODUCT, { registerType: 1, createLimit: 0 }, decision);
    database.rotateProductSecret(PRODUCT, null, decision);
  }
  const followers: ((url: string) => void)[] = [];
  let http = '';
  let mqtt = '';
  let token = '';
  const supervisor = new Supervisor({
    name: 'registry',
    hasSpare,
    script: join(hosts, 'registry-host.mjs'),
    ready: 'registry.listening',
    open: (): RegistryCommand => ({
      open: { dataDir, httpPort: portOf(http), mqttPort: portOf(mqtt) },
    }),
    onEvent(event) {
      if (event.event !== 'registry.listening') return;
      [http, mqtt, token] = [String(event['http']), String(event['mqtt']), String(event['stationToken'])];
      for (const follow of followers) follow(http);
    },
  });
  supervisor.start();
  await supervisor.ready();
  return {
    supervisor,
    dataDir,
    mqtt: () => mqtt,
    http: () => http,
    token: () => token,
    follow(listener) {
      followers.push(listener);
      listener(http);
    },
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

/** 0 before the first start. */
function portOf(url: string): number {
  return url === '' ? 0 : Number(new URL(url).port);
}
