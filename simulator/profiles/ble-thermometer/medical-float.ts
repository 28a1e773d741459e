/** A number of a health device with 32 bits (IEEE 11073-20601): exponent of ten in the last byte, mantissa low byte first. */
export function medicalFloat(mantissa: number, exponent: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeIntLE(mantissa, 0, 3);
  bytes.writeInt8(exponent, 3);
  return bytes;
}

/** What the thermometer says while its sensor is broken: not a number. */
export const NOT_A_NUMBER = Buffer.from('ffff7f00', 'hex');
