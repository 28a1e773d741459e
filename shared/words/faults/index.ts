/** Faults in the words of people, in both languages: pages and files for people have the same. */
export { createFaultWording, type FaultTexts, type FaultWording } from './fault-texts.ts';
