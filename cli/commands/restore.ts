import type { Command } from 'commander';
import { createNodePlatform, describeProgress, restoreStation, type RestoreReport } from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, approverOf, NO_PINS, warnUnproven, withApprover } from '../approval.ts';
import { type CommonOptions, command, dataDirOf } from '../command.ts';
import { createOutput } from '../output.ts';
import { readPassphrase } from '../read-passphrase.ts';
import { terminalSession } from '../terminal-session.ts';

interface RestoreOptions extends CommonOptions, ApproverFlags {
  readonly from: string;
  readonly reason: string;
}

export function restoreCommand(): Command {
  return withApprover(
    command(
      'restore',
      "replace the database by a backup; the old database is moved to set-aside/. The passphrase of the backup's key file is read from standard input, after the PIN if that comes from there too",
    )
      .requiredOption(
        '--from <file>',
        'the backup, as "backup --list" names it; or the station\'s own database, to accept that its newest records are lost',
      )
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
    passphrase: () => readPassphrase('passphrase of the backup', { anew: false }),
  });
  if (!report.approverProven) warnUnproven(options.approver, NO_PINS);
  out.event('station.restored', report);
  if (!out.json) for (const line of words(report)) out.print(line);
}

function words(report: RestoreReport): string[] {
  const { upToMs } = report;
  const until =
    upToMs === null ? 'the start of the station' : `${new Date(upToMs).toISOString().slice(0, 19)} UTC`;
  return [
    `restored: the database is that of ${until}, people and settings included`,
    ...(report.missing === null
      ? []
      : [`missing in it: ${describeProgress(report.missing)}; the station cannot determine which ones`]),
    ...(report.replaced ? replacedWords(report) : ['there was no database to replace']),
    `${counted(report.quarantined, 'triple is', 'triples are')} quarantined: the station cannot determine what happened to them after the backup`,
    ...keyWords(report),
    ...(report.droppedLeases === 0
      ? []
      : [
          `${counted(report.droppedLeases, 'requested lease is', 'requested leases are')} not requested again`,
        ]),
    'next: "triples lease" for new triples, then "doctor"',
  ];
}

function replacedWords(report: RestoreReport): string[] {
  const { auditEntries, messages, triples, runsLeftBehind, setAside, unreadable } = report;
  return [
    `the old database was moved to ${setAside}`,
    `copied from it: ${counted(auditEntries, 'audit entry', 'audit entries')}, ${counted(messages, 'message')} for the registry, ${counted(triples, 'name of a triple', 'names of triples')}; ${counted(runsLeftBehind, 'run is', 'runs are')} only in the old database`,
    ...(unreadable.length === 0 ? [] : [`could not be read completely: ${unreadable.join(', ')}`]),
  ];
}

function keyWords({ key, sealedLost, settingsLost }: RestoreReport): string[] {
  if (key === 'own') return [];
  if (key === 'beside')
    return [
      'its secrets were opened with the key file beside the backup; they are now sealed with the key of this computer',
    ];
  return [
    `the key of its secrets is missing: ${counted(sealedLost, 'more triple, which is in a unit, is', 'more triples, which are in units, are')} quarantined because ${sealedLost === 1 ? 'its secret' : 'their secrets'} cannot be opened; such a unit goes to support`,
    ...(settingsLost.length === 0
      ? []
      : [
          `these settings could not be opened either; set them again with "station configure": ${settingsLost.join(', ')}`,
        ]),
    'if you have its station.key, put it into the data directory and restore the same backup again',
  ];
}
