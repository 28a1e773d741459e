import type { Command } from 'commander';
import { verifyAudit } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { createOutput } from '../output.ts';
import { withStore } from '../with-station.ts';

export function auditCommand(): Command {
  return group('audit', 'the trail of who did what', [
    command('verify', 'check that no entry was changed, removed or moved').action(verify),
  ]);
}

async function verify(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { entries, head, brokenAt } = await withStore(options, verifyAudit);
  out.event('audit.verified', { entries, head, brokenAt });
  if (!out.json) {
    out.say(
      brokenAt === null
        ? `${entries} entries, the chain is whole; its head is ${head}`
        : `BROKEN at entry ${brokenAt} of ${entries}: it, or what came before it, is not as it was written`,
    );
  }
  if (brokenAt !== null) process.exitCode = 4;
}
