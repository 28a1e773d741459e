import type { AuditReport, Discrepancy, FiguresReport, RegistryComparison } from '#station';
import { counted } from '#shared/words/index.ts';

/** One finding, as event fields and as text. */
export interface Finding {
  readonly kind: 'record' | 'journal' | 'schema' | 'attachment' | 'figures' | 'registry';
  /** Table and key of a record, table and batch of figures, type and name of a schema object, run and name of an attachment, a run, or the rows of a journal part. */
  readonly subject: string;
  readonly what: string;
  readonly text: string;
}

/** All findings, records first. */
export function findingsOf(
  { records, attachments, registryComparison }: AuditReport,
  figures: FiguresReport,
): Finding[] {
  return [
    ...records.tampered.map(({ table, key, name, what }): Finding => {
      const called = name === null || name === key ? '' : ` (${name})`;
      const text = `${what.toUpperCase()} by hand: ${table} ${key}${called}`;
      return { kind: 'record', subject: `${table} ${key}`, what, text };
    }),
    ...records.brokenParts.map(({ entry, from, upTo }): Finding => {
      const text = `CHANGED by hand: the journal of records from row ${from} to ${upTo} does not match ${entry === null ? 'the audit trail' : `entry ${entry} of the audit trail`}`;
      return { kind: 'journal', subject: `record_journal ${from}-${upTo}`, what: 'changed', text };
    }),
    ...records.schema.map(({ type, name, what }): Finding => {
      const text = `SCHEMA: the ${type} ${name} is ${what}; the station did not do this`;
      return { kind: 'schema', subject: `${type} ${name}`, what, text };
    }),
    ...attachments.damaged.map(({ runId, name, what }): Finding => {
      const text = `${what.toUpperCase()}: the file of ${name} of run ${runId} ${ATTACHMENT_TEXT[what]}`;
      return { kind: 'attachment', subject: `run ${runId} ${name}`, what, text };
    }),
    ...figures.differences.map(({ table, batchId, rows }): Finding => {
      const where = batchId === null ? table : `${table} of batch ${batchId}`;
      const text = `DIFFERENT: ${counted(rows, 'row of kept figures', 'rows of kept figures')} in ${where}, which the records do not give; make them anew with "audit remake-figures", or in the check-up of a running station`;
      return {
        kind: 'figures',
        subject: batchId === null ? table : `${table} ${batchId}`,
        what: 'different',
        text,
      };
    }),
    ...(registryComparison.outcomes?.discrepancies ?? []).map((found): Finding => {
      const { runId, what } = found;
      return { kind: 'registry', subject: `run ${runId}`, what, text: formatDiscrepancy(found) };
    }),
  ];
}

const ATTACHMENT_TEXT: Readonly<Record<AuditReport['attachments']['damaged'][number]['what'], string>> = {
  missing: 'is not in the data directory',
  changed: 'is not the one that the run recorded',
  exchanged: 'is that of another attachment',
  unreadable: 'cannot be read',
};

/** The comparison of the files of attachments with the records as one line; `null` without attachments. */
export function formatAttachments({ files, damagedCount }: AuditReport['attachments']): string | null {
  if (files === 0) return null;
  if (damagedCount > 0)
    return `${counted(damagedCount, 'attachment does', 'attachments do')} not have the file that its run recorded`;
  return `${counted(files, 'file of attachments is', 'files of attachments are')} what the runs recorded`;
}

function formatDiscrepancy({ runId, serialNumber, what, here, there }: Discrepancy): string {
  const run = `run ${runId}${serialNumber === null ? '' : ` of ${serialNumber}`}`;
  switch (what) {
    case 'missing-here':
      return `MISSING: the registry has ${run} as ${there ?? '?'}, but this station does not have it`;
    case 'missing-there':
      return `MISSING at the registry: ${run} was sent, but the registry does not have it`;
    default:
      return `DIFFERENT: ${run} has ${what} ${here ?? 'none'} at this station and ${there ?? 'none'} at the registry`;
  }
}

/** The comparison of the kept figures with the records as one line. */
export function formatFigures({ differences, runs }: FiguresReport): string {
  if (differences.length > 0) return 'the kept figures are not what the records give';
  return `the kept figures of ${counted(runs, 'run')} are what the records give`;
}

/** The comparison with the registry as one line. */
export function formatRegistryComparison(registryComparison: RegistryComparison): string {
  const { seenUpTo, rewrittenAt, outcomes } = registryComparison;
  switch (registryComparison.registry) {
    case 'agrees': {
      const runs =
        outcomes === null
          ? 'it cannot compare runs'
          : `${counted(outcomes.runs, 'run was', 'runs were')} compared`;
      return `the audit trail matches the registry up to entry ${seenUpTo}; ${runs}`;
    }
    case 'rewritten':
      return `REWRITTEN: from entry ${rewrittenAt ?? '?'} on the audit trail differs from that of the registry`;
    case 'unreachable':
      return 'the registry does not answer: it is unknown whether the end of the audit trail was removed or rewritten';
    case 'unbound':
      return 'the station is not bound to a registry: there is no second copy of this audit trail';
    case 'keeps-none':
      return 'the registry stores no audit trails: it is older than this station';
  }
}
