/** Finds runs and shows them with their measurements; filters that people saved. */
export { runHandlers, type RunServices } from './handlers.ts';
export type { RecipeTitles } from './recipe-titles.ts';
