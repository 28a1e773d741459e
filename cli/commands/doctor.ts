import type { Command } from 'commander';
import { HOST_OPTIONS } from '#shared/host/index.ts';
import { counted } from '#shared/words/index.ts';
import { type Check, createBleCentral, createNodePlatform, examine, readHardware } from '#station';
import { type CommonOptions, command, dataDirOf, interruptSignal } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table } from '../output.ts';

interface DoctorOptions extends CommonOptions {
  readonly slot?: readonly string[];
  readonly ble?: string;
}

export function doctorCommand(): Command {
  return command('doctor', 'check the environment of this station, with hints')
    .option('--slot <path...>', 'serial port of each slot, by path or USB location; default: the stored ones')
    .option(HOST_OPTIONS.ble.flags, HOST_OPTIONS.ble.help)
    .action(doctor);
}

const LEVEL_TEXTS: Readonly<Record<Check['level'], string>> = {
  ok: 'ok',
  note: 'note',
  warn: 'warning',
  fail: 'FAIL',
};

async function doctor(options: DoctorOptions): Promise<void> {
  const out = createOutput(options);
  const dataDir = dataDirOf(options);
  const adapter = options.ble ?? readHardware(dataDir).ble;
  await using ble = adapter === null ? null : createBleCentral(adapter);
  const platform = createNodePlatform(dataDir);
  const checks: Check[] = [];
  for await (const check of examine(platform, { ports: options.slot ?? 'stored', ble }, interruptSignal())) {
    checks.push(check);
    const { name, level, message, hint, command: settledBy } = check;
    out.event('doctor.check', { name, ok: level !== 'fail', level, message, hint, command: settledBy });
  }
  const failed = checks.filter(({ level }) => level === 'fail');
  const isDamaged = failed.some(({ faultClass }) => faultClass === 'integrity');
  out.event('doctor.finished', {
    checks: checks.length,
    failed: failed.length,
    warnings: checks.filter(({ level }) => level === 'warn').length,
  });
  out.print(
    table(
      ['', 'what', 'found'],
      checks.flatMap(({ level, name, message, hint, command: settledBy }) => [
        [LEVEL_TEXTS[level], name, message],
        ...(hint === null ? [] : [['', '', `→ ${hint}`]]),
        ...(settledBy === null ? [] : [['', '', `$ ${settledBy}`]]),
      ]),
    ),
  );
  out.print(failed.length === 0 ? 'the station can work' : `${counted(failed.length, 'check')} failed`);
  if (failed.length > 0) process.exitCode = isDamaged ? EXIT_STATUS.integrity : EXIT_STATUS.environment;
}
