import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStationDatabaseForReading } from '#station';
import { countIssued, databaseFile } from '../../station/core/database/index.ts';
import { readBalance } from '../../station/execution/documents/read-balance.ts';
import type { FinalState } from './check-invariants.ts';
import type { Findings } from './findings.ts';

/**
 * Compares the balances of all batches of all stations with the pool of the registry: each identity of the pool is in exactly one
 * list of one balance, or in the pool of one station, or free at the registry. All processes have ended.
 */
export async function checkBalances(
  finalStates: readonly Pick<FinalState, 'sut'>[],
  registryDir: string,
  findings: Pick<Findings, 'unbalanced'>,
): Promise<void> {
  const { signal } = new AbortController();
  let inBalances = 0;
  let inPools = 0;
  for (const { sut } of finalStates) {
    const file = databaseFile(sut.dataDir);
    const database = openStationDatabaseForReading(sut.dataDir);
    try {
      const counted = await countIssued(file, signal);
      for (const { batchId, name } of database.batches.list()) {
        const source = { database, nowMs: () => 0, registry: null };
        const { counts, lists, addsUp } = await readBalance(source, batchId, signal);
        const first = lists.open[0];
        if (!addsUp)
          findings.unbalanced.push(
            `${sut.name}: batch ${name} does not add up: ${first?.deviceName ?? 'a run'} ${first?.open?.reason ?? 'has not ended'}`,
          );
        // Counted once more over the whole ledger, by another way.
        const own = counted.filter((row) => row.batchId === batchId);
        const all = own.reduce((sum, { identities }) => sum + identities, 0);
        if (all !== counts.issued - counts.returned)
          findings.unbalanced.push(
            `${sut.name}: the ledger has ${all} identities of batch ${name}, its balance ${counts.issued - counts.returned}`,
          );
        inBalances += counts.issued - counts.returned;
      }
      // Given back to the registry: another station may have leased it since, and the registry counts it.
      const rest = counted.filter(({ batchId, state }) => batchId === null && state !== 'returned');
      inPools += rest.reduce((sum, { identities }) => sum + identities, 0);
    } finally {
      database.close();
    }
  }
  const { total, free } = countDevices(registryDir);
  if (inBalances + inPools + free !== total)
    findings.unbalanced.push(
      `the registry has ${total} identities; the balances have ${inBalances}, the pools of the stations ${inPools}, free are ${free}`,
    );
}

/** The registry's database, read from the disk without code of the registry. */
function countDevices(dir: string): { readonly total: number; readonly free: number } {
  const db = new Database(join(dir, 'registry.db'), { readonly: true });
  try {
    const row = db
      .prepare<[], { total: number; free: number | null }>(
        "SELECT count(*) AS total, sum(state = 'available') AS free FROM devices",
      )
      .get();
    return { total: row?.total ?? 0, free: row?.free ?? 0 };
  } finally {
    db.close();
  }
}
