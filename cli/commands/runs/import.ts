import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { FOREIGN_KINDS, type ForeignKind } from '#shared/domain/foreign-run.ts';
import { counted } from '#shared/words/index.ts';
import { openRunSource, parseRunColumnMap, RUN_ROLES, type RunImportReport } from '#station';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { EXIT_STATUS } from '../../exit-status.ts';
import { createOutput, type Output } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';

interface ImportOptions extends CommonOptions {
  readonly format?: ForeignKind;
  readonly map?: string;
  readonly values?: string;
  readonly timeFormat: string;
  readonly zone: string;
  readonly decimal: '.' | ',';
  readonly station?: string;
  readonly batch?: string;
  readonly dryRun?: boolean;
  readonly skipBad?: boolean;
}

const SHOWN_REJECTS = 20;

export function importCommand(): Command {
  return command('import', 'runs of another station or program, as records marked foreign: all or none')
    .argument(
      '<path>',
      'data directory or backup of a station; or a file: CSV, JSON Lines, ATML, OpenHTF JSON, a ZIP archive of those',
    )
    .addOption(new Option('--format <format>', 'found by the content when left out').choices(FOREIGN_KINDS))
    .option(
      '--map <columns>',
      `of CSV: which column is what, as serial=SN,outcome=Result,started=#3; the roles are ${RUN_ROLES.join(', ')}`,
    )
    .option(
      '--values <columns>',
      'of CSV: columns with values, each with :unit if its header has none, as Vbat:V,Current; * for all others',
    )
    .option(
      '--time-format <format>',
      'of CSV: iso, unix, unix-ms, or a pattern of yyyy MM dd HH mm ss SSS',
      'iso',
    )
    .option('--zone <zone>', 'of CSV: for times without an offset: UTC, +08:00, Asia/Shanghai', 'UTC')
    .addOption(new Option('--decimal <char>', 'of CSV: in numbers').choices(['.', ',']).default('.'))
    .option('--station <name>', 'of CSV: where there is no such column')
    .option('--batch <name>', 'of CSV: where there is no such column')
    .option('--dry-run', 'check only, change nothing')
    .option('--skip-bad', 'import the good runs although there are bad ones')
    .action(importRuns);
}

async function importRuns(path: string, options: ImportOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const source = await openRunSource(resolve(path), {
    kind: options.format,
    csv: {
      map: options.map === undefined ? {} : parseRunColumnMap(options.map),
      values: options.values?.split(',').map((text) => text.trim()) ?? [],
      time: { format: options.timeFormat, zone: options.zone },
      decimal: options.decimal,
      station: options.station ?? '',
      batch: options.batch ?? '',
    },
  });
  const report = await withStation(options, (station) =>
    station.foreignRuns.import(
      source,
      { dryRun: options.dryRun, skipBad: options.skipBad, onProgress: progressOn(out) },
      terminalSession(),
      signal,
    ),
  );
  print(out, path, options, report);
}

function progressOn(out: Output): (stage: 'checking' | 'writing', rows: number) => void {
  let toldAtMs = performance.now();
  return (stage, rows) => {
    if (performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('runs.progress', { stage, rows });
    out.print(`${stage}: ${counted(rows, 'run')}`);
  };
}

function print(out: Output, path: string, { dryRun, skipBad }: ImportOptions, report: RunImportReport): void {
  out.event('runs.imported', { ...report, dryRun: dryRun === true });
  for (const { line, reason } of report.rejected.slice(0, SHOWN_REJECTS))
    out.print(`${path}:${line}: ${reason}`);
  const more = report.rejectedRows - Math.min(report.rejected.length, SHOWN_REJECTS);
  if (more > 0) out.print(`… and ${more} more`);
  const parts = [
    counted(report.rows, 'run'),
    `${report.added} ${dryRun === true ? 'would be added' : 'added'}`,
    `${report.doubles} here already`,
    ...(report.unfinished === 0 ? [] : [`${report.unfinished} not ended`]),
    `${report.rejectedRows} rejected`,
  ];
  out.print(parts.join(', '));
  if (report.rejectedRows > 0)
    process.exitCode = skipBad === true ? EXIT_STATUS.notPassed : EXIT_STATUS.badInput;
}
