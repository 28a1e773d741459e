/** Runs of all batches: the list with its filter, one run, and the forms of exported tables. */
export { CSV_FORM_NAMES, CSV_FORMS, formHere } from './csv-forms.ts';
export { default as LabelsCard } from './LabelsCard.vue';
