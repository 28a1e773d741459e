import type { Command } from 'commander';
import { HOST_OPTIONS } from '#shared/host/index.ts';
import { type Check, createBleCentral, createNodePlatform, examine } from '#station';
import { type CommonOptions, command, dataDirOf, interruptSignal } from '../command.ts';
import { createOutput, table } from '../output.ts';

interface DoctorOptions extends CommonOptions {
  readonly slot?: readonly string[];
  readonly ble?: string;
}

export function doctorCommand(): Command {
  return command('doctor', 'check the environment of this station, with hints')
    .option('--slot <path...>', 'serial port of each slot')
    .option(HOST_OPTIONS.ble.flags, HOST_OPTIONS.ble.help)
    .action(doctor);
}

const SIGNS: Readonly<Record<Check['level'], string>> = { ok: 'ok', warn: 'look', fail: 'FAIL' };

async function doctor(options: DoctorOptions): Promise<void> {
  const out = createOutput(options);
  await using ble = options.ble === undefined ? null : createBleCentral(options.ble);
  const platform = createNodePlatform(dataDirOf(options));
  const checks: Check[] = [];
  for await (const check of examine(platform, { ports: options.slot ?? [], ble }, interruptSignal())) {
    checks.push(check);
    const { name, level, message, hint } = check;
    out.event('doctor.check', { name, ok: level !== 'fail', level, message, hint });
  }
  const failed = checks.filter(({ level }) => level === 'fail');
  const broken = failed.some(({ trouble }) => trouble === 'integrity');
  out.event('doctor.finished', {
    checks: checks.length,
    failed: failed.length,
    warnings: checks.filter(({ level }) => level === 'warn').length,
  });
  if (!out.json) {
    out.print(
      table(
        ['', 'what', 'found'],
        checks.flatMap(({ level, name, message, hint }) => [
          [SIGNS[level], name, message],
          ...(hint === null ? [] : [['', '', `→ ${hint}`]]),
        ]),
      ),
    );
    out.print(failed.length === 0 ? 'the station can work' : `${failed.length} to be corrected`);
  }
  if (failed.length > 0) process.exitCode = broken ? 4 : 3;
}
