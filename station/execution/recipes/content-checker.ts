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

function isScript(name: string): boolean {
  return /\.m?ts$/.test(name);
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
    const issues = scripts.map(({ name, sets, options }) =>
      this.#issuesOf(name, files.get(name) ?? new Uint8Array(), { sets, options }, signal),
    );
    return (await Promise.all(issues)).flat();
  }

  /**
   * Issues of the scripts that no step names. They keep nothing from running, but a step may name such a script next. Faults:
   * `tool-missing`, the signal's reason.
   */
  async checkUnused(source: string, files: RecipeFiles, signal: AbortSignal): Promise<RecipeIssue[]> {
    const named = new Set(filesOf(writtenRecipe(source)).map(({ name }) => name));
    const unused = [...files].filter(
      ([name, bytes]) => isScript(name) && !named.has(name) && readUtf8Text(bytes).ok,
    );
    const issues = unused.map(([name, bytes]) => this.#issuesOf(name, bytes, null, signal));
    return (await Promise.all(issues)).flat();
  }

  /** @param step what the steps of the script say; `null`: no step names it */
  async #issuesOf(
    file: string,
    bytes: Uint8Array,
    step: Parameters<typeof checkScript>[2],
    signal: AbortSignal,
  ): Promise<RecipeIssue[]> {
    const key = JSON.stringify([file, sha256Hex(bytes), step]);
    const problems = this.#scripts.get(key) ?? (await checkScript(file, bytes, step, signal));
    this.#keep(key, problems);
    return problems.map(({ text, ...place }): RecipeIssue => ({ file, ...issueOf(place, text) }));
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
