import type { Command } from 'commander';
import { HOST_OPTIONS, type HostOptions } from '#shared/host/index.ts';

/** The options that `withHostOptions` declares, as commander parses them. */
export interface HostFlags {
  readonly slot?: readonly string[];
  readonly ble?: string;
  readonly board?: string;
}

/**
 * Adds `--slot`, `--ble` and `--board`, for commands that open a station with its hardware.
 *
 * @param defaultHelp the meaning without `--slot`, for its help
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

/** The hardware options of a command line. */
export function hostOptions({ slot, ble, board }: HostFlags): HostOptions {
  return { slots: slot ?? [], ble, board };
}
