import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { readUploadedRecipe, type Station } from '#station';
import { type ApproverFlags, approverOf, beforeApproval, withApprover } from '../../approval.ts';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { createOutput } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';

const HASH_HELP = 'its hash, or the first digits of it (see "recipe list")';

/** The commands about the recipes that a station keeps, as its pages have them. */
export function recipeLibraryCommands(): Command[] {
  return [
    command('import', 'import a recipe with its files, or a zip of them, as a draft of this station')
      .argument('<file...>')
      .option('--lock', 'lock it at once, when it has no mistakes')
      .action(importFiles),
    withApprover(
      command('release', 'release a locked recipe of this station for production').argument(
        '<hash>',
        HASH_HELP,
      ),
      'who releases it',
    ).action(release),
    command('withdraw', 'withdraw a recipe of this station: no batch is made from it any more')
      .argument('<hash>', HASH_HELP)
      .requiredOption('--reason <text>', 'why, for the audit trail')
      .action(withdraw),
  ];
}

async function importFiles(
  files: readonly string[],
  options: CommonOptions & { readonly lock?: boolean },
): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const uploaded = await readUploadedRecipe(files, signal);
  await withStation(
    options,
    async ({ recipeDrafts, recipes }) => {
      const by = terminalSession();
      const draft = await recipeDrafts.add({ ...uploaded, baseHash: null }, by, signal);
      const { draftId, revision, name, version, issues } = draft;
      out.event('recipe.imported', { draft: draftId, name, version, issues });
      out.print(`${name} ${version} is a draft of this station, with ${issues} mistakes`);
      if (options.lock !== true) return;
      const { hash } = await recipes.lockDraft(draftId, revision, by, signal);
      out.event('recipe.locked', { recipe: name, version, hash });
      out.print(`${name} ${version} is locked as ${hash.slice(0, 12)}`);
    },
    { createIfMissing: true },
  );
}

async function release(hash: string, options: CommonOptions & ApproverFlags): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(options, async (station) => {
    const whole = findHash(station, hash);
    await beforeApproval(station, options, signal);
    const released = await station.recipes.release(whole, approverOf(options), terminalSession(), signal);
    const { name, version, releasedBy } = released;
    out.event('recipe.released', { recipe: name, version, hash: whole, releasedBy });
    out.print(`${name} ${version} is released by ${releasedBy ?? ''}`);
  });
}

async function withdraw(hash: string, options: CommonOptions & { readonly reason: string }): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    const whole = findHash(station, hash);
    const { name, version } = station.recipes.withdraw(whole, options.reason, terminalSession());
    out.event('recipe.withdrawn', { recipe: name, version, hash: whole });
    out.print(`${name} ${version} is withdrawn`);
  });
}

/** The whole hash. Faults: `not-found`; `bad-input` for digits that several hashes begin with. */
function findHash({ recipes }: Station, digits: string): string {
  const found = recipes.list().filter(({ hash }) => hash.startsWith(digits.toLowerCase()));
  const [only, ...others] = found;
  if (only === undefined)
    throw new Fault('not-found', `there is no recipe ${digits}`, { hint: 'See "recipe list".' });
  if (others.length === 0) return only.hash;
  throw new Fault('bad-input', `${found.length} recipes begin with ${digits}`, { hint: 'Give more digits.' });
}
