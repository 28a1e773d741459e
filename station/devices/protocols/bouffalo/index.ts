/** Writes the flash of the BL602, the chip of a JX-12F, by its boot ROM and the vendor's flash loader. */
export { createBouffaloProtocol } from './bouffalo-protocol.ts';
