/** Navigation for features: route metadata, the page's title, the focus of the keyboard, and unsaved input. */
export type { NavigationEntry } from './route-meta.ts';
export { useFocusKeeper } from './focus-keeper.ts';
export { PAGE_TITLE, usePageTitle } from './page-title.ts';
export { LEAVE_QUESTION, type LeaveQuestion, useUnsavedInput } from './unsaved-input.ts';
export { helpChapterOf } from './help-chapter.ts';
