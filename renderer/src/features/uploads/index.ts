/** Uploads by drag and drop or by a file dialog. */
export { default as FileDrop } from './FileDrop.vue';
