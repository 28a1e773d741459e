/** Scripts of recipes: TypeScript that engineers write beside a recipe, run in a process of its own that can do nothing else. */
export { type ScriptCall, type ScriptServices } from './run-script.ts';
export { checkScript } from './check-script.ts';
export type { SyntaxProblem } from './read-script.ts';
export { createMatchingBudget, type MatchingBudget } from './script-bounds.ts';
export { findScriptSandbox, type ScriptSandbox, type Restriction, RESTRICTIONS } from './script-sandbox.ts';
export { createScripts, type Scripts, type ScriptSource } from './scripts.ts';
export { scriptNode } from './start-script.ts';
