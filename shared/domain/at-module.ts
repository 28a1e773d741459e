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
  wifiMode: 'AT+CWMODE',
  joinNetwork: 'AT+CWJAP',
  leaveNetwork: 'AT+CWQAP',
  addresses: 'AT+CIPSTA',
  /** Of later ESP-AT: whether settings are stored. */
  systemStore: 'AT+SYSSTORE',
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

/**
 * Ending of ESP-AT's Wi-Fi commands for settings that a restart forgets. Firmware without it may have `AT+SYSSTORE=0` for the same
 * purpose. Source: Espressif, "ESP8266 AT Instruction Set" and "ESP-AT User Guide", Wi-Fi AT commands.
 */
export const AT_UNTIL_RESTART = '_CUR';

/** Limits of a network's name and password, in bytes. Source: ESP-AT, `AT+CWJAP`. */
export const WIFI_LIMITS = { ssidBytes: 32, passwordBytes: 64 } as const;

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

/** Codes of `+CME ERROR:<code>`, also of `FAIL` where the module itself is the cause. `shared/words/at-errors.ts` has their meaning. */
export const CME_CODES = [200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213] as const;
/** Names for the codes that a module replies to commands. */
export const CME_CODE = {
  busy: 200,
  packetTooLarge: 201,
  timeout: 202,
  invalidParameter: 204,
  noFirmware: 205,
  flashError: 207,
  wrongState: 208,
} as const satisfies Readonly<Record<string, CmeErrorCode>>;
export type CmeErrorCode = (typeof CME_CODES)[number];

/** Codes of a `FAIL` whose cause is the cloud, and of `+TCMQTTDISCON`. */
export const MQTT_CODES = [101, 110, 111, 120, 130, 131, 132] as const;
/** Codes of `+TCDEVREG:FAIL,<code>`. */
export const REGISTER_CODES = [1000, 1004, 1006, 1010, 1011, 1012, 1020, 1021, 1031] as const;
/** Codes of the cloud for sub-devices of a gateway. */
export const GATEWAY_CODES = [801, 802, 803, 804, 805, 806, 807, 808, 809, 810] as const;
/** Codes of ESP-AT's `+CWJAP:<code>`. */
export const WIFI_JOIN_CODES = [1, 2, 3, 4] as const;
/** First code of a failed provisioning by SoftAP or SmartConfig. */
export const PROVISIONING_CODES = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
] as const;
/** Second code of a failed provisioning. */
export const PROVISIONING_SUB_CODES = [101, 102, 103, 104, 201, 202, 203, 204, 205, 206] as const;

/** MQTT login (document 002, "MQTT"): `{clientId};{sdkAppId};{5 characters};{expiry, Unix seconds}`. */
export const MQTT_LOGIN = { sdkAppId: '12010126', connectionIdChars: 5, signature: 'hmacsha256' } as const;
