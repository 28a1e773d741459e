/** Scripts of recipes: TypeScript beside a recipe, run in a process of its own, in a sandbox, with the script API alone. */
export { type ScriptCall, type ScriptServices } from './run-script.ts';
export { checkScript, type ScriptProblem } from './check-script.ts';
export { createMatchingBudget, type MatchingBudget } from './script-bounds.ts';
export { findScriptSandbox, type ScriptSandbox, type Restriction, RESTRICTIONS } from './script-sandbox.ts';
export { Scripts, type ScriptSource } from './scripts.ts';
export { scriptNode } from './start-script.ts';
export { SCRIPT_API } from './script-mistakes.ts';
