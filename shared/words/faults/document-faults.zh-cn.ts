import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of closed batches, balances and certificates. */
export const documentFaultsZhCN: Pick<
  FaultDictionary,
  'batch-closed' | 'batch-unbalanced' | 'certificate-refused'
> = {
  'batch-closed': {
    message: '这个批次已经关闭。',
    action: '请按 F2 选择别的批次，或新建一个批次。',
  },
  'batch-unbalanced': {
    message: '这个批次的身份数量不符，不能关闭。',
    action: '平衡表列出了每个未结清的身份和处理办法。处理完再关闭批次。',
    more: '{reason}',
  },
  'certificate-refused': {
    message: '这个产品不能出具证书。',
    action: '只有最近一次测试合格、并且仍然持有那次测试的身份的产品才有证书。',
    more: '原因：{reason}。',
  },
};
