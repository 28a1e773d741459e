import type { Command } from 'commander';
import { HOST_OPTIONS, type HostChoice } from '#shared/host/index.ts';

/** What `withHostOptions` declares, as commander reads it; `slot` left out means what the command says it means. */
export interface HostFlags {
  readonly slot?: readonly string[];
  readonly ble?: string;
  readonly board?: string;
}

/** `--slot`, `--ble` and `--board`, as every command has them that opens a station with its hardware. */
export function withHostOptions(command: Command): Command {
  for (const { flags, help } of Object.values(HOST_OPTIONS)) command.option(flags, help);
  return command;
}

/** The choice that a command line makes. */
export function hostChoice({ slot, ble, board }: HostFlags): HostChoice {
  return { slots: slot ?? [], ble, board };
}
