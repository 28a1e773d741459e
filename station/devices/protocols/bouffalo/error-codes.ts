/** Codes after `FL` of the boot ROM and of the flash loader. Source: the vendor's description of the ISP. */
const WORDS: Readonly<Record<number, string>> = {
  0x0001: 'the flash does not answer',
  0x0002: 'wrong parameters of an erasure',
  0x0003: 'the flash was not erased',
  0x0004: 'wrong parameters of a write',
  0x0005: 'an address outside of the flash',
  0x0006: 'the flash was not written',
  0x0203: 'a boot header without its mark',
  0x0204: 'a boot header with a wrong CRC',
  0x0205: 'an encryption that the chip is not set to',
  0x0206: 'a signature that the chip is not set to',
  0x0207: 'a wrong number of segments',
  0x0210: 'a segment header with a wrong CRC',
  0x0211: 'a segment for an address outside of the RAM',
  0x0214: 'segments that are longer than announced',
  0x0215: 'a segment with a wrong CRC',
  0x0216: 'an incomplete program',
  0x0217: 'a program with a wrong hash',
  0x0218: 'a signature that cannot be read',
  0x0219: 'a wrong signature',
  0xffff: 'no reason',
};
const FIRST_COMMAND_ERROR = 0x0101;
const LAST_COMMAND_ERROR = 0x0104;
const LOCKS: readonly number[] = [0x0205, 0x0206, 0x0303, 0x0304];

export function errorWords(code: number): string {
  return WORDS[code] ?? 'an error that is not described';
}

/** True for errors of a command's id, length, sum or order, as a disturbed line causes them. */
export function isDisturbance(code: number): boolean {
  return code >= FIRST_COMMAND_ERROR && code <= LAST_COMMAND_ERROR;
}

/** True for a chip that takes other programs only: with a signature, with encryption, or after a password. */
export function isLock(code: number): boolean {
  return LOCKS.includes(code);
}
