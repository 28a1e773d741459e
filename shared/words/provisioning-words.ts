import { both, codedTexts } from './coded-text.ts';
import type { Language } from './language.ts';

/** What a unit says about a network or a token that it was given, in both languages. */
export const provisioningText = codedTexts({
  'another-network': both('it has joined another network', '它连上了另一个网络'),
  'not-joined': both('it could not join', '没有连上网络'),
  joining: both('it is still joining', '还在连接网络'),
  'no-address': both('it has joined and has no IP address', '连上了网络，没有得到 IP 地址'),
  'unknown-state': both('its state is unknown', '状态未知'),
  'wrong-password': both('the password is wrong', '密码错误'),
  'not-seen': both('it does not see the network', '看不到这个网络'),
  'access-point-refused': both('the access point refused it', '接入点拒绝了它'),
  'not-among': both(
    (networks: number) => `it does not see the network among ${networks}`,
    (networks) => `看到 ${networks} 个网络，其中没有这个`,
  ),
  reason: both(
    (state: string, reason: number) => `${state}, reason ${reason}`,
    (state, reason) => `${state}，原因 ${reason}`,
  ),
  'known-reason': both(
    (state: string, reason: number, meaning: string) => `${state}, reason ${reason}: ${meaning}`,
    (state, reason, meaning) => `${state}，原因 ${reason}：${meaning}`,
  ),
  signal: both(
    (text: string, rssiDbm: number) => `${text}, ${rssiDbm} dBm`,
    (text, rssiDbm) => `${text}，${rssiDbm} dBm`,
  ),
  after: both(
    (text: string, ms: number) => `${text} after ${ms} ms`,
    (text, ms) => `${ms} ms 后${text}`,
  ),
  result: both(
    (result: number) => `result ${result}`,
    (result) => `结果 ${result}`,
  ),
  state: both(
    (state: number) => `state ${state}`,
    (state) => `状态 ${state}`,
  ),
  status: both(
    (status: string) => `status ${status}`,
    (status) => `状态码 ${status}`,
  ),
});

/** Stages of a provisioning, as faults name them; English is their name. */
const STAGES_ZH: Readonly<Record<string, string>> = {
  'device information': '设备信息',
  'Wi-Fi list': 'Wi-Fi 列表',
  'Wi-Fi mode': 'Wi-Fi 模式',
  'network and password': '网络名和密码',
  join: '连接网络',
  token: '配网令牌',
  provision: '配网',
  app: 'App 配网',
  restore: '恢复原状',
};

/** The name of a stage in a language; one that is not known as it is. */
export function provisioningStage(language: Language, stage: string): string {
  return language === 'en' ? stage : (STAGES_ZH[stage] ?? stage);
}
