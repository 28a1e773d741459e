import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { RecipeContent, RecipeFileView, RecipeScript } from '#shared/contract/index.ts';
import { simulatedUnitOf } from '#shared/domain/simulated-unit.ts';
import { type Recipe, stepName, stepTimeoutMs } from '#shared/recipe/index.ts';
import { filesOf, isBinary, makeLock, type ParsedRecipe, type RecipeFiles } from '../recipes/index.ts';
import { SCRIPT_API } from '../scripts/index.ts';
import { equipmentOf } from './recipe-equipment.ts';

/** What a recipe does, for a page. */
export function contentOf(parsed: ParsedRecipe): RecipeContent {
  const { recipe, files } = parsed;
  const steps = recipe.phases.flatMap((phase) => phase.steps);
  return {
    title: recipe.title,
    productId: recipe.product,
    serialExample: recipe.serialNumber.example,
    simulatedUnit: simulatedUnitOf(recipe),
    phases: recipe.phases.length,
    steps: steps.length,
    verbs: [...new Set(steps.map(({ verb }) => verb))].sort(),
    firmwareSha256: recipe.firmware?.sha256 ?? null,
    limits: Object.entries(makeLock(parsed).limits).map(([measurement, limits]) => ({ measurement, limits })),
    scripts: scriptsOf(recipe, files),
    ...equipmentOf(recipe),
  };
}

function scriptsOf(recipe: Recipe, files: RecipeFiles): RecipeScript[] {
  const runs = recipe.phases.flatMap((phase) =>
    phase.steps.flatMap((step) =>
      step.verb === 'script'
        ? [
            {
              file: step.file,
              phase: phase.name,
              step: stepName(step),
              timeoutMs: stepTimeoutMs(step, recipe.device),
            },
          ]
        : [],
    ),
  );
  return [...new Set(runs.map(({ file }) => file))].map((file) => ({
    file,
    steps: runs
      .filter((run) => run.file === file)
      .map(({ phase, step, timeoutMs }) => ({ phase, step, timeoutMs })),
    calls: callsIn(Buffer.from(files.get(file) ?? []).toString('utf8')),
  }));
}

/** All that a script can name: functions, values of the unit, options. */
export function scriptCalls(): string[] {
  const { script, device, board, unit } = SCRIPT_API;
  return [
    'defineScript',
    ...script,
    ...device.map((name) => `device.${name}`),
    ...board.map((name) => `board.${name}`),
    ...unit.map((name) => `unit.${name}`),
  ];
}

/** Functions of the script API that a text names. A script can reach the API by these names only. */
function callsIn(text: string): string[] {
  const ofDevice = SCRIPT_API.device.filter((name) => text.includes(`device.${name}`));
  const ofBoard = SCRIPT_API.board.filter((name) => text.includes(`board.${name}`));
  const own = (['measure', 'prompt', 'set', 'fail', 'wait', 'log'] as const).filter((name) =>
    text.includes(`${name}(`),
  );
  return [...ofDevice.map((name) => `device.${name}`), ...ofBoard.map((name) => `board.${name}`), ...own];
}

/** Files with what the recipe uses them for. @param written a recipe, or plain data that may be none */
export function fileViews(files: RecipeFiles, written: unknown): RecipeFileView[] {
  const named = new Map(filesOf(written).map(({ name, use }) => [name, use]));
  return [...files].map(([name, bytes]) => ({
    name,
    use: named.get(name) ?? 'unused',
    sizeBytes: bytes.length,
    sha256: sha256Hex(bytes),
  }));
}

/** True for a file whose content can be shown as text. */
export function isTextFile(name: string): boolean {
  return !isBinary(name);
}
