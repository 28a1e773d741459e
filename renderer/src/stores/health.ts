import { defineStore } from 'pinia';
import { useTopic } from './use-topic.ts';

/** Disk, backup and audit trail of the station. */
export const useHealth = defineStore('health', () => ({ state: useTopic('station') }));
