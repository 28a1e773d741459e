import type { Discrepancy, AuditReport, RegistryVerdict } from '#station';
import { counted } from '#shared/words/index.ts';

/** One finding, as event fields and as text. */
export interface Finding {
  readonly kind: 'record' | 'journal' | 'schema' | 'registry';
  /** Table and key of a record, type and name of a schema object, or a run. */
  readonly subject: string;
  readonly what: string;
  readonly words: string;
}

/** All findings, records first. */
export function findingsOf({ records, witness }: AuditReport): Finding[] {
  return [
    ...records.tampered.map(({ table, key, name, what }): Finding => {
      const called = name === null || name === key ? '' : ` (${name})`;
      const words = `${what.toUpperCase()} by hand: ${table} ${key}${called}`;
      return { kind: 'record', subject: `${table} ${key}`, what, words };
    }),
    ...records.brokenParts.map(({ entry, from, upTo }): Finding => {
      const words = `CHANGED by hand: the journal of records from row ${from} to ${upTo} is not what ${entry === null ? 'may come after the trail' : `entry ${entry} says`}`;
      return { kind: 'journal', subject: `record_journal ${from}-${upTo}`, what: 'changed', words };
    }),
    ...records.schema.map(({ type, name, what }): Finding => {
      const words = `SCHEMA: the ${type} ${name} is ${what}: a station never does that`;
      return { kind: 'schema', subject: `${type} ${name}`, what, words };
    }),
    ...(witness.outcomes?.disagreements ?? []).map((found): Finding => {
      const { runId, what } = found;
      return { kind: 'registry', subject: `run ${runId}`, what, words: disagreementWords(found) };
    }),
  ];
}

function disagreementWords({ runId, serialNumber, what, here, there }: Discrepancy): string {
  const run = `run ${runId}${serialNumber === null ? '' : ` of ${serialNumber}`}`;
  switch (what) {
    case 'missing-here':
      return `MISSING: the registry has ${run} as ${there ?? '?'}, and it is not here`;
    case 'missing-there':
      return `MISSING at the registry: ${run} was told, and is not there`;
    default:
      return `DIFFERENT: ${run} has ${what} ${here ?? 'none'} here and ${there ?? 'none'} at the registry`;
  }
}

/** The comparison with the registry as one line. */
export function witnessWords(witness: RegistryVerdict): string {
  const { seenUpTo, rewrittenAt, outcomes } = witness;
  switch (witness.registry) {
    case 'agrees': {
      const runs =
        outcomes === null
          ? 'it does not tell of runs'
          : `${counted(outcomes.runs, 'run was', 'runs were')} compared`;
      return `the registry has seen it up to entry ${seenUpTo}, and agrees; ${runs}`;
    }
    case 'rewritten':
      return `REWRITTEN: from entry ${rewrittenAt ?? '?'} on it is not what the registry has seen`;
    case 'unreachable':
      return 'the registry does not answer: whether the end was cut off or rewritten is not known';
    case 'unbound':
      return 'no registry is bound: there is no second record of this trail';
    case 'keeps-none':
      return 'the registry keeps no trails: it is older than this station';
  }
}
