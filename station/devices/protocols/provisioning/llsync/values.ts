import { Fault } from '#shared/domain/fault.ts';

/** A value of the thing model in the binary form of LLSync. The id is the place in the model, from 0. */
export type LlsyncValue =
  | { readonly id: number; readonly type: 'bool'; readonly value: boolean }
  | { readonly id: number; readonly type: 'int' | 'float' | 'enum' | 'time'; readonly value: number }
  | { readonly id: number; readonly type: 'string'; readonly value: string }
  /** Elements one after the other without type and id; their type is that of the thing model. */
  | { readonly id: number; readonly type: 'array'; readonly value: Uint8Array }
  | { readonly id: number; readonly type: 'struct'; readonly value: readonly LlsyncValue[] };

export type LlsyncType = LlsyncValue['type'];

/** By the number in bits 7-5 of a value's first byte; bits 4-0 are the id. */
const TYPES: readonly LlsyncType[] = ['bool', 'int', 'string', 'float', 'enum', 'time', 'struct', 'array'];
export const MAX_ID = 31;
const MAX_TEXT_BYTES = 2048;

/**
 * Values one after the other: type and id in one byte, then bool 1, int 4 (signed), float 4 (IEEE 754), enum 2, time 4 bytes (Unix
 * seconds), string, struct and array with a length of 2 bytes. Big end first, but **a float has its little end first**: the SDK's
 * samples copy it as the processor has it, and Tencent's app reads it so; the document does not say it. Sources: LLSync protocol
 * 1.4.1, data template; qcloud-iotexplorer-common-libs 3.0.115 (arrays, floats). Faults: `bad-input` for a value that its type does
 * not hold.
 */
export function encodeValues(values: readonly LlsyncValue[]): Uint8Array {
  return new Uint8Array(Buffer.concat(values.map((value) => encodeValue(value, true))));
}

function encodeValue(value: LlsyncValue, mayBeStruct: boolean): Buffer {
  const { id, type } = value;
  if (!Number.isInteger(id) || id < 0 || id > MAX_ID) throw unfit(value, `its id is not 0 to ${MAX_ID}`);
  const head = Buffer.of((TYPES.indexOf(type) << 5) | id);
  return Buffer.concat([head, contentOf(value, mayBeStruct)]);
}

function contentOf(value: LlsyncValue, mayBeStruct: boolean): Buffer {
  switch (value.type) {
    case 'bool':
      return Buffer.of(value.value ? 1 : 0);
    case 'int':
      return number(value, 4, -0x8000_0000, 0x7fff_ffff);
    case 'enum':
      return number(value, 2, 0, 0xffff);
    case 'time':
      return number(value, 4, 0, 0xffff_ffff);
    case 'float': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value.value);
      return bytes;
    }
    case 'string':
    case 'array':
      return withLength(value, Buffer.from(value.value));
    case 'struct':
      if (!mayBeStruct) throw unfit(value, 'a struct holds no struct');
      return withLength(value, Buffer.concat(value.value.map((member) => encodeValue(member, false))));
  }
}

function number(
  value: LlsyncValue & { readonly value: number },
  size: 2 | 4,
  min: number,
  max: number,
): Buffer {
  if (!Number.isInteger(value.value) || value.value < min || value.value > max)
    throw unfit(value, `${value.value} is no whole number from ${min} to ${max}`);
  const bytes = Buffer.alloc(size);
  if (min < 0) bytes.writeIntBE(value.value, 0, size);
  else bytes.writeUIntBE(value.value, 0, size);
  return bytes;
}

function withLength(value: LlsyncValue, content: Buffer): Buffer {
  if (content.length > MAX_TEXT_BYTES) throw unfit(value, `it has more than ${MAX_TEXT_BYTES} bytes`);
  return Buffer.concat([Buffer.of(content.length >> 8, content.length & 0xff), content]);
}

function unfit({ id, type }: LlsyncValue, why: string): Fault {
  return new Fault('bad-input', `the ${type} with id ${id} cannot be written over LLSync: ${why}`);
}

/** Reads values as `encodeValues` writes them; `null` when the bytes are no values. */
export function decodeValues(bytes: Uint8Array): readonly LlsyncValue[] | null {
  return decodeAll(Buffer.from(bytes), true);
}

function decodeAll(bytes: Buffer, mayBeStruct: boolean): readonly LlsyncValue[] | null {
  const values: LlsyncValue[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes.readUInt8(at);
    const type = TYPES[head >> 5];
    if (type === undefined) return null;
    const hasLength = type === 'string' || type === 'struct' || type === 'array';
    const start = at + (hasLength ? 3 : 1);
    if (start > bytes.length) return null;
    const length = hasLength ? bytes.readUInt16BE(at + 1) : sizeOf(type);
    if (start + length > bytes.length) return null;
    const value = decodeValue(head & MAX_ID, type, bytes.subarray(start, start + length), mayBeStruct);
    if (value === null) return null;
    values.push(value);
    at = start + length;
  }
  return values;
}

function decodeValue(
  id: number,
  type: LlsyncType,
  content: Buffer,
  mayBeStruct: boolean,
): LlsyncValue | null {
  switch (type) {
    case 'bool':
      return { id, type, value: content.readUInt8(0) !== 0 };
    case 'int':
      return { id, type, value: content.readInt32BE(0) };
    case 'enum':
      return { id, type, value: content.readUInt16BE(0) };
    case 'time':
      return { id, type, value: content.readUInt32BE(0) };
    case 'float':
      return { id, type, value: content.readFloatLE(0) };
    case 'string':
      return { id, type, value: content.toString('utf8') };
    case 'array':
      return { id, type, value: Uint8Array.from(content) };
    case 'struct': {
      const members = mayBeStruct ? decodeAll(content, false) : null;
      return members === null ? null : { id, type, value: members };
    }
  }
}

function sizeOf(type: 'bool' | 'int' | 'float' | 'enum' | 'time'): number {
  switch (type) {
    case 'bool':
      return 1;
    case 'enum':
      return 2;
    case 'int':
    case 'float':
    case 'time':
      return 4;
  }
}
