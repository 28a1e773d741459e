import type { FaultDictionary } from './fault-dictionary.ts';

export const otaFaultsZhCN: Pick<
  FaultDictionary,
  'ota-failed' | 'ota-timeout' | 'ota-firmware-missing' | 'quota-exceeded'
> = {
  'quota-exceeded': {
    message: '这种产品的蓝牙配额不够。',
    action: '请申请扩展，或在后台删除不用的设备，然后在“工位”的“蓝牙配额”里更改。',
    more: '{product}：计划 {planned} 台，剩余 {left} 台，共 {limit} 台。',
  },
  'ota-failed': {
    message: '产品升级失败。',
    action: '请再测一次。下一个产品也失败时，请叫工程师。',
    more: '版本 {version}：{meaning}。',
  },
  'ota-timeout': {
    message: '升级超时。',
    action: '请检查网络速度，再测一次。',
    more: '版本 {version}；最后看到：{stage}。',
  },
  'ota-firmware-missing': {
    message: '设备注册中心没有提供这个固件。',
    action: '请工程师在“固件”页上传并上线。',
    more: '版本 {version}',
  },
};
