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
      'put a backup in the place of the database, which is kept aside; the passphrase of a key beside it is read from standard input, after the PIN where that comes from there too',
    )
      .requiredOption(
        '--from <file>',
        'the backup; "backup --list" names them. The station\'s own database, to accept that it lost its end',
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
  const until = upToMs === null ? 'its beginning' : `${new Date(upToMs).toISOString().slice(0, 19)} UTC`;
  return [
    `restored: the station knows what it knew until ${until}; people and settings are those of then, too`,
    ...(report.missing === null
      ? []
      : [`not in it: ${describeProgress(report.missing)}; this station cannot tell which ones`]),
    ...(report.replaced ? replacedWords(report) : ['there was no database here that it replaces']),
    `${counted(report.quarantined, 'triple is', 'triples are')} taken aside for good: this station cannot tell what became of them after the backup`,
    ...keyWords(report),
    ...(report.droppedLeases === 0
      ? []
      : [
          `${counted(report.droppedLeases, 'lease that was asked for is', 'leases that were asked for are')} not asked for again`,
        ]),
    'next: "triples lease" for new triples, then "doctor"',
  ];
}

function replacedWords(report: RestoreReport): string[] {
  const { auditEntries, messages, triples, runsLeftBehind, setAside, unreadable } = report;
  return [
    `the old database is in ${setAside}`,
    `carried over from it: ${counted(auditEntries, 'audit entry', 'audit entries')}, ${counted(messages, 'message')} for the registry, ${counted(triples, 'name of a triple', 'names of triples')}; ${counted(runsLeftBehind, 'run is', 'runs are')} only there`,
    ...(unreadable.length === 0 ? [] : [`could not be read to the end there: ${unreadable.join(', ')}`]),
  ];
}

function keyWords({ key, sealedLost, settingsLost }: RestoreReport): string[] {
  if (key === 'own') return [];
  if (key === 'beside')
    return [
      'its secrets open with the key that lay beside it; it is closed with the key of this computer now',
    ];
  return [
    `the key of its secrets is not here: ${counted(sealedLost, 'more triple, which is in a unit, is', 'more triples, which are in units, are')} quarantined because ${sealedLost === 1 ? 'its secret' : 'their secrets'} cannot be opened; such a unit goes to support`,
    ...(settingsLost.length === 0
      ? []
      : [
          `nor could these settings be opened, give them again ("station configure"): ${settingsLost.join(', ')}`,
        ]),
    'if its station.key is somewhere, put it into the data directory and restore the same backup again',
  ];
}
