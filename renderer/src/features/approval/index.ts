/** The exports for other features: the approval of an act by a second person, as a dialog and as fields of another one. */
export { default as ApprovalDialog } from './ApprovalDialog.vue';
export { default as ApprovalFields } from './ApprovalFields.vue';
export { isOfApprover, type Justified, useApproval } from './use-approval.ts';
