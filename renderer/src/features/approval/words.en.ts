import type { Translation } from '#services/i18n/index.ts';
import type { approvalZhCN } from './words.zh-cn.ts';

export const approvalEn: Translation<typeof approvalZhCN> = {
  'approval.reason': 'Reason',
  'approval.reasonMissing': 'a reason of {min} {min|letter|letters} or more',
  'approval.reasonHint': 'Pick one, or write what happened',
  'approval.reasonWrite': 'Write what happened',
  'approval.approver': 'Approved by a second person',
  'approval.noApprover':
    'This station has no second person who may approve. An engineer first adds one as support or engineer, under Users.',
  'approval.pin': 'Their PIN',
  'approval.pinHint': 'Typed by the second person',
  'approval.pinAgain': 'Nothing was done. Let the second person type it again.',
  'approval.final': 'This cannot be undone.',
};
