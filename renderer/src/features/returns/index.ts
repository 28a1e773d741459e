/** The exports for other features: the write-off of an identity without its unit, and the words of the ledger's notes. */
export { ledgerNoteText } from './ledger-notes.ts';
export { default as WriteOffDialog } from './WriteOffDialog.vue';
