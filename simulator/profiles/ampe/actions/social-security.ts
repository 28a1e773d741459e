import { done, doneWithoutData, failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const READ_MS = 1_200;

/** The fixture's test card, which belongs to no person. */
export const SOCIAL_SECURITY_CARD = {
  cardNumber: 'TEST00000000',
  name: '测试卡',
  sex: '男',
  idNumber: '000000200001010000',
  birthDate: '20000101',
  issueDate: '20200101',
  expireDate: '20300101',
  nation: '汉',
  cityCode: '000000',
  address: '测试地址',
  fullVersion: '3.00',
} as const;

/** Takes no parameters and returns no data. The document does not require it before a read. */
const socialSecurityCardConfig: Action = async ({ context, signal }) => {
  await context.wait(30, signal);
  return doneWithoutData();
};

/** The document gives no text for a failed read: `失败` is the simulator's. */
const getSocialSecurityCardInfo: Action = async ({ context, signal }) => {
  await context.wait(READ_MS, signal);
  return context.faults.take('no-card') === null ? done(SOCIAL_SECURITY_CARD) : failed('失败');
};

export const SOCIAL_SECURITY_ACTIONS: Actions = { socialSecurityCardConfig, getSocialSecurityCardInfo };
