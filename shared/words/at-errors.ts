import type {
  CME_CODES,
  GATEWAY_CODES,
  MQTT_CODES,
  PROVISIONING_CODES,
  PROVISIONING_SUB_CODES,
  REGISTER_CODES,
  WIFI_JOIN_CODES,
} from '../domain/at-module.ts';
import type { Language } from './language.ts';

/** A text in both languages. */
export type AtErrorText = Readonly<Record<Language, string>>;
type Table<Code extends number> = Readonly<Record<Code, AtErrorText>>;

const text = (en: string, zh: string): AtErrorText => ({ en, 'zh-CN': zh });

/** `+CME ERROR:<code>`, also the code of `FAIL` where the module itself is the cause. */
const CME: Table<(typeof CME_CODES)[number]> = {
  200: text('the previous command is not complete', '上一条指令尚未完成'),
  201: text('the packet is too large', '数据包过大'),
  202: text('timeout', '超时'),
  203: text('check failed', '校验失败'),
  204: text('a parameter is invalid', '参数无效'),
  205: text('no valid firmware', '没有有效固件'),
  206: text('out of memory', '内存不足'),
  207: text('flash error, or nothing stored', '闪存出错，或没有存储内容'),
  208: text('not in the right state', '状态不允许'),
  209: text('execution failed', '执行失败'),
  210: text('unknown error', '未知错误'),
  211: text('the module is updating itself', '模组正在自升级'),
  212: text('flash is being erased', '正在擦除闪存'),
  213: text('HTTP error', 'HTTP 出错'),
};

/** Codes of a `FAIL` whose cause is the cloud, and of `+TCMQTTDISCON`. */
const MQTT: Table<(typeof MQTT_CODES)[number]> = {
  101: text('connecting failed', '连接失败'),
  110: text('subscribing is not allowed', '无订阅权限'),
  111: text('the cloud could not subscribe', '云端订阅出错'),
  120: text('unsubscribing failed', '取消订阅失败'),
  130: text('publishing is not allowed', '无发布权限'),
  131: text('publishing too fast', '发布过于频繁'),
  132: text('the payload is too long', '消息内容过长'),
};

/** `+TCDEVREG:FAIL,<code>`. */
const REGISTER: Table<(typeof REGISTER_CODES)[number]> = {
  1000: text('internal error of the cloud', '云端内部错误'),
  1004: text('no such product', '产品不存在'),
  1006: text('invalid parameter', '参数不合法'),
  1010: text('wrong signature', '签名错误'),
  1011: text('registration is not enabled for the product', '产品未开启动态注册'),
  1012: text('too many attempts', '尝试次数过多'),
  1020: text('no such device', '设备不存在'),
  1021: text('already registered', '设备已注册'),
  1031: text('the limit of devices is reached', '设备数量达到上限'),
};

/** `+TCGWBIND:FAIL,<code>` and `+TCGWONLINE:FAIL,<code>` with the codes of the cloud for sub-devices of a gateway. */
const GATEWAY: Table<(typeof GATEWAY_CODES)[number]> = {
  801: text('a parameter of the request is wrong', '请求参数错误'),
  802: text('the DeviceName is not allowed, or there is no such device', '设备名非法，或者设备不存在'),
  803: text('wrong signature', '签名校验失败'),
  804: text('the signature method is not supported', '签名方法不支持'),
  805: text('the signature has expired', '签名请求已过期'),
  806: text('the device is bound already', '该设备已被绑定'),
  807: text('only a normal device can be bound', '非普通设备不能被绑定'),
  808: text('the operation is not allowed', '不允许的操作'),
  809: text('it is bound to this gateway already', '重复绑定'),
  810: text('the sub-device is not supported', '不支持的子设备'),
};

/** `+CWJAP:<code>` of ESP-AT. */
const WIFI_JOIN: Table<(typeof WIFI_JOIN_CODES)[number]> = {
  1: text('joining the network timed out', '加入 Wi-Fi 超时'),
  2: text('wrong Wi-Fi password', 'Wi-Fi 密码错误'),
  3: text('no such Wi-Fi network', '找不到该 Wi-Fi'),
  4: text('the access point refused the module', '路由器拒绝了模组'),
};

// The document tells these codes by their range alone.
const SOCKET = text('a TCP or UDP socket of the module failed', '模组 TCP/UDP socket 出错');
const SMART_CONFIG = text('SmartConfig failed', 'SmartConfig 出错');

