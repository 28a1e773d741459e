import type { Command } from 'commander';
import { HOST_OPTIONS, type HostOptions } from '#shared/host/index.ts';

/** What `withHostOptions` declares, as commander reads it; `slot` left out means what the command says it means. */
export interface HostFlags {
  readonly slot?: readonly string[];
  readonly ble?: string;
  readonly board?: string;
}

/**
 * `--slot`, `--ble` and `--board`, as every command has them that opens a station with its hardware.
 *
 * @param defaultHelp what holds without `--slot`, for its help
 */
export function withHostOptions(
  command: Command,
  defaultHelp = 'default: those of "station slots"',
): Command {
  const { slot, ble, board } = HOST_OPTIONS;
  return command
    .option(slot.flags, `${slot.help}; ${defaultHelp}`)
    .option(ble.flags, ble.help)
    .option(board.flags, board.help);
}

/** The choice that a command line makes. */
export function hostOptions({ slot, ble, board }: HostFlags): HostOptions {
  return { slots: slot ?? [], ble, board };
}
