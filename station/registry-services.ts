import { createUploadStore, type UploadStore } from './core/uploads/index.ts';
import { createFirmware, type Firmware } from './firmware/index.ts';
import { createPool, createTripleFiles, type Pool, type TripleFiles } from './identity/index.ts';
import type { RegistryClient } from './registry-sync/client/index.ts';
import { createSync, type Sync, withSecretProof } from './registry-sync/index.ts';
import type { Announcements } from './topics.ts';
import type { Ground } from './core-services.ts';

export interface UpstreamParts extends Ground {
  readonly announce: Pick<Announcements, 'pool' | 'sync' | 'firmware' | 'imports'>;
  readonly registry: () => RegistryClient | null;
}

/** What goes to the registry and comes from it: triples, messages, firmware. */
export interface Upstream {
  readonly pool: Pool;
  readonly sync: Sync;
  readonly firmware: Firmware;
  readonly uploads: UploadStore;
  readonly tripleFiles: TripleFiles;
  /** Triples were used or came in. */
  publishPool(): void;
  /** Something waits to be sent; unless the host wants it sent only when asked for. */
  kick(): void;
}

export function composeUpstream({
  announce,
  platform,
  config,
  database,
  vault,
  secretDigest,
  audit,
  access,
  settings,
  registry,
}: UpstreamParts): Upstream {
  const publishPool = (): void => announce.pool(pool.state());
  const pool: Pool = createPool({
    database,
    vault,
    secretDigest,
    platform,
    audit,
    registry,
    onChange: publishPool,
  });
  const sync = createSync({
    database,
    platform,
    audit,
    approve: access.approve,
    registry,
    publish: (state) => announce.sync(state),
    onRegistered: publishPool,
    prove: () => withSecretProof(database, vault, settings.station()),
    async alsoTell(client, signal) {
      await pool.settle(client, signal);
      await client.audit.tell(signal);
    },
  });
  const uploads = createUploadStore(platform.paths.dataDir, () => platform.random.id());
  const firmware = createFirmware({
    database,
    platform,
    audit,
    uploads,
    registry,
    registryUrl: () => settings.registry()?.url ?? null,
    publish: (delta) => announce.firmware(delta),
  });
  const publish: Announcements['imports'] = (state) => announce.imports(state);
  const tripleFiles = createTripleFiles({ pool, uploads, database, platform, publish });
  return {
    pool,
    sync,
    firmware,
    uploads,
    tripleFiles,
    publishPool,
    kick() {
      if (config.autoSync !== false) sync.kick();
    },
  };
}
