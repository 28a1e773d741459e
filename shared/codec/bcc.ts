import { encodeUtf8 } from './utf8.ts';

/**
 * Block check character: XOR of the bytes of the string itself (of a base64 secret, not of what it decodes to),
 * 0 to 255. An AT module answers it, in decimal, in place of the secret it holds.
 *
 * It proves little: one in 256 wrong secrets has the right value, so a match is a hint and only the login to the
 * cloud is proof. Source: Tencent IoT AT command set ESP8266 V3.2.1, `AT+TCDEVINFOSET?`.
 */
export function bcc(text: string): number {
  return encodeUtf8(text).reduce((sum, byte) => sum ^ byte, 0);
}
