import { done, failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const READ_MS = 1_200;

const socialSecurityCardConfig: Action = async ({ context, signal, request, terminal }) => {
  await context.wait(30, signal);
  if (Object.keys(request.params).length === 0) return failed('参数有误');
  terminal.socialSecurityConfigured = true;
  return done();
};

const getSocialSecurityCardInfo: Action = async (task) => {
  const { context, signal, terminal } = task;
  if (!terminal.socialSecurityConfigured) return failed('未配置社保卡参数');
  await context.wait(READ_MS, signal);
  if (context.faults.take('no-card') !== null) return failed('读卡失败');
  const card = { cardNumber: 'TEST00000000', areaCode: '000000' };
  task.tell('socialSecurityCardListener', card);
  return done(card);
};

export const SOCIAL_SECURITY_ACTIONS: Actions = { socialSecurityCardConfig, getSocialSecurityCardInfo };
