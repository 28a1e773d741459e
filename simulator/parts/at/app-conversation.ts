/** The command of an app to a module in provisioning. */
export type AppCommand =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'network'; readonly ssid: string; readonly password: string; readonly token: string }
  | { readonly kind: 'log' }
  /** `subCode`: of the module's table, 201 for no JSON, 204 for a network without name. */
  | { readonly kind: 'wrong'; readonly subCode: number };

/** Names of the codes of a failed provisioning in the module's log. */
const LOG_TEXTS: Readonly<Record<number, string>> = {
  1: 'ESP MQTT connect error!',
  2: 'ESP APP command error!',
  10: 'ESP WIFI connect error!',
  25: 'ESP token recv error!',
};

/** An error that a module tells its app: `ESP WIFI connect error! (10, 2)`. */
export interface ModuleError {
  readonly code: number;
  readonly subCode: number;
}

/**
 * Reads a datagram of the app: `{"cmdType":0,"token":…}`, `{"cmdType":1,"ssid":…,"password":…,"token":…}`, `{"cmdType":3}`. Source:
 * protocol 2.0 of SoftAP and SmartConfig of Tencent's ESP8266 firmware.
 */
export function readAppCommand(bytes: Uint8Array): AppCommand | null {
  const fields = parseObject(bytes);
  if (fields === null) return { kind: 'wrong', subCode: 201 };
  const { ssid, password = '', token } = fields;
  switch (fields['cmdType']) {
    case 0:
      return isText(token) ? { kind: 'token', token } : { kind: 'wrong', subCode: 204 };
    case 1:
      return isText(ssid) && typeof password === 'string' && isText(token)
        ? { kind: 'network', ssid, password, token }
        : { kind: 'wrong', subCode: 204 };
    case 3:
      return { kind: 'log' };
    // The answer of a module, not a command.
    case 2:
      return null;
    default:
      return { kind: 'wrong', subCode: 201 };
  }
}

/** Firmware ends a message with a line end. Source: `qcloud_wifi_config.c` of qcloud-iot-sdk-for-at-llsync-example. */
export function deviceInfoReply(productId: string, deviceName: string, region = 'ap-guangzhou'): Uint8Array {
  return json({ cmdType: 2, productId, deviceName, productRegion: region, protoVersion: '2.0' });
}

export function errorReply(when: 'Current_Error' | 'Previous_Error', error: ModuleError | null): Uint8Array {
  return json({ cmdType: 2, deviceReply: when, log: error === null ? '' : logText(error) });
}

export function logText({ code, subCode }: ModuleError): string {
  return `${LOG_TEXTS[code] ?? 'ESP error!'} (${code}, ${subCode})`;
}

function json(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\r\n`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
