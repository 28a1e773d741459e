import type { FaultDictionary } from './fault-dictionary.ts';

/** 标签和标签打印机的故障。 */
export const labelFaultsZhCN: Pick<
  FaultDictionary,
  | 'printer-unreachable'
  | 'printer-not-ready'
  | 'printer-lost'
  | 'label-pending'
  | 'label-old'
  | 'label-wrong'
  | 'template-in-use'
> = {
  'printer-unreachable': {
    message: '连接不上标签打印机。',
    action: '请检查打印机的电源、连接线和地址。',
    more: '打印机 {place}',
  },
  'printer-not-ready': {
    message: '标签打印机不打印。',
    action: '请检查打印机的纸、碳带、打印头和暂停键。',
    more: '打印机 {place}',
  },
  'printer-lost': {
    message: '与标签打印机的连接中断。',
    action: '请先看标签是否已经出来，再决定是否重印。',
    more: '打印机 {place}',
  },
  'label-pending': {
    message: '这个治具位上的产品还没有标签。',
    action: '请先回答治具位上关于标签的问题，再扫一次。',
    more: '治具位 {slot}',
  },
  'label-old': {
    message: '这是旧标签。',
    action: '请撕掉它。产品没有别的标签时，请送到返修台。',
    more: '{deviceName} 已作废，{since} 起[：{because}]',
  },
  'template-in-use': {
    message: '这个标签模板正在使用。',
    action: '请先关闭这些批次，或撤回这些工艺。',
    more: '[工艺：{recipes}。][批次：{batches}。]',
  },
  'label-wrong': {
    message: '这不是本产品的标签。',
    action: '请检查刚贴标签的几个产品。',
    more: '[{of} 的标签][，{since} 起作废][：{because}]',
  },
};
