import { defineStore } from 'pinia';
import { useTopic } from './use-topic.ts';

/** The firmware packages of this station, and their jobs. */
export const useFirmware = defineStore('firmware', () => ({ state: useTopic('firmware') }));
