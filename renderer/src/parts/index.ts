/** For the small things that every page is made of. */
export { default as AppIcon } from './AppIcon.vue';
export { default as EmptyState } from './EmptyState.vue';
export { default as FileDrop } from './FileDrop.vue';
export type { IconName } from './icons.ts';
export { default as KeyCap } from './KeyCap.vue';
export { default as OverlayPanel } from './OverlayPanel.vue';
export { default as ProgressBar } from './ProgressBar.vue';
export { default as FaultNote } from './FaultNote.vue';
export { default as LoadingNote } from './LoadingNote.vue';
export { default as OutcomeChip } from './OutcomeChip.vue';
export { default as RecipeSeal } from './RecipeSeal.vue';
export { default as SpinnerNote } from './SpinnerNote.vue';
