import { join } from 'node:path';
import { makeDir } from '#node-kit/files/index.ts';
import { asRegistryFault, openStore, type Store } from '../store/index.ts';
import { openVault, type Vault } from '../vault.ts';
import { fillDigests } from './fill-digests.ts';

/** Creates the data directory for its owner only. Faults: those of `makeDir`. */
export function makeDataDir(dataDir: string): void {
  makeDir(dataDir, 0o700);
}

/** Opens database and vault of an existing data directory. The caller closes the store. Faults: those of `openStore` and of `openVault`. */
export function openData(dataDir: string): { readonly store: Store; readonly vault: Vault } {
  const file = join(dataDir, 'registry.db');
  const store = openStore(file);
  try {
    // With the write lock, so that two processes that start at the same time create one key.
    const vault = store.write(() => openVault(dataDir, store.meta));
    fillDigests(store, vault);
    return { store, vault };
  } catch (error) {
    store.close();
    // The first write fails for a read-only file.
    throw asRegistryFault(error, file);
  }
}
