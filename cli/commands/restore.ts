import type { Command } from 'commander';
import { createNodePlatform, restoreStation, type RestoreReport } from '#station';
import { type ApproverFlags, approverOf, NOBODY, sayNotProven, withApprover } from '../approval.ts';
import { type CommonOptions, command, dataDirOf } from '../command.ts';
import { createOutput } from '../output.ts';
import { terminalSession } from '../terminal-session.ts';

interface RestoreOptions extends CommonOptions, ApproverFlags {
  readonly from: string;
  readonly reason: string;
}

export function restoreCommand(): Command {
  return withApprover(
    command('restore', 'put a backup in the place of the database, which is kept aside')
      .requiredOption('--from <file>', 'the backup; "backup --list" names them')
      .requiredOption('--reason <text>', 'why'),
    'who agreed',
  ).action(restore);
}

async function restore(options: RestoreOptions): Promise<void> {
  const out = createOutput(options);
  const { from, reason } = options;
  const platform = createNodePlatform(dataDirOf(options));
  const report = await restoreStation(platform, {
    from,
    reason,
    ...approverOf(options),
    by: terminalSession(),
  });
  if (!report.approverProven) sayNotProven(options.approver, NOBODY);
  out.event('station.restored', report);
  if (!out.json) for (const line of words(report)) out.say(line);
}

function words(report: RestoreReport): string[] {
  const { upToMs, unreadable } = report;
  const until = upToMs === null ? 'its beginning' : `${new Date(upToMs).toISOString().slice(0, 19)} UTC`;
  return [
    `restored: the station knows what it knew until ${until}; people and settings are those of then, too`,
    `the old database is in ${report.setAside}`,
    `carried over from it: ${report.auditEntries} audit entries, ${report.messages} messages for the registry, ${report.triples} names of triples; ${report.runsLeftBehind} runs are only there`,
    ...(unreadable.length === 0 ? [] : [`could not be read to the end there: ${unreadable.join(', ')}`]),
    `${report.quarantined} triples are taken aside for good: what became of them after the backup nobody here knows`,
    ...(report.droppedLeases === 0
      ? []
      : [`${report.droppedLeases} leases that were asked for are not asked for again`]),
    'next: "triples lease" for new triples, then "doctor"',
  ];
}
