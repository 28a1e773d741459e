import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of provisioning: network, token and owner of a unit. */
export const provisioningFaultsZhCN: Pick<
  FaultDictionary,
  'provisioning-timeout' | 'provisioning-refused' | 'device-bound'
> = {
  'provisioning-timeout': {
    message: '配网超时：产品没有带着令牌上线。',
    action: '请确认产品处于配网状态、测试网络正常，再测一次。仍是这样，放到不良区。',
  },
  'provisioning-refused': {
    message: '产品拒绝配网。',
    action: '请再测一次。仍是这样，放到不良区。',
  },
  'device-bound': {
    message: '产品已被绑定。',
    action: '请交给支持人员，在“返修”页面解除绑定。',
    more: '拥有者 {owner}',
  },
};
