import type { TerminalWords } from './fault-dictionary.ts';

/** The refusals of an AMPE terminal, as in its document, and what to do. */
export const terminalZhCN: TerminalWords = {
  message: '终端：{reason}。',
  action: {
    card: '请检查测试卡：只放一张，平放在读卡区，再测一次。仍然这样，放到不良区。',
    reader: '请再测一次。仍然这样，放到不良区，交给维修。',
    apdu: '请换一张好的测试卡，再测一次。仍然这样，放到不良区。',
    psam: '请检查 PSAM 卡是否插好，再测一次。仍然这样，放到不良区。',
    'face-app': '请联系工程师：终端上要由厂家安装 smile。',
    'face-version': '请联系工程师检查 smile 的版本，建议 6.1.0。',
    'face-order': '请再测一次。仍然这样，请联系工程师检查应用和 smile 的版本。',
    consent: '请让终端前的人同意授权，再测一次。',
    parameter: '工艺里的参数有误，请联系工程师。',
    alipay: '请联系工程师，要由支付宝商务处理。',
    network: '请检查终端的网络，再测一次。',
    again: '请再测一次。仍然这样，请联系工程师。',
    person: '请按终端屏幕上的提示及时操作，再测一次。',
  },
};
