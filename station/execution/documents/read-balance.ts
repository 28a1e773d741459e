import { createYielder } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BatchBalance } from '#shared/signed/index.ts';
import { type BatchRow, readBalanceRows, type ReadableDatabase } from '../../core/database/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { type ComposedBalance, composeBalance, nameOf, type RegistryDevice } from './compose-balance.ts';

/** The balance of a batch as it is now, not signed. */
export interface BalanceNow extends ComposedBalance {
  readonly batch: BatchRow;
  readonly recipe: BatchBalance['batch']['recipe'];
  readonly firmware: BatchBalance['batch']['firmware'];
  readonly units: BatchBalance['units'];
  readonly fromElsewhere: number;
  /** Runs whose identity no batch has issued. */
  readonly unissued: readonly { readonly deviceName: string; readonly runId: string }[];
  /** Null when the registry was not asked. */
  readonly comparedAtMs: number | null;
  /** Why the registry was not asked; null when it was, and when it was not to be asked. */
  readonly notCompared: Fault | null;
  /** The newest event of the ledger that it knows. */
  readonly lastEventId: number;
}

export interface BalanceSource {
  readonly database: ReadableDatabase;
  readonly nowMs: () => number;
  /** Null: the registry is not asked. */
  readonly registry: RegistryClient | null;
}

/** Attempts when the ledger changes between its reading and that of the registry. */
const ATTEMPTS = 3;

/**
 * Reads the balance of a batch, and compares each identity with the registry if it answers. Faults: `batch-missing`, those of
 * SQLite, the signal's reason.
 */
export async function readBalance(
  source: BalanceSource,
  batchId: string,
  signal: AbortSignal,
): Promise<BalanceNow> {
  const { database } = source;
  const batch = database.batches.findById(batchId);
  if (batch === null)
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  for (let attempt = 1; ; attempt += 1) {
    const rows = await readBalanceRows(database.file, batchId, signal);
    const products = new Set(rows.issued.map(({ productId }) => productId));
    const asked = await devicesOf(source.registry, products, signal);
    const devices = asked instanceof Fault ? null : asked;
    const comparedAtMs = devices === null ? null : source.nowMs();
    // What changed meanwhile would look like a difference.
    const isOld = devices !== null && database.batches.hasChangedSince(batchId, rows.lastEventId);
    if (isOld && rows.running === 0 && attempt < ATTEMPTS) continue;
    if (devices !== null) await addMissing(source.registry, rows.issued, devices, signal);
    const composed = await composeBalance(rows, devices, createYielder(signal));
    const { runs, running, passed, notPassed, fromElsewhere, unissued, lastEventId } = rows;
    return {
      ...composed,
      batch: database.batches.findById(batchId) ?? batch,
      recipe: {
        ...database.batches.getRecipeName(batch.recipeHash),
        hash: batch.recipeHash,
        locked: batch.lockHash !== null,
      },
      firmware: firmwareOf(database, batch.firmwareSha256),
      units: { passed, notPassed, runs, running },
      fromElsewhere,
      unissued,
      comparedAtMs,
      notCompared: asked instanceof Fault ? asked : null,
      lastEventId,
    };
  }
}

/**
 * The registry's devices of these products that are of this station; the reason when it cannot be asked, null when it is not to be.
 * Faults: the signal's reason.
 */
async function devicesOf(
  registry: RegistryClient | null,
  products: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, RegistryDevice> | Fault | null> {
  if (registry === null) return null;
  const devices = new Map<string, RegistryDevice>();
  try {
    for (const productId of products) {
      for (let cursor: string | null = null; ;) {
        const page = await registry.devices(productId, cursor, signal);
        for (const device of page.devices) devices.set(nameOf(device), device);
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
    }
    return devices;
  } catch (error) {
    if (error instanceof Fault && NOT_ASKED.has(error.code) && !signal.aborted) return error;
    throw error;
  }
}

/** Offline is a normal state; a registry that refuses this question may be an older one. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  'registry-unreachable',
  'registry-refused',
  'registry-untrusted',
  'not-configured',
]);

/** An identity that another station has leased or burned first is not among the own devices. At most so many are asked for. */
const MAX_ASKED = 200;

async function addMissing(
  registry: RegistryClient | null,
  issued: readonly { readonly productId: string; readonly deviceName: string; readonly state: string }[],
  devices: Map<string, RegistryDevice>,
  signal: AbortSignal,
): Promise<void> {
  if (registry === null) return;
  const missing = issued.filter((row) => row.state === 'registered' && !devices.has(nameOf(row)));
  for (const row of missing.slice(0, MAX_ASKED)) {
    const device = await registry.device(row.productId, row.deviceName, signal);
    if (device !== null) devices.set(nameOf(row), device);
  }
}

function firmwareOf(database: ReadableDatabase, sha256: string | null): BalanceNow['firmware'] {
  return sha256 === null
    ? null
    : { version: database.firmware.findBySha256(sha256)?.version ?? null, sha256 };
}
