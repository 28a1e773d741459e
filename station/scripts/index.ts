/** Scripts of recipes: TypeScript that engineers write beside a recipe, run in a process of its own that can do nothing else. */
export { compileScript } from './compile-script.ts';
export { runScript, type ScriptCall, type ScriptServices } from './run-script.ts';
