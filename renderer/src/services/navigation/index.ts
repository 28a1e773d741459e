/** Navigation for features: route metadata and unsaved input. */
export type { NavigationEntry } from './route-meta.ts';
export { LEAVE_QUESTION, type LeaveQuestion, useUnsavedInput } from './unsaved-input.ts';
