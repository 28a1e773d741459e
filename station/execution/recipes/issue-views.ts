import type { RecipeIssueView } from '#shared/contract/index.ts';
import type { RecipeIssue } from './parse-recipe.ts';

/** Mistakes for a page: with their codes, in both languages. */
export function issueViews(issues: readonly RecipeIssue[]): RecipeIssueView[] {
  return issues.map(({ line, column, text: { code, en, 'zh-CN': zh }, file = null }) => ({
    line,
    column,
    code,
    message: { en, 'zh-CN': zh },
    file,
  }));
}
