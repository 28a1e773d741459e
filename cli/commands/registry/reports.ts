import { resolve } from 'node:path';
import type { Command } from 'commander';
import { asFileFault, copyFileAtomic, shareFile } from '#node-kit/files/index.ts';
import { openRegistryStore } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import { type CommonOptions, command, dataDirOf, group, wholeNumber } from '../../command.ts';
import { registryDir } from '../../data-directories.ts';
import { formatUtcTime } from '../../format-time.ts';
import { createOutput, table } from '../../output.ts';

const SHOWN = 100;

interface ListOptions extends CommonOptions {
  readonly station?: string;
  readonly limit: number;
}

/** `registry report`: the files that stations have sent; on the registry's own data, also while it serves. */
export function registryReportCommand(): Command {
  return group('report', 'reports that stations have sent', [
    command('list', 'the latest reports')
      .option('--station <name>', 'only those of this station')
      .option('--limit <n>', 'how many', wholeNumber(1, 100_000), SHOWN)
      .action(list),
    command('save', 'write a report to a file')
      .argument('<report>', 'its id')
      .requiredOption('--out <file>', 'where to write it')
      .action(save),
  ]);
}

function list(options: ListOptions): void {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const reports = store.reports(options.station ?? null, options.limit);
  for (const { reportId, station, name, sizeBytes, sha256, completedMs } of reports)
    out.event('registry.report', { report: reportId, station, name, sizeBytes, sha256, completedMs });
  out.print(
    reports.length === 0
      ? 'no station has sent a report'
      : table(
          ['report', 'station', 'name', 'received'],
          reports.map((one) => [one.reportId, one.station, one.name, formatUtcTime(one.completedMs)]),
        ),
  );
}

async function save(report: string, options: CommonOptions & { readonly out: string }): Promise<void> {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const file = store.reportFile(report);
  if (file === null)
    throw new Fault('not-found', `there is no report ${report}`, { hint: 'See "registry report list".' });
  const path = resolve(options.out);
  try {
    await copyFileAtomic(file.path, path, { removeLeftovers: true });
    shareFile(path);
  } catch (error) {
    throw asFileFault(error, path, 'written');
  }
  out.event('registry.report-saved', { report, name: file.name, path });
  out.print(path);
}
