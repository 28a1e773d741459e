import { Command } from 'commander';
export function startCommand(): Command {
  return new Command('start').description('open the station with a sample line');
}
