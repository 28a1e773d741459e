import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRegistryStore } from '#registry';
import { Keeper } from './supervisor.ts';
import type { RegistryOrder } from './commands.ts';
import { PRODUCT } from './recipe.ts';

/** The one registry of the torture, at the same data whenever it comes back, and at the same port for devices. */
export interface RegistrySite extends AsyncDisposable {
  readonly keeper: Keeper;
  readonly dataDir: string;
  mqtt(): string;
  token(): string;
  /** Told where stations reach it, now and after each restart. */
  follow(listener: (url: string) => void): void;
}

export async function startRegistrySite(
  dir: string,
  hosts: string,
  triples: number,
  onKilled: () => void,
): Promise<RegistrySite> {
  const dataDir = join(dir, 'registry');
  mkdirSync(dataDir, { recursive: true });
  {
    using database = openRegistryStore(dataDir);
    database.seedProduct({ productId: PRODUCT, count: triples, prefix: 't' });
  }
  const followers: ((url: string) => void)[] = [];
  let http = '';
  let mqtt = '';
  let token = '';
  const keeper = new Keeper({
    name: 'registry',
    script: join(hosts, 'registry-host.mjs'),
    ready: 'registry.listening',
    open: (): RegistryOrder => ({
      open: { dataDir, mqttPort: mqtt === '' ? 0 : Number(new URL(mqtt).port) },
    }),
    onEvent(event) {
      if (event.event !== 'registry.listening') return;
      [http, mqtt, token] = [String(event['http']), String(event['mqtt']), String(event['stationToken'])];
      for (const follow of followers) follow(http);
    },
    onKilled,
  });
  keeper.start();
  await keeper.ready();
  return {
    keeper,
    dataDir,
    mqtt: () => mqtt,
    token: () => token,
    follow(listener) {
      followers.push(listener);
      listener(http);
    },
    [Symbol.asyncDispose]: () => keeper[Symbol.asyncDispose](),
  };
}
