/**
 * Names that Tencent's IoT Video platform gives to the numbers its devices report. Source: IoT Video consumer device
 * guide (document 001): cloud storage events (`iv_cs_event_start`, `iv_cs_event_directly_report`), notices
 * (`iv_msg_send_notice`) with their extensions, ways of unlocking, and the error codes of the XP2P SDK. Those are codes of
 * the app's SDK, as viewers and logs show them; the document describes no device that returns one.
 */
const EVENTS: Readonly<Record<number, string>> = {
  1: '有人活动',
  2: '画面发生变化',
  3: '有人按门铃',
  4: '撬锁告警',
  5: '密码/指纹错误冻结告警',
  6: '胁迫告警',
  7: '徘徊告警',
  8: '开门通知',
  9: '关门通知',
  10: '指纹禁试告警',
  11: '密码禁试告警',
  12: '卡片禁试告警',
  13: '人脸禁试告警',
  14: '逗留侦测',
  15: '系统禁试告警',
  16: '假锁告警',
  17: '防遮挡告警',
};

const NOTICES: Readonly<Record<number, string>> = {
  1: '开门通知',
  2: '关门通知',
  3: '忘拔钥匙',
  4: '反锁',
  5: '低电量告警',
  6: '有人按门铃',
  7: '钥匙开门',
  8: '临时密码开门',
  9: '门未关提醒',
  10: '未上锁提醒',
  11: '门虚掩提醒',
  12: '未知情况',
};

const UNLOCKS: Readonly<Record<number, string>> = {
  1: '密码开门',
  2: '人脸开门',
  3: '指纹开门',
  4: '卡片开门',
  5: '门内开锁',
  6: 'App 蓝牙开门',
  7: '指纹+密码开锁',
  8: '人脸+指纹开锁',
  9: '人脸+密码开锁',
};

const UNKNOWN_INFOS: Readonly<Record<number, string>> = {
  1: '锁舌无法伸出告警',
  2: '锁舌无法收回告警',
  3: '防遮挡告警',
  4: '布防告警',
  5: '假期模式关闭告警',
  6: '假锁告警',
};

const XP2P: Readonly<Record<number, string>> = {
  0: 'XP2P_ERR_NONE 成功',
  [-1000]: 'XP2P_ERR_INIT_PRM 入参为空',
  [-1001]: 'XP2P_ERR_GET_XP2PINFO SDK 内部请求 XP2P info 失败',
  [-1002]: 'XP2P_ERR_PROXY_INIT 本地 P2P 代理初始化失败',
  [-1003]: 'XP2P_ERR_UNINIT 数据接收或发送服务未初始化',
  [-1004]: 'XP2P_ERR_ENCRYPT 数据加密失败',
  [-1005]: 'XP2P_ERR_TIMEOUT 请求超时',
  [-1006]: 'XP2P_ERR_REQUEST_FAIL 请求错误',
  [-1007]: 'XP2P_ERR_VERSION 设备版本过低',
  [-1008]: 'XP2P_ERR_APPLICATION 服务 application 初始化失败',
  [-1009]: 'XP2P_ERR_REQUEST 服务 request 初始化失败',
  [-1010]: 'XP2P_ERR_DETECT_NOTREADY P2P 探测未完成',
  [-1011]: 'XP2P_ERR_P2P_ININED 当前 id 对应的 P2P 已完成初始化',
  [-1012]: 'XP2P_ERR_P2P_UNININ 当前 id 对应的 P2P 未初始化',
  [-1013]: 'XP2P_ERR_NEW_MEMERY 内存申请失败',
  [-1014]: 'XP2P_ERR_XP2PINFO_RULE 获取到的 XP2P info 格式错误',
  [-1015]: 'XP2P_ERR_XP2PINFO_DECRYPT 获取到的 XP2P info 解码失败',
  [-1016]: 'XP2P_ERR_PROXY_LISTEN 本地代理监听端口失败',
  [-1017]: 'XP2P_ERR_CLOUD_EMPTY 云端返回空数据',
  [-1018]: 'XP2P_ERR_JSON_PARSE JSON 解析失败',
  [-1019]: 'XP2P_ERR_SERVICE_NOTRUN 当前 id 对应的服务没有在运行',
  [-1020]: 'XP2P_ERR_CLIENT_NULL 从 map 中取出的 client 为空',
};

/** The tables, by their name in recipes: `${event:撬锁告警}`, `as: event`. */
const TABLES = {
  event: EVENTS,
  notice: NOTICES,
  unlock: UNLOCKS,
  'unknown-info': UNKNOWN_INFOS,
  xp2p: XP2P,
} as const;
export type NameTable = keyof typeof TABLES;
export const NAME_TABLES = Object.keys(TABLES) as [NameTable, ...NameTable[]];

/** The name of a number: `撬锁告警`; `unknown 77` for a number that is not in the table. */
export function idToName(table: NameTable, id: number): string {
  return TABLES[table][id] ?? `unknown ${id}`;
}

/** The number of a name; for XP2P errors the SDK's symbol is sufficient. `null` for an unknown name. */
export function nameToId(table: NameTable, name: string): number | null {
  const found = Object.entries(TABLES[table]).find(
    ([, known]) => known === name || known.split(' ')[0] === name,
  );
  return found === undefined ? null : Number(found[0]);
}
