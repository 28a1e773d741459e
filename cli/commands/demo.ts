import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { interruptSignal, wholeNumber } from '../command.ts';
import { runDemo, type DemoResult } from '../demo/demo.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table } from '../output.ts';
import { MAX_SLOTS } from '#shared/domain/slots.ts';
import { counted } from '#shared/words/index.ts';

interface Options {
  readonly units: number;
  readonly slots: number;
  readonly data?: string;
  readonly json?: boolean;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('one sample batch of simulated units, end to end')
    .option('--units <n>', 'units to run', wholeNumber(1, 1000), 12)
    .option(
      '--slots <k>',
      'fixtures; from 2 on, a quarter of them and of the units are for units that are flashed',
      wholeNumber(1, MAX_SLOTS),
      4,
    )
    .option('--data <dir>', 'where to keep everything (default: a new temporary directory)')
    .option('--json', 'JSON Lines on stdout')
    .action(demo);
}

async function demo(options: Options): Promise<void> {
  const out = createOutput(options);
  const dir = options.data ?? mkdtempSync(join(tmpdir(), 'gongwei-demo-'));
  const result = await runDemo({ dir, units: options.units, slots: options.slots }, out, interruptSignal());
  out.print(summary(result));
  for (const mismatch of result.mismatches) out.notice(`MISMATCH: ${mismatch}`);
  for (const surprise of result.surprises) out.notice(`NOT AS DESIGNED: ${surprise}`);
  const { passed, failed, distinctIdentities, mismatches, reportPaths, labelPaths } = result;
  out.event('demo.finished', {
    units: result.rows.length,
    passed,
    failed,
    distinctIdentities,
    reissued: result.reissued,
    flashed: result.flashed,
    verifiedFlashes: result.verifiedFlashes,
    bleTested: result.bleTested,
    firmware: { sha256: result.firmware.sha256, registrySha256: result.firmware.registrySha256 },
    mismatches: mismatches.length,
    reportPaths,
    labelPaths,
    ms: result.ms,
  });
  if (mismatches.length > 0) process.exitCode = EXIT_STATUS.integrity;
  else if (result.surprises.length > 0) process.exitCode = EXIT_STATUS.notPassed;
}

function summary(result: DemoResult): readonly string[] {
  const rows = result.rows.map(({ unit, result: run, triple }) => [
    unit.serialNumber,
    unit.mac,
    run.deviceName ?? '—',
    run.outcome,
    String(run.ms),
    triple,
    unit.fault === null ? '' : `faulty by design: ${unit.fault}`,
  ]);
  const header = ['serial number', 'MAC', 'DeviceName', 'outcome', 'ms', 'triple', ''];
  return [
    '',
    ...table(header, rows),
    '',
    `${result.passed} passed, ${result.failed} not passed, ${counted(result.distinctIdentities, 'distinct identity', 'distinct identities')}, ${counted(result.mismatches.length, 'mismatch', 'mismatches')} between station, devices and registry`,
    `${counted(result.flashed, 'unit')} flashed, ${counted(result.verifiedFlashes, 'flash', 'flashes')} verified byte for byte`,
    `report: ${result.reportPaths.join(' and ')}`,
    `labels: ${result.labelPaths[0] ?? 'none'}${result.labelPaths.length > 1 ? ` and ${result.labelPaths.length - 1} more beside it` : ''}`,
    `${(result.ms / 1000).toFixed(1)} s`,
  ];
}
