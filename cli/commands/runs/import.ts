import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ForeignImport, ImportsState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { FOREIGN_KINDS, type ForeignKind, RUN_ROLES } from '#shared/domain/foreign-run.ts';
import { counted } from '#shared/words/index.ts';
import { parseRunColumnMap } from '#station';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { EXIT_STATUS } from '../../exit-status.ts';
import { createOutput, type Output } from '../../output.ts';
import { withCalls } from '../../with-calls.ts';

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
  const file = {
    kind: options.format,
    map: options.map === undefined ? {} : parseRunColumnMap(options.map),
    values: options.values?.split(',').map((text) => text.trim()) ?? [],
    timeFormat: options.timeFormat,
    zone: options.zone,
    decimal: options.decimal,
    station: options.station,
    batch: options.batch,
  };
  const report = await withCalls(options, async ({ call, lend, watch }) => {
    const fileId = await lend(resolve(path));
    const stop = watch('imports', { onState: progressOn(out, fileId) });
    try {
      if (options.dryRun !== true)
        return await call('foreignRuns.import', { ...file, fileId, skipBad: options.skipBad }, signal);
      const { fileName, problem, good, ...preview } = await call(
        'foreignRuns.preview',
        { ...file, fileId },
        signal,
      );
      if (problem !== null) throw Fault.fromView(problem);
      const added = preview.rejected > 0 && options.skipBad !== true ? 0 : good;
      return { ...preview, name: fileName, sourceId: null, added };
    } finally {
      stop();
    }
  });
  print(out, path, options, report);
}

/** Says once a second how far the import of a file is. */
function progressOn(out: Output, fileId: string): (state: ImportsState) => void {
  let toldAtMs = performance.now();
  return ({ running }) => {
    const own = running.find((one) => one.fileId === fileId);
    if (own === undefined || performance.now() - toldAtMs < 1000) return;
    toldAtMs = performance.now();
    out.event('runs.progress', { rows: own.rows });
    out.print(`${counted(own.rows, 'run')} read`);
  };
}

type Report = Pick<
  ForeignImport,
  'kind' | 'name' | 'sourceId' | 'added' | 'rows' | 'doubles' | 'unfinished' | 'rejected' | 'rejectedRows'
>;

function print(out: Output, path: string, { dryRun, skipBad }: ImportOptions, report: Report): void {
  const { kind, name, sourceId, rows, added, doubles, unfinished, rejected, rejectedRows } = report;
  out.event('runs.imported', {
    ...{ kind, name, sourceId, rows, added, doubles, unfinished },
    rejected: rejectedRows,
    rejectedRows: rejected,
    dryRun: dryRun === true,
  });
  for (const { line, reason } of rejectedRows.slice(0, SHOWN_REJECTS))
    out.print(`${path}:${line}: ${reason}`);
  const more = rejected - Math.min(rejectedRows.length, SHOWN_REJECTS);
  if (more > 0) out.print(`… and ${more} more`);
  const parts = [
    counted(rows, 'run'),
    `${added} ${dryRun === true ? 'would be added' : 'added'}`,
    `${doubles} here already`,
    ...(unfinished === 0 ? [] : [`${unfinished} not ended`]),
    `${rejected} rejected`,
  ];
  out.print(parts.join(', '));
  if (rejected > 0) process.exitCode = skipBad === true ? EXIT_STATUS.notPassed : EXIT_STATUS.badInput;
}
