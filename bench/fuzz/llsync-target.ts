import {
  SliceReader,
  MAX_MESSAGE_BYTES,
} from '../../station/devices/protocols/provisioning/llsync/slices.ts';
import { decodeValues, encodeValues } from '../../station/devices/protocols/provisioning/llsync/values.ts';
import { readDeviceInfo } from '../../station/devices/protocols/provisioning/llsync/device-info.ts';
import { readAdvertisement } from '../../station/devices/protocols/provisioning/llsync/advertisement.ts';
import { Assembler } from '../../simulator/parts/llsync/framing.ts';
import { applyValues, factoryState, splitValues } from '../../simulator/parts/llsync/template.ts';
import type { Target } from './target.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** Longest value of a characteristic that is made of an input. */
const LONGEST_VALUE_BYTES = 64;

/** The first byte of an input is the length of its values: what a unit notifies, one after the other. */
const slices: Target = {
  name: 'llsync-slices',
  seeds: [
    hex('14 054011353cf65437fd6d82e2b05bd8912652d236 05c0084940394465763031'),
    hex('06 034003000001 03c003000002 02'),
    hex('08 e40005 6e6f206572'),
  ],
  feed(bytes) {
    const size = 1 + ((bytes[0] ?? 0) % LONGEST_VALUE_BYTES);
    const reader = new SliceReader((type) => (type === 3 ? 1 : type === 4 ? 2 : 0));
    const device = new Assembler();
    for (let at = 1; at < bytes.length; at += size) {
      const value = bytes.subarray(at, at + size);
      const received = reader.push(value);
      if (received.kind === 'message' && received.message.data.length > MAX_MESSAGE_BYTES)
        throw new Error(`a message of ${received.message.data.length} bytes`);
      if (received.kind === 'message') readDeviceInfo(received.message.data);
      device.take(value);
    }
  },
};

const values: Target = {
  name: 'llsync-values',
  seeds: [
    hex('0001 21fffffffb 420003e781af 630000c03f 84012c a55f3279fa c600020000 e700020102'),
    hex('00002100000000630000000084 0000a500000000c60014000021000000006300000000840000a500000000c700020000'),
  ],
  feed(bytes) {
    const read = decodeValues(bytes);
    // A float of any bits is a number or none; a text of any bytes becomes one of UTF-8.
    const hasLoss =
      read?.some(({ type }) => type === 'float' || type === 'string' || type === 'struct') ?? true;
    if (read !== null && !hasLoss && decodeValues(encodeValues(read)) === null)
      throw new Error('values that were read are not readable');
    const written = splitValues(Buffer.from(bytes));
    if (written !== null) applyValues(factoryState(), written);
  },
};

const advertisements: Target = {
  name: 'llsync-advertisement',
  seeds: [hex('e7fe 21 246f28112233 4142434445464748494a'), hex('e7fe 22 4b6060759bf3c997 0102030405060708')],
  feed(bytes) {
    readAdvertisement(bytes, ['FFE0']);
    readAdvertisement(bytes, ['FFF0']);
  },
};

export const TARGETS: readonly Target[] = [slices, values, advertisements];
