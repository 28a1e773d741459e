import type { FaultDictionary } from './fault-dictionary.ts';

/** 产品配网的故障。 */
export const provisioningFaultsZhCN: Pick<FaultDictionary, 'network-unknown'> = {
  'network-unknown': {
    message: '本工位没有这个名称的 Wi-Fi 网络。',
    action: '请工程师在“工位”的“Wi-Fi 网络”中添加。',
    more: '网络 {network}',
  },
};
