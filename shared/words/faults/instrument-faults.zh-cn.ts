import type { FaultDictionary } from './fault-dictionary.ts';

/** 工位仪器的故障。 */
export const instrumentFaultsZhCN: Pick<
  FaultDictionary,
  | 'instrument-missing'
  | 'instrument-busy'
  | 'instrument-unreachable'
  | 'instrument-silent'
  | 'instrument-error'
> = {
  'instrument-missing': {
    message: '本工位没有这个名称的仪器。',
    action: '请工程师在“工位 › 仪器”中添加。',
    more: '仪器 {instrument}',
  },
  'instrument-busy': {
    message: '仪器一直被其他治具位占用。',
    action: '等其他治具位结束后再测。仍然如此时请找工程师。',
    more: '仪器 {instrument}',
  },
  'instrument-unreachable': {
    message: '无法连接仪器。',
    action: '检查仪器的电源、线缆和地址，然后再测。',
    more: '仪器 {instrument} {address}',
  },
  'instrument-silent': {
    message: '仪器没有应答。',
    action: '检查仪器是否已开机并处于远程控制状态，然后再测。',
    more: '仪器 {instrument}',
  },
  'instrument-error': {
    message: '仪器报告错误。',
    action: '请找工程师：仪器的设置或工艺有误。',
    more: '仪器 {instrument}：{value}',
  },
};
