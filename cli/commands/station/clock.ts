import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { describeClockDoubt, type Station } from '#station';
import { type ApproverFlags, approverOf, beforeApproval, withApproverPin } from '../../approval.ts';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { createOutput } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';

interface ClockOptions extends CommonOptions, Partial<ApproverFlags> {
  readonly right?: boolean;
  readonly reason?: string;
}

export function clockCommand(): Command {
  return withApproverPin(
    command('clock', 'show whether old files are deleted by this clock, and if not, the reason')
      .option('--right', 'confirm that the clock is right, although the newest record is far from it')
      .option('--reason <text>', 'with --right: the reason of the difference')
      .option('--approver <name>', 'with --right: who approved it; a second person'),
  ).action(clock);
}

async function clock(options: ClockOptions): Promise<void> {
  const out = createOutput(options);
  const { right = false, reason, approver } = options;
  if (
    right !== (reason !== undefined && approver !== undefined) ||
    (!right && (reason ?? approver) !== undefined)
  ) {
    throw new Fault('bad-input', '--right, --reason and --approver belong together', {
      hint: 'They go into the audit trail.',
    });
  }
  const signal = interruptSignal();
  const work = async (station: Station): Promise<void> => {
    const { clockTrust } = station;
    if (reason !== undefined && approver !== undefined) {
      const flags = { ...options, approver };
      await beforeApproval(station, flags, signal);
      await clockTrust.confirm({ reason, by: terminalSession(), ...approverOf(flags) }, signal);
    }
    const doubt = clockTrust.doubt === null ? null : describeClockDoubt(clockTrust.doubt);
    out.event('station.clock', { believed: doubt === null, why: doubt });
    out.print(doubt === null ? 'old files are removed by this clock' : `nothing old is removed: ${doubt}`);
  };
  await withStation(options, work);
}
