/**
 * Reasons for which the registry refuses a request of a device over MQTT: a closed list with texts for terminals and
 * pages. The device itself gets only the codes of MQTT.
 */
export const REFUSED_ACTS = [
  'connection',
  'login',
  'publish',
  'subscribe',
  'message',
  'registration',
] as const;
export type RefusedAct = (typeof REFUSED_ACTS)[number];

export const REFUSAL_REASONS = [
  'not-mqtt',
  'no-tls',
  'no-login-in-time',
  'packet-too-long',
  'protocol-version',
  'username-malformed',
  'client-id-mismatch',
  'password-malformed',
  'password-wrong',
  'psk-wrong',
  'device-unknown',
  'expired',
  'retired',
  'quarantined',
  'will',
  'keep-alive',
  'too-often',
  'topic-foreign',
  'qos-2',
  'retained',
  'not-json',
  'method-unknown',
  'content-wrong',
  'too-many-properties',
  'product-unknown',
  'registration-off',
  'signature-wrong',
  'time-wrong',
  'repeated',
  'already-active',
  'registration-limit',
  'token-unknown',
  'token-used',
  'token-expired',
  'token-of-another',
  'device-bound',
  'flood',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

type Words = Readonly<Record<'en' | 'zh-CN', string>>;

export const REFUSED_ACT_WORDS: Readonly<Record<RefusedAct, Words>> = {
  connection: { en: 'connection', 'zh-CN': '连接' },
  login: { en: 'login', 'zh-CN': '登录' },
  publish: { en: 'publish', 'zh-CN': '发布' },
  subscribe: { en: 'subscription', 'zh-CN': '订阅' },
  message: { en: 'message', 'zh-CN': '消息' },
  registration: { en: 'dynamic registration', 'zh-CN': '动态注册' },
};

export const REFUSAL_WORDS: Readonly<Record<RefusalReason, Words>> = {
  'not-mqtt': { en: 'it does not follow MQTT', 'zh-CN': '不符合 MQTT 协议' },
  'no-tls': { en: 'TLS was not agreed on', 'zh-CN': '没有建立 TLS 连接' },
  'no-login-in-time': { en: 'no login came in time', 'zh-CN': '未在时限内登录' },
  'packet-too-long': { en: 'its message is longer than 64 KB', 'zh-CN': '消息超过 64 KB' },
  'protocol-version': { en: 'only MQTT 3.1 and 3.1.1 are served', 'zh-CN': '只支持 MQTT 3.1 和 3.1.1' },
  'username-malformed': {
    en: 'the user name is not "client id;sdkappid;connid;expiry"',
    'zh-CN': '用户名不是“客户端 ID;sdkappid;connid;有效期”',
  },
  'client-id-mismatch': {
    en: 'the user name belongs to another client id',
    'zh-CN': '用户名与客户端 ID 不一致',
  },
  'password-malformed': {
    en: 'the password does not end with ;hmacsha256 or ;hmacsha1',
    'zh-CN': '密码不以 ;hmacsha256 或 ;hmacsha1 结尾',
  },
  'password-wrong': { en: 'the password is not of this DeviceSecret', 'zh-CN': '密码与设备密钥不符' },
  'psk-wrong': {
    en: 'the pre-shared key of the TLS connection is not of this DeviceSecret',
    'zh-CN': 'TLS 连接的预共享密钥与设备密钥不符',
  },
  'device-unknown': { en: 'no device has this client id', 'zh-CN': '没有此客户端 ID 的设备' },
  expired: { en: 'the expiry in the user name is over', 'zh-CN': '用户名中的有效期已过' },
  retired: { en: 'the identity is retired', 'zh-CN': '身份已作废' },
  quarantined: { en: 'the identity is in quarantine', 'zh-CN': '身份已隔离' },
  will: { en: 'a will is not served', 'zh-CN': '不支持遗嘱消息' },
  'keep-alive': { en: 'the keep-alive is longer than 900 s', 'zh-CN': '保活时间超过 900 秒' },
  'too-often': { en: 'too many wrong logins; it has to wait', 'zh-CN': '错误登录过多，需等待' },
  'topic-foreign': { en: 'the topic is not its own', 'zh-CN': '不是本设备的主题' },
  'qos-2': { en: 'QoS 2 is not served', 'zh-CN': '不支持 QoS 2' },
  retained: { en: 'retained messages are not served', 'zh-CN': '不支持保留消息' },
  'not-json': { en: 'it is no JSON object in UTF-8', 'zh-CN': '不是 UTF-8 的 JSON 对象' },
  'method-unknown': { en: 'its method is not known on this topic', 'zh-CN': '此主题没有该 method' },
  'content-wrong': { en: 'its content is not as the method wants it', 'zh-CN': '内容不符合 method 的要求' },
  'too-many-properties': { en: 'its properties exceed 64 KB', 'zh-CN': '属性超过 64 KB' },
  'product-unknown': { en: 'no product has this ProductId', 'zh-CN': '没有此产品 ID 的产品' },
  'registration-off': {
    en: 'dynamic registration of this product is off',
    'zh-CN': '此产品未开启动态注册',
  },
  'signature-wrong': { en: 'the signature is not of this product secret', 'zh-CN': '签名与产品密钥不符' },
  'time-wrong': {
    en: 'its time differs by more than ten minutes from that of the registry',
    'zh-CN': '请求时间与注册中心相差超过 10 分钟',
  },
  repeated: { en: 'the same request was accepted before', 'zh-CN': '此请求已被接受过' },
  'already-active': {
    en: 'the device has its secret already, and cannot register again',
    'zh-CN': '设备已有密钥，不能再次注册',
  },
  'registration-limit': {
    en: 'the limit of devices that registrations may create is reached',
    'zh-CN': '已达动态注册可创建的设备数上限',
  },
  'token-unknown': { en: 'no provisioning token has this text', 'zh-CN': '没有此配网令牌' },
  'token-used': { en: 'the provisioning token was used or withdrawn', 'zh-CN': '配网令牌已使用或已撤销' },
  'token-expired': { en: 'the life of the provisioning token is over', 'zh-CN': '配网令牌已过期' },
  'token-of-another': {
    en: 'the provisioning token is for another device',
    'zh-CN': '配网令牌属于其他设备',
  },
  'device-bound': { en: 'the device is bound to an owner already', 'zh-CN': '设备已被绑定' },
  flood: {
    en: 'refusals that were counted only, because of their number',
    'zh-CN': '因数量过多只计数的拒绝',
  },
};
