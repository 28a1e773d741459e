/** What a feature needs to take part in navigation: the facts of a page as data, and unsaved input. */
export type { NavigationEntry } from './route-meta.ts';
export { LEAVE_QUESTION, type LeaveQuestion, useUnsavedInput } from './unsaved-input.ts';
