import { Fault } from '#shared/domain/fault.ts';
import {
  dryRun,
  RECIPE_EXAMPLES,
  recipeCheck,
  recipeDraft,
  recipeVersion,
  recipeVersions,
} from '../fixtures/recipes.ts';
import type { Answers } from '../mock-station.ts';

/** Recipes in each state, and one draft. A text with the word "nonsense" has a mistake. */
export function recipeAnswers(nowMs: number): Answers {
  const version = (hash: string) => {
    const found = recipeVersion(hash, nowMs);
    if (found === null) throw new Fault('not-found', `there is no recipe ${hash.slice(0, 12)}`);
    return found;
  };
  return {
    'recipes.list': {
      versions: recipeVersions(nowMs),
      drafts: [recipeDraft(nowMs)],
      examples: [...RECIPE_EXAMPLES],
    },
    'recipes.version': ({ hash }) => version(hash),
    'recipes.draft': recipeDraft(nowMs),
    'recipes.check': ({ recipeYaml }) => recipeCheck(recipeYaml),
    'recipes.fileText': {
      text: "export default defineScript(async ({ device }) => device.send('PWM 4'));\n",
    },
    'recipes.import': recipeDraft(nowMs),
    'recipes.newDraft': recipeDraft(nowMs),
    // With the word "conflict", once: another engineer has saved the draft.
    'recipes.saveDraft': ({ recipeYaml, revision }) => {
      if (recipeYaml.includes('conflict') && revision < 100)
        throw new Fault('draft-changed', 'Wang has changed this draft meanwhile', {
          details: { savedBy: 'Wang' },
        });
      return { ...recipeDraft(nowMs), source: recipeYaml, revision: revision + 1, savedAtMs: nowMs };
    },
    'recipes.removeFile': ({ name }) => {
      const draft = recipeDraft(nowMs);
      return { ...draft, files: draft.files.filter((file) => file.name !== name) };
    },
    'recipes.discardDraft': {},
    'recipes.schema': { json: '{}', scriptCalls: ['defineScript', 'device', 'device.request', 'measure'] },
    'recipes.saveFile': ({ name }) => ({
      ...recipeDraft(nowMs),
      files: [
        ...recipeDraft(nowMs).files.filter((file) => file.name !== name),
        { name, use: 'script' as const, sizeBytes: 240, sha256: '9a'.repeat(32) },
      ],
    }),
    'recipes.renameFile': recipeDraft(nowMs),
    'recipes.restore': recipeDraft(nowMs),
    'recipes.export': { fileId: 'f-recipe', name: 'at-module-1.5.0.zip' },
    'recipes.lock': () => version('5e'.repeat(32)),
    'recipes.release': ({ hash }) => ({ ...version(hash), state: 'released' as const }),
    'dryRuns.start': ({ of, unit }, { station }) => {
      const current = dryRun(nowMs, { unit, hash: 'hash' in of ? of.hash : 'ab'.repeat(32) });
      station.publish('dryRun', { available: true, current });
      return { dryRunId: current.dryRunId };
    },
    'recipes.withdraw': ({ hash }) => ({ ...version(hash), state: 'withdrawn' as const }),
  };
}
