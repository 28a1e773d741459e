/** Components of both kinds of pages, the operator's and the back office's. They know nothing of the component set in `ui/`. */
export { default as AppIcon } from './AppIcon.vue';
export { default as CodePicture } from './CodePicture.vue';
export { default as EmptyState } from './EmptyState.vue';
export type { IconName } from './icons.ts';
export { default as KeyCap } from './KeyCap.vue';
export { OUTCOME_ICON } from './outcome-icon.ts';
export { default as ProgressBar } from './ProgressBar.vue';
export { default as RecipeBadge } from './RecipeBadge.vue';
