import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { requireStationIn } from '../data-directories.ts';
import {
  type AuditReport,
  createNodePlatform,
  type FiguresReport,
  reachRegistry,
  verifyAll,
  verifyFigures,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type CommonOptions, command, dataDirOf, group, interruptSignal } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, type Output } from '../output.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation } from '../with-station.ts';
import { findingsOf, formatAttachments, formatFigures, formatRegistryComparison } from './format-audit.ts';

export function auditCommand(): Command {
  return group('audit', 'the audit trail, and the check that no record was changed by hand', [
    command(
      'verify',
      'check that no entry, record or table was changed, removed or added by hand; compares with the registry',
    ).action(verify),
    command(
      'remake-figures',
      'make the kept figures of batches anew from the records, after "audit verify" found that they differ',
    ).action(remakeFigures),
  ]);
}

async function remakeFigures(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  requireStationIn(dataDirOf(options));
  const runs = await withStation(options, async ({ yields, database }) => {
    yields.remake(terminalSession());
    await yields.whenWritten();
    return database.runFacts.getProgress();
  });
  out.event('figures.remade', { runs });
  out.print(`the figures of ${counted(runs, 'run')} were made anew from the records`);
}

/** The progress is printed after this many steps of the check. */
const STEPS_PER_PROGRESS = 50;

async function verify(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const verdict = await verifyRecords(options, out);
  const { trail, records, attachments, registryComparison, figures } = verdict;
  const { outcomes, ...registry } = registryComparison;
  const findings = findingsOf(verdict, figures);
  const { covered, notYetCovered, adoptedAt } = records;
  out.event('audit.verified', {
    ...trail,
    ...registry,
    findings:
      records.tamperedCount +
      records.brokenParts.length +
      records.schema.length +
      attachments.damagedCount +
      figures.differences.length +
      (outcomes?.count ?? 0),
    attachments: { files: attachments.files, damaged: attachments.damagedCount },
    figures: { compared: figures.runs, differences: figures.differences.length },
    journal: { covered, notYetCovered, adoptedAt },
    outcomes:
      outcomes === null
        ? null
        : { compared: outcomes.runs, leftBehind: outcomes.leftBehind, lost: outcomes.lost },
  });
  for (const { text, ...finding } of findings) {
    out.event('audit.finding', finding);
    out.print(text);
  }
  for (const line of formatReport(verdict)) out.print(line);
  const attached = formatAttachments(attachments);
  if (attached !== null) out.print(attached);
  out.print(formatFigures(figures));
  out.print(formatRegistryComparison(registryComparison));
  if (trail.brokenAt !== null || registry.registry === 'rewritten' || findings.length > 0)
    process.exitCode = EXIT_STATUS.integrity;
}

function formatReport({ trail, records }: AuditReport): string[] {
  const { entries, head, brokenAt } = trail;
  const { tamperedCount, tampered, covered, notYetCovered, adoptedAt } = records;
  return [
    brokenAt === null
      ? `${counted(entries, 'entry', 'entries')}; each follows from the one before it; the newest has the hash ${head}`
      : `BROKEN at entry ${brokenAt} of ${entries}: this entry, or one before it, was changed`,
    ...(tamperedCount > tampered.length
      ? [`… and ${counted(tamperedCount - tampered.length, 'record')} more`]
      : []),
    tamperedCount === 0
      ? 'no record was changed by hand'
      : `${counted(tamperedCount, 'record was', 'records were')} changed by hand`,
    `the audit trail covers ${counted(covered, 'write')}; ${notYetCovered} later than its newest entry`,
    ...(adoptedAt === null
      ? []
      : [`records from before entry ${adoptedAt} were taken over in their state then`]),
  ];
}

/** Reads the data also while a station runs on it. A database of an older version is migrated first. */
async function verifyRecords(
  options: CommonOptions,
  out: Output,
): Promise<AuditReport & { readonly figures: FiguresReport }> {
  const dataDir = dataDirOf(options);
  requireStationIn(dataDir);
  let steps = 0;
  const onStep = (found: number): void => {
    if (++steps % STEPS_PER_PROGRESS === 0) out.notice(`still checking; findings so far: ${found}`);
  };
  const signal = interruptSignal();
  const run = async () => {
    const report = await verifyAll(
      dataDir,
      (database) => reachRegistry(database, createNodePlatform(dataDir)),
      signal,
      onStep,
    );
    const figures = await verifyFigures(dataDir, signal, (done, total) => {
      if (++steps % STEPS_PER_PROGRESS === 0)
        out.notice(`still checking figures: ${done} of ${counted(total, 'run')}`);
    });
    return { ...report, figures };
  };
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-configured') throw error;
    await withStation(options, () => undefined);
    return run();
  }
}
