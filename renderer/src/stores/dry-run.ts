import { defineStore } from 'pinia';
import { useTopic } from './use-topic.ts';

/** The dry run of a recipe at this station. */
export const useDryRun = defineStore('dry-run', () => ({ state: useTopic('dryRun') }));
