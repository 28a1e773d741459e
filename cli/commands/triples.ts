import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { auditIdentity, noteText, parseColumnMap } from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, approverOf, beforeApproval, withApprover } from '../approval.ts';
import { type CommonOptions, command, group, interruptSignal, wholeNumber } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table } from '../output.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withDatabase } from '../with-station.ts';

interface ImportOptions extends CommonOptions {
  readonly product?: string;
  readonly map?: string;
  readonly bind: boolean;
  readonly dryRun?: boolean;
  readonly skipBad?: boolean;
  readonly neverUsed?: boolean;
}

const SHOWN_REJECTS = 20;

export function triplesCommand(): Command {
  return group('triples', 'the pool of triples of this station', [
    command('import', 'import a CSV: all rows or none')
      .argument('<file>')
      .option('--product <pid>', 'ProductId of rows that name none')
      .option(
        '--map <columns>',
        'which column is what: dn=…,secret=…,product=…,mac=…,serial=…; a name, or #2 for the second column',
      )
      .option('--no-bind', 'any unit may have any row, although the file names a MAC or serial number for it')
      .option('--dry-run', 'check only, change nothing')
      .option('--skip-bad', 'import the good rows although there are bad ones')
      .option('--never-used', 'after a restore: confirm that no triple of the file was ever imported')
      .action(importFile),
    command('lease', 'take a block of triples from the registry, for work offline')
      .requiredOption('--product <pid>', 'ProductId')
      .requiredOption('--count <n>', 'how many', wholeNumber(1, 10_000))
      .action(lease),
    command('return', 'return the leased triples that were never claimed to the registry')
      .option('--product <pid>', 'only of this ProductId')
      .action(giveBack),
    withApprover(
      command('retire', 'retire the identity of a unit that was scrapped or lost')
        .argument('<name>', 'DeviceName')
        .option('--product <pid>', 'its ProductId; needed when only the registry knows the name')
        .requiredOption('--reason <text>', 'reason of the decision'),
      'who approved it',
    ).action(retire),
    command('audit', 'count triples by state and check every invariant of identity').action(audit),
  ]);
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const out = createOutput(options);
  const map = options.map === undefined ? undefined : parseColumnMap(options.map);
  if (!options.bind && (map?.mac ?? map?.serial) !== undefined) {
    throw new Fault('bad-input', '--no-bind and a map of mac or serial contradict each other', {
      hint: 'Leave one of them out.',
    });
  }
  const report = await withStation(
    options,
    (station) =>
      station.pool.importCsv(
        file,
        {
          defaultProductId: options.product,
          map,
          bind: options.bind,
          dryRun: options.dryRun,
          skipBad: options.skipBad,
          neverUsed: options.neverUsed,
        },
        terminalSession(),
        interruptSignal(),
      ),
    { createIfMissing: true },
  );
  out.event('triples.imported', report);
  for (const { line, reason } of report.rejected.slice(0, SHOWN_REJECTS))
    out.print(`${file}:${line}: ${reason}`);
  if (report.rejected.length > SHOWN_REJECTS)
    out.print(`… and ${report.rejected.length - SHOWN_REJECTS} more`);
  for (const note of report.notes) out.print(`note: ${noteText(note)}`);
  out.print(
    `${counted(report.rows, 'row')}, ${report.added} ${options.dryRun === true ? 'would be added' : 'added'}, ${report.rejected.length} rejected`,
  );
  // Bad rows: nothing was imported, or only the good rows.
  if (report.rejected.length > 0)
    process.exitCode = options.skipBad === true ? EXIT_STATUS.notPassed : EXIT_STATUS.badInput;
}

async function lease(
  options: CommonOptions & { readonly product: string; readonly count: number },
): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const leased = await station.pool.lease(
      options.product,
      options.count,
      terminalSession(),
      interruptSignal(),
    );
    const available =
      station.pool.state().products.find((p) => p.productId === options.product)?.counts.available ?? 0;
    out.event('triples.leased', { product: options.product, leased, available });
    out.print(`${leased} leased, ${available} available for ${options.product}`);
    if (leased >= options.count) return;
    out.notice(
      `note: ${options.count} were asked for; the registry has no more, or lent names that this station has already, with the secret of another name or with another secret (those are in quarantine)`,
    );
    process.exitCode = EXIT_STATUS.notPassed;
  });
}

async function giveBack(options: CommonOptions & { readonly product?: string }): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const { returned, refused } = await station.pool.giveBack(
      options.product ?? null,
      terminalSession(),
      interruptSignal(),
    );
    out.event('triples.returned', { returned, refused });
    for (const { reason } of refused) out.print(`not taken back: ${reason}`);
    out.print(`${returned} given back, ${refused.length} not taken back`);
  });
}

async function retire(
  deviceName: string,
  options: CommonOptions & ApproverFlags & { readonly product?: string; readonly reason: string },
): Promise<void> {
  const out = createOutput(options);
  const { product, reason } = options;
  const signal = interruptSignal();
  await withStation(
    options,
    async (station) => {
      await beforeApproval(station, options, signal);
      const request = { deviceName, productId: product ?? null, reason, ...approverOf(options) };
      const done = await station.returns.writeOff(request, terminalSession(), signal);
      out.event('triples.retired', done);
      out.print(`${done.productId}/${done.deviceName} is retired (it was ${done.was ?? 'not ours'})`);
    },
    { autoSync: true },
  );
}

async function audit(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const report = await withDatabase(options, auditIdentity);
  out.event('triples.audit', report);
  const { violations, ...counts } = report;
  out.print(
    table(
      ['state', 'triples'],
      Object.entries(counts).map(([state, n]) => [state, String(n)]),
    ),
  );
  for (const violation of violations) out.print(`VIOLATION: ${violation}`);
  if (violations.length === 0) out.print('no violations');
  if (violations.length > 0) process.exitCode = EXIT_STATUS.integrity;
}
