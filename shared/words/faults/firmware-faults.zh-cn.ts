import type { FaultDictionary } from './fault-dictionary.ts';

/** 固件包和厂商程序的故障。 */
export const firmwareFaultsZhCN: Pick<
  FaultDictionary,
  'firmware-invalid' | 'firmware-file-missing' | 'tool-missing' | 'tool-changed' | 'tool-failed'
> = {
  'firmware-invalid': {
    message: '这个固件包不能使用。',
    action: '什么都没有导入。原因见技术信息，请重新取得固件包。',
  },
  'firmware-file-missing': {
    message: '固件包里缺少工艺指定的文件。',
    action: '请选择别的固件，或导入带有这个文件的固件包。',
    more: '固件包 {package} 里没有 {file}。',
  },
  'tool-missing': { message: '缺少需要的程序。', action: '请联系工程师。', more: '{tool}' },
  'tool-changed': {
    message: '程序与登记的不一样。',
    action: '请联系工程师：登记新版本后才会运行。',
    more: '程序：{tool}',
  },
  'tool-failed': {
    message: '厂商的程序出错结束。',
    action: '请再测一次。其他产品也这样，请联系工程师。',
    more: '{tool}：{said}',
  },
};
