import { sha256Hex } from '#node-kit/crypto/index.ts';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import { checkScript, type ScriptProblem } from '../scripts/index.ts';
import {
  inspectRecipe,
  issueOf,
  type ParsedRecipe,
  type RecipeFiles,
  type RecipeIssue,
} from './parse-recipe.ts';
import { filesOf } from './recipe-files.ts';
import { writtenRecipe } from './written-recipe.ts';

/** Scripts whose check is kept: reading one needs a process of its own. */
const MAX_CHECKED_SCRIPTS = 32;

export interface CheckedRecipe {
  /** `null` with issues. */
  readonly parsed: ParsedRecipe | null;
  readonly issues: readonly RecipeIssue[];
}

/** Checks recipes with their files and scripts; an unchanged script is read once. */
export class ContentChecker {
  readonly #scripts = new Map<string, readonly ScriptProblem[]>();

  /**
   * All issues of a recipe. Faults: `tool-missing`, the signal's reason.
   *
   * @param beside names of other files in its folder, for proposals when a name is misspelled
   */
  async check(
    source: string,
    files: RecipeFiles,
    signal: AbortSignal,
    beside: readonly string[] = [],
  ): Promise<CheckedRecipe> {
    const { parsed, issues } = inspectRecipe(source, files, { beside });
    const ofScripts = await this.#scriptIssues(source, files, signal);
    return { parsed: ofScripts.length === 0 ? parsed : null, issues: [...issues, ...ofScripts] };
  }

  /** Issues that keep the scripts of a recipe from running. */
  async #scriptIssues(source: string, files: RecipeFiles, signal: AbortSignal): Promise<RecipeIssue[]> {
    // `inspectRecipe` reports a script that is no text.
    const scripts = filesOf(writtenRecipe(source)).filter(
      ({ name, use }) => use === 'script' && readUtf8Text(files.get(name) ?? Uint8Array.of(0xff)).ok,
    );
    const issues = await Promise.all(
      scripts.map(async ({ name: file, sets, options }) => {
        const bytes = files.get(file) ?? new Uint8Array();
        const key = JSON.stringify([file, sha256Hex(bytes), sets, options]);
        const problems =
          this.#scripts.get(key) ?? (await checkScript(file, bytes, { sets, options }, signal));
        this.#keep(key, problems);
        return problems.map(({ text, ...place }): RecipeIssue => ({ file, ...issueOf(place, text) }));
      }),
    );
    return issues.flat();
  }

  #keep(key: string, problems: readonly ScriptProblem[]): void {
    this.#scripts.delete(key);
    this.#scripts.set(key, problems);
    for (const oldest of this.#scripts.keys()) {
      if (this.#scripts.size <= MAX_CHECKED_SCRIPTS) return;
      this.#scripts.delete(oldest);
    }
  }
}
