/** Words of the approval by a second person. */
export const approvalZhCN = {
  'approval.reason': '原因',
  'approval.reasonMissing': '原因（至少 {min} 个字）',
  'approval.reasonHint': '选一个，或写清楚发生了什么',
  'approval.reasonWrite': '写清楚发生了什么',
  'approval.approver': '批准人（第二个人）',
  'approval.noApprover': '本工位没有第二位能批准的人。请工程师先在“用户”添加一位支持人员或工程师。',
  'approval.pin': '批准人的 PIN 码',
  'approval.pinHint': '由批准人本人输入',
  'approval.pinAgain': '未做任何操作。请批准人再输入一次。',
  'approval.final': '这一步不能撤销。',
} as const;
