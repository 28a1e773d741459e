/** Runs of all batches: the list with its filter, one run, and the export of runs. */
export { default as ExportDialog } from './ExportDialog.vue';
export { default as LabelsCard } from './LabelsCard.vue';
export { CSV_FORMS, formHere } from './csv-forms.ts';
export { default as OpenLabels } from './OpenLabels.vue';