/** First code of `+TCSAP:…FAILED,<code>,<sub>`, and of SmartConfig. */
const PROVISIONING: Table<(typeof PROVISIONING_CODES)[number]> = {
  1: text('connecting to MQTT failed', '连接 MQTT 失败'),
  2: text('the app sent a wrong command', 'App 发来的指令有误'),
  3: text('provisioning was stopped', '配网被停止'),
  4: text('the task could not be started', '任务创建失败'),
  5: text('the queue could not be made', '队列创建失败'),
  6: text('the station mode could not be started', 'STA 模式初始化失败'),
  7: text('the access point could not be started', 'AP 模式初始化失败'),
  8: text('Wi-Fi could not be started', 'Wi-Fi 启动失败'),
  9: text('the Wi-Fi settings were refused', 'Wi-Fi 配置失败'),
  10: text('joining the Wi-Fi network failed', '连接 Wi-Fi 失败'),
  11: text('leaving the Wi-Fi network failed', '断开 Wi-Fi 失败'),
  12: text('access point and station could not work together', 'AP 与 STA 不能同时工作'),
  13: text('SmartConfig could not be started', 'SmartConfig 启动失败'),
  14: text('the data of SmartConfig are wrong', 'SmartConfig 数据有误'),
  15: SOCKET,
  16: SOCKET,
  17: SOCKET,
  18: SOCKET,
  19: SOCKET,
  20: SOCKET,
  21: SOCKET,
  22: SOCKET,
  23: text('the token could not be sent', '配网令牌发送失败'),
  24: text('the cloud did not answer to the token', '云端未应答配网令牌'),
  25: text('no token was received', '未收到配网令牌'),
  26: text('the region is wrong', '区域有误'),
  27: text('the module has no valid identity', '模组没有有效的设备信息'),
};

/** Second code of `+TCSAP:…FAILED,<code>,<sub>`. */
const PROVISIONING_SUB: Table<(typeof PROVISIONING_SUB_CODES)[number]> = {
  101: SMART_CONFIG,
  102: SMART_CONFIG,
  103: SMART_CONFIG,
  104: SMART_CONFIG,
  201: text('the message is no valid JSON', '消息不是有效的 JSON'),
  202: text('the time stamp is wrong', '时间戳有误'),
  203: text('the signature is wrong', '签名有误'),
  204: text('the network’s name or password is missing', '缺少网络名称或密码'),
  205: text('the answer could not be written', '应答生成失败'),
  206: text('the task of the conversation failed', '通信任务出错'),
};

/** Local errors, which documents give as ranges. */
const LOCAL: readonly (readonly [low: number, high: number, AtErrorText])[] = [
  [-11, -3, text('HTTP error of the module', '模组 HTTP 出错')],
  [-138, -102, text('MQTT or JSON error of the module', '模组 MQTT 或 JSON 出错')],
  [-609, -601, text('TCP error of the module: is a network joined?', '模组 TCP 出错：是否已连上网络？')],
  [-709, -701, text('TLS error of the module', '模组 TLS 出错')],
  [-1001, -1001, text('the module failed', '模组执行失败')],
  [-1002, -1002, text('the module got an invalid parameter', '模组收到无效参数')],
];

/**
 * The meaning of the code of a `+CME ERROR` or `FAIL` in both languages; `null` for a code of no table. Source: section "error codes" of
 * "腾讯云 IoT AT 指令集 V3.2.1".
 */
export function atErrorText(code: number): AtErrorText | null {
  for (const table of [CME, MQTT, REGISTER, GATEWAY]) {
    const found = lookUp(table, code);
    if (found !== null) return found;
  }
  return LOCAL.find(([low, high]) => code >= low && code <= high)?.[2] ?? null;
}

/** The meaning of the code of ESP-AT's `+CWJAP:<code>`; `null` for another. */
export function wifiJoinErrorText(code: number): AtErrorText | null {
  return lookUp(WIFI_JOIN, code);
}

/** The meaning of the two codes of a failed provisioning; `null` when neither is known. */
export function provisioningErrorText(code: number, subCode: number | null): AtErrorText | null {
  const main = lookUp(PROVISIONING, code);
  const sub = subCode === null ? null : lookUp(PROVISIONING_SUB, subCode);
  if (main === null || sub === null) return main ?? sub ?? atErrorText(code);
  return text(`${main.en}: ${sub.en}`, `${main['zh-CN']}：${sub['zh-CN']}`);
}

function lookUp(table: Readonly<Record<number, AtErrorText>>, code: number): AtErrorText | null {
  return table[code] ?? null;
}
