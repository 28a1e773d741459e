/** For the small things that every page is made of. */
export { default as AppIcon } from './AppIcon.vue';
export { default as EmptyState } from './EmptyState.vue';
export type { IconName } from './icons.ts';
export { default as KeyCap } from './KeyCap.vue';
export { default as OverlayPanel } from './OverlayPanel.vue';
export { default as ProgressBar } from './ProgressBar.vue';
