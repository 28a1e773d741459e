import type { FaultDictionary } from './fault-dictionary.ts';

export const provisioningFaultsZhCN: Pick<
  FaultDictionary,
  'provisioning-timeout' | 'provisioning-refused' | 'network-unknown' | 'device-bound'
> = {
  'provisioning-timeout': {
    message: '配网超时。',
    action: '请检查工位的 Wi-Fi 是否开启、是否够近，再测一次。',
  },
  'provisioning-refused': {
    message: '产品没有接受网络或配网令牌。',
    action: '请再测一次。下一个产品也这样时，请叫工程师：Wi-Fi 密码可能变了。',
    more: '它说：{meaning}。',
  },
  'network-unknown': {
    message: '本工位没有这个名称的 Wi-Fi 网络。',
    action: '请工程师在“工位”的“Wi-Fi 网络”里添加。',
    more: '网络 {network}',
  },
  'device-bound': {
    message: '产品已被绑定。',
    action: '请交给支持人员，在“返修”页面解除绑定。',
    more: '拥有者 {owner}',
  },
};
