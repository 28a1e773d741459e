import { registryEvent } from '#shared/registry-api/index.ts';
import { chainsOn } from '../audit/index.ts';
import type { Salvage, Store } from '../store/index.ts';

/** What of a database that was set aside lives on in the restored one. */
export interface CarriedOver {
  /** Entries of the audit trail after the backup, each proven by its hash. */
  readonly auditEntries: number;
  /** Messages for the registry that it had not acknowledged. */
  readonly messages: number;
  /** Names of triples the backup does not know. They are taken aside, never handed out. */
  readonly triples: number;
  /** Runs that are in the set-aside file and not here. */
  readonly runsLeftBehind: number;
}

/**
 * Takes over what can be trusted although its file cannot: audit entries that chain on, messages that are what the
 * contract says (the registry applies a key once, whoever sends it), and names, so that nobody takes a triple for new
 * that was here before. States of triples are not taken over: see docs/adr/0013-restore.md.
 * Call it inside a transaction, before anything else is written.
 */
export function carryOver(store: Store, from: Salvage, atMs: number): CarriedOver {
  let auditEntries = 0;
  for (const row of chainsOn(store, from.audit)) {
    store.audit.add(row);
    auditEntries += 1;
  }
  const knownKeys = new Set(store.secretKeys.all().map(({ keyId }) => keyId));
  for (const { keyId, wrapped, at } of from.secretKeys)
    if (!knownKeys.has(keyId)) store.secretKeys.add(keyId, wrapped, at);
  let triples = 0;
  for (const { productId, deviceName, sealed, source } of from.triples) {
    const name = { productId, deviceName };
    if (store.triples.byName(productId, deviceName) !== null) continue;
    if (!store.triples.add({ ...name, sealed, source, lease: null }, atMs)) continue;
    triples += 1;
  }
  let messages = 0;
  for (const { key, lane, kind, payload, createdAt } of from.messages) {
    if (store.outbox.has(key) || !isMessage({ key, lane, kind, payload, createdAt })) continue;
    store.outbox.add({ key, lane, kind, payload, createdAt });
    messages += 1;
  }
  const runsLeftBehind = from.runIds.filter((runId) => store.runs.byId(runId) === null).length;
  return { auditEntries, messages, triples, runsLeftBehind };
}

function isMessage(row: {
  key: string;
  lane: string;
  kind: string;
  payload: string;
  createdAt: number;
}): boolean {
  try {
    const { key, lane, kind, createdAt } = row;
    return registryEvent.safeParse({ key, lane, kind, atMs: createdAt, payload: JSON.parse(row.payload) })
      .success;
  } catch {
    return false;
  }
}
