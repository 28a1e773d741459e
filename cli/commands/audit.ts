import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform, reachRegistry, type Store, verifyAudit, verifyWith } from '#station';
import { type CommonOptions, command, dataDirOf, group, interruptSignal } from '../command.ts';
import { createOutput } from '../output.ts';
import { withStore } from '../with-station.ts';

export function auditCommand(): Command {
  return group('audit', 'the trail of who did what', [
    command(
      'verify',
      'check that no entry was changed, removed or moved; the registry is asked what it saw',
    ).action(verify),
  ]);
}

/** What the registry says of the trail; `agrees` when all that it keeps is in it. */
interface Witness {
  readonly registry: 'agrees' | 'rewritten' | 'unreachable' | 'unbound' | 'keeps-none';
  /** The first entry known to be another one than the registry saw. */
  readonly rewrittenAt: number | null;
  readonly seenUpTo: number;
}

async function verify(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { entries, head, brokenAt, witness } = await withStore(options, async (store) => ({
    ...verifyAudit(store),
    witness: await askRegistry(store, options),
  }));
  const rewritten = witness.registry === 'rewritten';
  out.event('audit.verified', { entries, head, brokenAt, ...witness });
  if (!out.json) {
    out.say(
      brokenAt === null
        ? `${entries} entries, the chain is whole; its head is ${head}`
        : `BROKEN at entry ${brokenAt} of ${entries}: it, or what came before it, is not as it was written`,
    );
    out.say(WORDS[witness.registry](witness));
  }
  if (brokenAt !== null || rewritten) process.exitCode = 4;
}

const WORDS: Readonly<Record<Witness['registry'], (witness: Witness) => string>> = {
  agrees: ({ seenUpTo }) => `the registry has seen it up to entry ${seenUpTo}, and agrees`,
  rewritten: ({ rewrittenAt }) =>
    `REWRITTEN: from entry ${rewrittenAt ?? '?'} on it is not what the registry has seen`,
  unreachable: () => 'the registry does not answer: whether the end was cut off or rewritten is not known',
  unbound: () => 'no registry is bound: nobody else has seen this trail',
  'keeps-none': () => 'the registry keeps no trails: it is older than this station',
};

async function askRegistry(store: Store, options: CommonOptions): Promise<Witness> {
  const unknown = { rewrittenAt: null, seenUpTo: 0 };
  const registry = await reachRegistry(store, createNodePlatform(dataDirOf(options)));
  if (registry === null) return { registry: 'unbound', ...unknown };
  try {
    const kept = await registry.audit.kept(interruptSignal());
    if (kept === null) return { registry: 'keeps-none', ...unknown };
    const { rewrittenAt, seenUpTo, openBreaks } = verifyWith(store, kept);
    const at = [...openBreaks, ...(rewrittenAt === null ? [] : [rewrittenAt])];
    if (at.length === 0) return { registry: 'agrees', rewrittenAt: null, seenUpTo };
    return { registry: 'rewritten', rewrittenAt: Math.min(...at), seenUpTo };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'registry-unreachable') throw error;
    return { registry: 'unreachable', ...unknown };
  }
}
