import type { Command } from 'commander';
import {
  AttachmentFiles,
  createNodePlatform,
  describeProgress,
  restoreStation,
  type RestoreReport,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, approverOf, NO_PINS, warnUnproven, withApprover } from '../approval.ts';
import { type CommonOptions, command, dataDirOf } from '../command.ts';
import { formatUtcTime } from '../format-time.ts';
import { createOutput } from '../output.ts';
import { readPassphrase } from '../read-passphrase.ts';
import { terminalSession } from '../terminal-session.ts';
import { withDatabase } from '../with-station.ts';

interface RestoreOptions extends CommonOptions, ApproverFlags {
  readonly from: string;
  readonly reason: string;
}

export function restoreCommand(): Command {
  return withApprover(
    command(
      'restore',
      'replace the database by a backup; the replaced database is moved to set-aside/. The passphrase of a key file beside the backup is read from standard input, after the PIN if that is read there, too',
    )
      .requiredOption(
        '--from <file>',
        'the backup; "backup --list" lists them. Give the station\'s own database to accept that it lost its latest records',
      )
      .requiredOption('--reason <text>', 'reason of the restore'),
    'who approved it',
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
  const missingAttachments = await withDatabase(options, (database) =>
    new AttachmentFiles(dataDirOf(options), database, () => '').countMissing(),
  );
  out.event('station.restored', { ...report, missingAttachments });
  for (const line of formatReport(report)) out.print(line);
  if (missingAttachments > 0)
    out.print(
      `${counted(missingAttachments, 'attachment of a run has', 'attachments of runs have')} no file here: copy the folder attachments/ of the old data directory`,
    );
}

function formatReport(report: RestoreReport): string[] {
  const { upToMs } = report;
  const until = upToMs === null ? 'its first start' : `${formatUtcTime(upToMs)} UTC`;
  return [
    `restored: the station has the state of ${until}, also its users and settings`,
    ...(report.missing === null
      ? []
      : [`missing: ${describeProgress(report.missing)}; this station does not know which ones`]),
    ...(report.replaced ? formatReplaced(report) : ['there was no database to replace']),
    `${counted(report.quarantined, 'triple is', 'triples are')} quarantined: this station does not know what happened to them after the backup`,
    ...formatKey(report),
    ...(report.droppedLeases === 0
      ? []
      : [
          `${counted(report.droppedLeases, 'unanswered request for a lease is', 'unanswered requests for leases are')} dropped`,
        ]),
    'next: "triples lease" for new triples, then "doctor"',
  ];
}

function formatReplaced(report: RestoreReport): string[] {
  const { auditEntries, messages, triples, runsLeftBehind, setAside, unreadable } = report;
  return [
    `the old database is in ${setAside}`,
    `copied from it: ${counted(auditEntries, 'audit entry', 'audit entries')}, ${counted(messages, 'message')} for the registry, ${counted(triples, 'name of a triple', 'names of triples')}; ${counted(runsLeftBehind, 'run is', 'runs are')} in the old database only`,
    ...(unreadable.length === 0
      ? []
      : [`these tables of the old database could be read only in part: ${unreadable.join(', ')}`]),
  ];
}

function formatKey({ key, sealedLost, settingsLost, signingKeyLost }: RestoreReport): string[] {
  if (key === 'own') return [];
  if (key === 'beside')
    return [
      'its secrets were opened with the key file beside it; they are sealed with the key of this computer now',
    ];
  return [
    `the key of its secrets is missing: ${counted(sealedLost, 'more triple, which is in a unit, is', 'more triples, which are in units, are')} quarantined because ${sealedLost === 1 ? 'its secret' : 'their secrets'} cannot be opened; such a unit stops for support`,
    ...(settingsLost.length === 0
      ? []
      : [
          `these settings could not be opened; set them again with "station configure": ${settingsLost.join(', ')}`,
        ]),
    ...(signingKeyLost
      ? [
          'balances and certificates are signed with a new key from now on; earlier ones stay valid with theirs',
        ]
      : []),
    'if you find its station.key, put it into the data directory and restore the same backup again',
  ];
}
