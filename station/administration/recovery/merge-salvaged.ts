import { FAULT_CODES } from '#shared/domain/fault.ts';
import type { RunFailure } from '#shared/domain/outcome.ts';
import { registryEvent, type RegistryEvent, type RunFinishedPayload } from '#shared/registry-api/index.ts';
import { continuationOf } from '../../core/audit-log/index.ts';
import { finishRun, interruptedFailure, runKey } from '../../execution/executor/index.ts';
import type { Salvage, WritableDatabase } from '../../core/database/index.ts';

/** The records that were merged from the replaced database into the restored one. */
export interface MergedSalvage {
  /** Entries of the audit trail after the backup; each continues the chain of hashes. */
  readonly auditEntries: number;
  /** Messages for the registry that it had not acknowledged. */
  readonly messages: number;
  /** Triples that the backup lacks. They are quarantined and never assigned. */
  readonly triples: number;
  /** Runs that remain in the replaced database. */
  readonly runsLeftBehind: number;
}

/**
 * Merges what can be verified although the file is not trusted: audit entries that continue the chain, messages that are valid
 * by the contract (the registry applies each key once), and names of triples, so that no known triple is imported as a new one.
 * States of triples are not merged: see docs/adr/0013-restore.md.
 *
 * A run that was not finished in the backup has ended since. It gets the outcome of its message, because the registry would
 * reject a second message with another outcome.
 * Call it inside a transaction, before anything else is written.
 */
export function mergeSalvaged(database: WritableDatabase, from: Salvage, atMs: number): MergedSalvage {
  let auditEntries = 0;
  for (const row of continuationOf(database, from.audit)) {
    database.audit.add(row);
    auditEntries += 1;
  }
  const knownKeys = new Set(database.secretKeys.list().map(({ keyId }) => keyId));
  for (const { keyId, wrapped, at } of from.secretKeys)
    if (!knownKeys.has(keyId)) database.secretKeys.add(keyId, wrapped, at);
  let triples = 0;
  for (const { productId, deviceName, sealed, source } of from.triples) {
    const name = { productId, deviceName };
    if (database.triples.findByName(productId, deviceName) !== null) continue;
    if (database.triples.add({ ...name, sealed, source, lease: null }, atMs) !== 'added') continue;
    triples += 1;
  }
  let messages = 0;
  const ends = new Map<string, RunFinishedPayload>();
  for (const { key, orderKey, kind, payload, createdAtMs } of from.messages) {
    if (database.outbox.has(key)) continue;
    const message = readMessage({ key, orderKey, kind, payload, createdAtMs });
    if (message === null) continue;
    database.outbox.add({ key, orderKey, kind, payload, createdAtMs });
    if (message.kind === 'run.finished') ends.set(key, message.payload);
    messages += 1;
  }
  for (const { runId, startedAtMs } of database.runs.listUnfinished()) {
    const end = ends.get(runKey(runId));
    if (end !== undefined) database.runs.finish(runId, end.finishedAtMs, end.outcome, failureIn(end));
    else
      finishRun(
        database,
        runId,
        Math.max(atMs, startedAtMs),
        'ERROR',
        interruptedFailure(database, runId, null),
      );
  }
  const runsLeftBehind = from.runIds.filter((runId) => database.runs.findById(runId) === null).length;
  return { auditEntries, messages, triples, runsLeftBehind };
}

function readMessage(row: {
  key: string;
  orderKey: string;
  kind: string;
  payload: string;
  createdAtMs: number;
}): RegistryEvent | null {
  try {
    const { key, orderKey, kind, createdAtMs } = row;
    const payload = JSON.parse(row.payload) as unknown;
    return registryEvent.safeParse({ key, lane: orderKey, kind, atMs: createdAtMs, payload }).data ?? null;
  } catch {
    return null;
  }
}

/** The failure as the message has it; the rest remains in the replaced database. */
function failureIn({ firstFailure }: RunFinishedPayload): RunFailure | null {
  if (firstFailure === null) return null;
  const { phase, step, message } = firstFailure;
  const code = FAULT_CODES.find((known) => known === firstFailure.code) ?? 'internal';
  return { code, phase: phase ?? '', step: step ?? '', message, hint: null, details: {} };
}
