import { fill, type Filling, fillWhole, placeholders, type Values } from '../fill.ts';
import type { Language } from '../language.ts';

/**
 * The values that a fault of a run may have, in the order in which they are shown, and their words. A value that is missing
 * is left out, as in the records of earlier versions; the English message of the station has all of them.
 */
const DETAILS = {
  command: { 'zh-CN': '指令 {command}', en: 'command {command}' },
  event: { 'zh-CN': '事件 {event}', en: 'event {event}' },
  measurement: { 'zh-CN': '测量项 {measurement}', en: 'measurement {measurement}' },
  said: { 'zh-CN': '应答“{said}”', en: 'it says “{said}”' },
  stage: { 'zh-CN': '阶段“{stage}”', en: 'stage “{stage}”' },
  code: { 'zh-CN': '错误码 {code}', en: 'error code {code}' },
  meaning: { 'zh-CN': '含义“{meaning}”', en: 'which means “{meaning}”' },
  sent: { 'zh-CN': '发出 {sent} 字节', en: '{sent} {sent|byte|bytes} sent' },
  value: { 'zh-CN': '收到 {value}', en: 'received {value}' },
  received: { 'zh-CN': '收到 {received}', en: 'received {received}' },
  expected: { 'zh-CN': '应为 {expected}', en: 'expected {expected}' },
  limits: { 'zh-CN': '应符合 {limits}', en: 'must match {limits}' },
  missing: { 'zh-CN': '缺少 {missing}', en: '{missing} is missing' },
  deviceName: { 'zh-CN': 'DeviceName {deviceName}', en: 'DeviceName {deviceName}' },
  serialNumber: { 'zh-CN': '序列号 {serialNumber}', en: 'serial number {serialNumber}' },
  known: { 'zh-CN': '记录里是 {known}', en: 'the record has {known}' },
  chipId: { 'zh-CN': '产品 {chipId}', en: 'unit {chipId}' },
  found: { 'zh-CN': '读到产品 {found}', en: 'unit {found} was read' },
  chip: { 'zh-CN': '芯片 {chip}', en: 'chip {chip}' },
  wanted: { 'zh-CN': '工艺要求 {wanted}', en: 'the recipe is for {wanted}' },
  locks: { 'zh-CN': '锁定：{locks}', en: 'locked by {locks}' },
  image: { 'zh-CN': '文件 {image}', en: 'file {image}' },
  baudRate: { 'zh-CN': '波特率 {baudRate}', en: 'at {baudRate} baud' },
  address: { 'zh-CN': '蓝牙地址 {address}', en: 'Bluetooth address {address}' },
  addresses: { 'zh-CN': '蓝牙地址 {addresses}', en: 'Bluetooth addresses {addresses}' },
  adapter: { 'zh-CN': '蓝牙适配器 {adapter}', en: 'Bluetooth adapter {adapter}' },
  port: { 'zh-CN': '串口 {port}', en: 'port {port}' },
  holder: { 'zh-CN': '占用者 {holder}', en: 'used by {holder}' },
  seenNothing: { 'zh-CN': '注册中心没有看到产品上线', en: 'the registry did not see it log in' },
  seenOnline: { 'zh-CN': '产品已上线，但没有上报令牌', en: 'it logged in and reported no token' },
  tokenRefused: { 'zh-CN': '它上报的令牌被拒绝', en: 'the token that it reported was refused' },
  otherDevice: {
    'zh-CN': '设备 {otherDevice} 上报了它的令牌',
    en: 'device {otherDevice} reported its token',
  },
  timeoutMs: { 'zh-CN': '等待了 {timeoutMs} ms', en: 'after {timeoutMs} ms' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

export const FAILURE_DETAILS: Readonly<Record<string, Readonly<Record<Language, string>>>> = DETAILS;

const BETWEEN = { 'zh-CN': '，', en: ', ' } as const;
const AFTER_VALUES = { 'zh-CN': '。', en: '. ' } as const;
const SENTENCE_END = /[.。!！?？]$/;

/**
 * The values of a fault in words; `null` when none of them has words.
 *
 * @param more the fault's own text for its values, which is used when it has all of them
 */
export function failureDetails(
  language: Language,
  more: string | undefined,
  values: Values,
  filling: Filling,
): string | null {
  const own = more === undefined ? null : fillWhole(more, values, filling);
  const used = own === null || more === undefined ? [] : placeholders(more);
  const parts = Object.entries(FAILURE_DETAILS)
    .filter(([name]) => !used.includes(name) && (values[name] ?? '') !== '')
    .map(([, words]) => fill(words[language], values, filling));
  const listed = parts.join(BETWEEN[language]);
  if (own === null || own === '') return listed === '' ? null : listed;
  if (listed === '') return own;
  // A sentence stands after the values, so that its end is the end of all.
  return SENTENCE_END.test(own)
    ? `${listed}${AFTER_VALUES[language]}${own}`
    : `${own}${BETWEEN[language]}${listed}`;
}
