/**
 * Names, codes and limits of the Tencent IoT AT module, for the station and the simulator.
 *
 * Each of them has its own encoder and parser, so that a mistake in one is not hidden by the same mistake in the other.
 *
 * Source: "腾讯云 IoT AT 指令集, Wi-Fi ESP8266, V3.2.1" and the module's published AT firmware. Where the two
 * differ (blank after the colon, comma in FAIL, spelling of the CME prefix) modules in the field differ too.
 */

/** Every line ends with this, in both directions. */
export const AT_LINE_END = '\r\n';

export const AT_LIMITS = {
  /** Longest command line in bytes; the document does not say whether the terminator counts. */
  lineBytes: 256,
  productIdBytes: 10,
  deviceNameBytes: 48,
  deviceSecretBytes: 44,
  productSecretBytes: 32,
  regionBytes: 24,
  topicBytes: 128,
  subscriptions: 10,
  firmwareVersionBytes: 32,
  commandTimeoutMinMs: 1_000,
  commandTimeoutMaxMs: 10_000,
  keepAliveMinS: 60,
  keepAliveMaxS: 690,
  longPayloadBytes: 2_048,
} as const;

/** Timeouts of the vendor's own host driver: for a command, and between two characters. */
export const AT_TIMEOUTS = { commandMs: 10_000, interCharacterMs: 5_000, longPayloadMs: 20_000 } as const;

export const AT_DEFAULTS = {
  region: 'ap-guangzhou',
  keepAliveS: 240,
  commandTimeoutMs: 5_000,
  /** The document states none; this is the usual setting of ESP-AT firmware. */
  baudRate: 115_200,
} as const;

/** ESP8266 firmware accepts only 1. */
export const AT_TLS_MODE = { direct: 0, key: 1, certificate: 2 } as const;

export const AT_COMMANDS = {
  test: 'AT',
  echoOff: 'ATE0',
  echoOn: 'ATE1',
  /** Of ESP-AT, which the command set is built on. */
  restart: 'AT+RST',
  firmwareVersion: 'AT+GMR',
  module: 'AT+TCMODULE',
  /**
   * Set, query and test. A module without an identity answers the query with an error (207 in the published
   * firmware), some with empty fields and a BCC of 0. Refused with 208 while MQTT is connected.
   */
  deviceInfo: 'AT+TCDEVINFOSET',
  productInfo: 'AT+TCPRDINFOSET',
  register: 'AT+TCDEVREG',
  /** Erases identity, product and OTA cache, then restarts. Refused with 208 while MQTT is connected. */
  restore: 'AT+TCRESTORE',
  mqttServer: 'AT+TCMQTTSRV',
  mqttConnect: 'AT+TCMQTTCONN',
  mqttDisconnect: 'AT+TCMQTTDISCONN',
  mqttState: 'AT+TCMQTTSTATE',
  mqttPublish: 'AT+TCMQTTPUB',
  mqttPublishLong: 'AT+TCMQTTPUBL',
  mqttPublishRaw: 'AT+TCMQTTPUBRAW',
  mqttSubscribe: 'AT+TCMQTTSUB',
  mqttUnsubscribe: 'AT+TCMQTTUNSUB',
  otaSet: 'AT+TCOTASET',
  firmwareInfo: 'AT+TCFWINFO',
  readFirmware: 'AT+TCREADFWDATA',
  smartConfigStart: 'AT+TCSTARTSMART',
  smartConfigStop: 'AT+TCSTOPSMART',
  softApStart: 'AT+TCSAP',
  softApStop: 'AT+TCSTOPSAP',
  gatewayBind: 'AT+TCGWBIND',
  gatewayOnline: 'AT+TCGWONLINE',
} as const;

/** Names of the unsolicited result codes, without `+` and value. */
export const AT_REPORTS = {
  received: 'TCMQTTRCVPUB',
  disconnected: 'TCMQTTDISCON',
  reconnecting: 'TCMQTTRECONNECTING',
  reconnected: 'TCMQTTRECONNECTED',
  otaStatus: 'TCOTASTATUS',
} as const;

/** Labels of the lines `AT+TCMODULE` answers with, each followed by a colon. */
export const AT_MODULE_LINES = {
  hardware: 'Module HW name',
  firmware: 'Module FW version',
  mac: 'Module Mac addr',
  compiledAt: 'Module FW compiled time',
  flashSize: 'Module Flash size',
} as const;

/** Codes that ESP-AT prints before `busy p...` (a command came too early) and before `ERROR` (no such command). */
export const AT_ERR_CODE = { busy: '0x010b0000', unknownCommand: '0x01090000' } as const;

/** `+CME ERROR:<code>`, also the code of `FAIL` where the module itself is the cause. */
export const CME_ERRORS = {
  200: 'the previous command is not complete',
  201: 'the packet is too large',
  202: 'timeout',
  203: 'check failed',
  204: 'a parameter is invalid',
  205: 'no valid firmware',
  206: 'out of memory',
  207: 'flash error, or nothing stored',
  208: 'not in the right state',
  209: 'execution failed',
  210: 'unknown error',
  211: 'the module is updating itself',
  212: 'flash is being erased',
  213: 'HTTP error',
} as const;
/** Names for the codes of `CME_ERRORS` that a module replies to commands. */
export const CME_CODE = {
  busy: 200,
  packetTooLarge: 201,
  timeout: 202,
  invalidParameter: 204,
  noFirmware: 205,
  flashError: 207,
  wrongState: 208,
} as const satisfies Readonly<Record<string, CmeErrorCode>>;
export type CmeErrorCode = keyof typeof CME_ERRORS;

/** Codes of a `FAIL` whose cause is the cloud, and of `+TCMQTTDISCON`. */
export const MQTT_ERRORS = {
  101: 'connecting failed',
  110: 'subscribing is not allowed',
  111: 'the cloud could not subscribe',
  120: 'unsubscribing failed',
  130: 'publishing is not allowed',
  131: 'publishing too fast',
  132: 'the payload is too long',
} as const;
export type MqttErrorCode = keyof typeof MQTT_ERRORS;

/** `+TCDEVREG:FAIL,<code>`. */
export const REGISTER_ERRORS = {
  1000: 'internal error of the cloud',
  1004: 'no such product',
  1006: 'invalid parameter',
  1010: 'wrong signature',
  1011: 'registration is not enabled for the product',
  1012: 'too many attempts',
  1020: 'no such device',
  1021: 'already registered',
  1031: 'the limit of devices is reached',
} as const;
export type RegisterErrorCode = keyof typeof REGISTER_ERRORS;

/** MQTT login (document 002, "MQTT"): `{clientId};{sdkAppId};{5 characters};{expiry, Unix seconds}`. */
export const MQTT_LOGIN = { sdkAppId: '12010126', connectionIdChars: 5, signature: 'hmacsha256' } as const;

/**
 * The meaning of an AT code of any table; `null` for a code of no table. The module's local errors are negative, and no
 * public document lists them.
 */
export function describeAtCode(code: number): string | null {
  const tables: readonly Readonly<Record<number, string>>[] = [CME_ERRORS, MQTT_ERRORS, REGISTER_ERRORS];
  for (const table of tables) {
    const text = table[code];
    if (text !== undefined) return text;
  }
  return null;
}
