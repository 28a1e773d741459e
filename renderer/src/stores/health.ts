import { defineStore } from 'pinia';
import { useTopic } from './use-topic.ts';

/** What would stop the line, said before it does: disk, backup, the audit trail. */
export const useHealth = defineStore('health', () => ({ state: useTopic('station') }));
