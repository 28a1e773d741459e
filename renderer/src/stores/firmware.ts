import { defineStore } from 'pinia';
import { useTopic } from './use-topic.ts';

/** The firmware packages of this station, and what is being done with them. */
export const useFirmware = defineStore('firmware', () => ({ state: useTopic('firmware') }));
