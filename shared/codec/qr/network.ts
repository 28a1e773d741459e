/** The fields of the Wi-Fi code of phones. */
export interface NetworkCode {
  readonly ssid: string;
  /** As written: `WPA`, `WEP`, `nopass`; empty when it is missing. */
  readonly security: string;
  readonly password: string;
  readonly hidden: boolean;
  /** Names of fields beside these four. */
  readonly other: readonly string[];
}

/**
 * Reads `WIFI:T:WPA;S:name;P:password;H:true;;`: fields in any order, `\` before `\ ; , : "`. Values are not checked; a missing
 * field is empty. Source: ZXing, Barcode Contents, "Wi-Fi Network config"; WPA3 Specification 7.
 */
export function readNetworkQr(text: string): NetworkCode {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text
    .slice('WIFI:'.length)
    .matchAll(/([A-Za-z][A-Za-z0-9]*):((?:\\.|[^;\\])*);?/gsu))
    fields.set(name.toUpperCase(), unescaped(value));
  const of = (name: string): string => fields.get(name) ?? '';
  return {
    ssid: of('S'),
    security: of('T'),
    password: of('P'),
    hidden: of('H').toLowerCase() === 'true',
    other: [...fields.keys()].filter((name) => !['S', 'T', 'P', 'H'].includes(name)),
  };
}

function unescaped(value: string): string {
  const plain = value.replace(/\\(.)/gsu, '$1');
  // Quotes mark a name of hex digits as text.
  return /^".*"$/su.test(plain) ? plain.slice(1, -1) : plain;
}
