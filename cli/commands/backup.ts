import type { Command } from 'commander';
import { type CommonOptions, command } from '../command.ts';
import { createOutput } from '../output.ts';
import { withStore } from '../with-station.ts';

export function backupCommand(): Command {
  return command('backup', 'copy the database while it is in use').action(async (options: CommonOptions) => {
    const out = createOutput(options);
    const stamp = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15);
    const path = await withStore(options, (store) => store.backup(stamp));
    out.event('backup.written', { path });
    if (!out.json) out.say(path);
  });
}
