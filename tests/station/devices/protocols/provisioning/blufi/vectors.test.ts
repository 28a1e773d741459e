import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cipherOfKeyV1 } from '../../../../../../station/devices/protocols/provisioning/blufi/cipher.ts';
import { crcGenibus } from '../../../../../../station/devices/protocols/provisioning/blufi/frame.ts';
import {
  importDhPrivateKey,
  importDhPublicKey,
  publicValueOf,
} from '../../../../../../station/devices/protocols/provisioning/blufi/dh-key.ts';
import { FrameReader } from '../../../../../../station/devices/protocols/provisioning/blufi/frame-reader.ts';
import { CONTROL, DATA } from '../../../../../../station/devices/protocols/provisioning/blufi/frame-types.ts';
import { FrameWriter } from '../../../../../../station/devices/protocols/provisioning/blufi/frame-writer.ts';
import {
  beginKeyExchange,
  blufiGroup,
} from '../../../../../../station/devices/protocols/provisioning/blufi/key-exchange.ts';
import {
  readStatusReport,
  readVersion,
  readWifiList,
} from '../../../../../../station/devices/protocols/provisioning/blufi/messages.ts';
import { tempDir } from '../../../../../support/temp-dir.ts';

/*
 * Frames that the BluFi profile of ESP-IDF 5.2 received and sent, with the example's security V1 (mbedtls 2.28): one session at an
 * MTU of 23. The phone's private value is the text below; the AES key is what the unit had after the exchange.
 */
const PRIVATE_VALUE = Buffer.from('1234567890abcdef'.repeat(4), 'hex');
const KEY = Buffer.from('f815618d965924d8e4c3f0a2d85d5db8', 'hex');
const OPENSSL = '/usr/bin/openssl';
const PLAIN = { isEncrypted: false, hasChecksum: false, isAckWanted: false };
const CHECKED = { ...PLAIN, hasChecksum: true };
const SECRET = { ...CHECKED, isEncrypted: true };
const COUNTED = Uint8Array.from({ length: 30 }, (_, n) => n);

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const text = (data: string): Uint8Array => Buffer.from(data);

describe('the session that ESP-IDF had', () => {
  it('writes each frame of the phone byte for byte', () => {
    const cipher = cipherOfKeyV1(KEY);
    const writer = new FrameWriter();
    const write = (
      type: number,
      content: Uint8Array,
      options: typeof PLAIN,
      frameBytes = 20,
    ): readonly string[] =>
      [...writer.write(type, content, frameBytes, options, cipher)].map((frame) => hex(frame.bytes));
    const { messages } = beginKeyExchange('v1', PRIVATE_VALUE);
    expect(write(CONTROL.getVersion, new Uint8Array(), PLAIN)).toEqual(['1c000000']);
    expect(write(DATA.negotiation, messages[0], PLAIN)).toEqual(['01000103000107']);
    // The recorded phone sent 100 bytes in each.
    const parameters = write(DATA.negotiation, messages[1], PLAIN, 106);
    expect(parameters.map((frame) => frame.slice(0, 12))).toEqual([
      '011002660801',
      '01100366a400',
      '01000440' + parameters[2]?.slice(8, 12),
    ]);
    expect(parameters[0]).toContain('0110026608010100' + '80cf5cf5c384');
    expect(write(CONTROL.securityMode, Uint8Array.of(0x03), CHECKED)).toEqual(['0402050103c1db']);
    expect(write(CONTROL.opMode, Uint8Array.of(1), CHECKED)).toEqual(['0802060101d3a2']);
    expect(write(DATA.ssid, text('tencent'), SECRET)).toEqual(['09030707e7c3ef5e44c4a457ba']);
    expect(write(DATA.password, text('12345678'), { ...SECRET, isAckWanted: true })).toEqual([
      '0d0b080873d3e8b1adfbf12067ed',
    ]);
    expect(write(CONTROL.connect, new Uint8Array(), SECRET)).toEqual(['0c0209006858']);
    expect(write(CONTROL.getWifiList, new Uint8Array(), CHECKED)).toEqual(['24020a003b0d']);
    expect(write(DATA.custom, COUNTED, SECRET)).toEqual([
      '4d130b0e3cf27433cf8b6d3f85aae6675f576249',
      '4d130c0ef8eda2e7f84063cc97b124e521e2c122',
      '4d030d0692a4ff48ad1b7cc7',
    ]);
  });

  it('reads the frames of the unit', () => {
    const cipher = cipherOfKeyV1(KEY);
    const version = new FrameReader().receive(bytes('41 04 00 02 0103'), null);
    expect(version).toMatchObject({ ok: true, message: { type: DATA.version } });
    expect(version.ok && version.message !== null && readVersion(version.message.content)).toEqual({
      major: 1,
      minor: 3,
    });

    const reader = readerAt(0x0c);
    expect(reader.receive(bytes('00 04 0c 01 08'), cipher)).toEqual({
      ok: true,
      message: { type: CONTROL.ack, content: Uint8Array.of(8) },
      ackFor: null,
    });
    const first = reader.receive(bytes('3d 17 0d 0e 9ebde453b107af5078713e422d11 c7da'), cipher);
    expect(first).toEqual({ ok: true, message: null, ackFor: null });
    const report = reader.receive(bytes('3d 07 0e 08 762355c6ff928ebd bce2'), cipher);
    expect(report).toMatchObject({ ok: true, message: { type: DATA.statusReport } });
    const content = report.ok ? (report.message?.content ?? new Uint8Array()) : new Uint8Array();
    expect(hex(content)).toBe('010000' + '0106021122334455' + '0207' + hex(text('tencent')));
    expect(readStatusReport(content)).toEqual({
      opMode: 1,
      station: 'joined',
      ssid: 'tencent',
      endReason: null,
      endRssiDbm: null,
    });
    const late = readerAt(0x17).receive(bytes('49 04 17 01 00'), cipher);
    expect(late).toMatchObject({ ok: true, message: { type: DATA.errorReport } });
  });

  it('reads the fragments of a public value, each with what remains of it', () => {
    const value = Uint8Array.from({ length: 128 }, (_, n) => (n * 7) & 0xff);
    const reader = readerAt(1);
    for (let index = 0; index < 10; index++) {
      const remaining = 128 - 12 * index;
      const data = Buffer.concat([Uint8Array.of(remaining, 0), value.subarray(12 * index, 12 * index + 12)]);
      const frame = Buffer.concat([Uint8Array.of(0x01, 0x14, index + 1, 0x0e), data]);
      expect(reader.receive(frame, null)).toEqual({ ok: true, message: null, ackFor: null });
    }
    const last = Buffer.concat([Uint8Array.of(0x01, 0x04, 0x0b, 0x08), value.subarray(120)]);
    expect(reader.receive(last, null)).toEqual({
      ok: true,
      message: { type: DATA.negotiation, content: value },
      ackFor: null,
    });
  });

  it('reads a list of networks', () => {
    const list = bytes('08 d8 74656e63656e74 07 ba e6b58be8af95');
    expect(readWifiList(list)).toEqual([
      { ssid: 'tencent', rssiDbm: -40 },
      { ssid: '测试', rssiDbm: -70 },
    ]);
    expect(readWifiList(list.subarray(0, -1))).toBeNull();
  });
});

describe('the examples of Tencent', () => {
  it.each([
    [CONTROL.opMode, Uint8Array.of(1), 0, '0808000101'],
    [DATA.ssid, text('tencent'), 1, '0900010774656e63656e74'],
  ])('writes %d without security', (type, content, sequence, wanted) => {
    const writer = new FrameWriter();
    for (let skipped = 0; skipped < sequence; skipped++) [...writer.write(0, content, 20, PLAIN, null)];
    // The example of the mode asks for an acknowledgement.
    const options = { ...PLAIN, isAckWanted: wanted.startsWith('0808') };
    expect([...writer.write(type, content, 20, options, null)].map((frame) => hex(frame.bytes))).toEqual([
      wanted,
    ]);
  });
});

it('computes CRC-16/GENIBUS', () => {
  expect(crcGenibus(text('123456789'))).toBe(0xd64e);
  // Sequence 1, length 1, data 01.
  expect(crcGenibus(Uint8Array.of(1, 1, 1))).toBe(0x2743);
});

describe('key exchange', () => {
  it('announces 263 and 775 bytes', () => {
    expect(hex(beginKeyExchange('v1').messages[0])).toBe('000107');
    expect(hex(beginKeyExchange('v2').messages[0])).toBe('000307');
  });

  it.each(['v1', 'v2'] as const)('refuses values that are not of the group: %s', (security) => {
    const phone = beginKeyExchange(security);
    const { prime } = blufiGroup(security);
    const onePast = Buffer.concat([Uint8Array.of(1), prime]);
    for (const value of [new Uint8Array(), new Uint8Array(prime.length), Uint8Array.of(1), prime, onePast])
      expect(phone.agree(value)).toBeNull();
  });

  /*
   * Printed by blufi_security.c of ESP-IDF 6 (examples/bluetooth/blufi), compiled for Linux with PSA over OpenSSL 3.0, 2026-12-01. The
   * private values are fixed; the second unit's makes a shared secret with a leading zero.
   */
  it.each([
    [
      'fedcba0987654321'.repeat(4),
      '72fe6689dd34077ca75e58533b698c954a5fbd0e814ac26697c23a46328620ee',
      '4cec5ba62c097f e88c6e82ac76a1b4 e033bad4b4b68ceffe1a43001b9d09476a5f384a9d92f155a7',
      'c5be79 a4a112573ee0da23',
    ],
    ['00010192', '74223f2d1946a7429a8d89cb81a6c7a784237b3b405072897251f6fbdb126d0c', '0773682fd7761f', ''],
  ])('agrees with ESP-IDF 6: %s', (unitPrivate, unitDigest, toUnit, fromUnit) => {
    const sha256 = (value: Uint8Array): string => createHash('sha256').update(value).digest('hex');
    const group = blufiGroup('v2');
    const phone = beginKeyExchange('v2', bytes('1234567890abcdef'.repeat(4)));
    expect(sha256(phone.messages[1].subarray(-384))).toBe(
      'bde9618d2583e912679ed9c3f515d13811554a356060aff15ba07fb257336357',
    );
    const unitValue = publicValueOf(importDhPrivateKey(group, bytes(unitPrivate)), group);
    expect(sha256(unitValue)).toBe(unitDigest);
    const cipher = phone.agree(unitValue);
    if (cipher === null) throw new Error('no key was agreed');
    const sent = ['tencent', '12345678', 'a password of some length'].map((one) =>
      hex(cipher.encrypt(0, text(one))),
    );
    expect(sent.slice(0, toUnit.split(' ').length)).toEqual(toUnit.split(' '));
    const said = fromUnit.split(' ').map((one) => hex(cipher.decrypt(0, bytes(one))));
    expect(said).toEqual(fromUnit === '' ? [''] : ['010000', '0106021122334455']);
  });

  it.runIf(existsSync(OPENSSL))('agrees with OpenSSL, which has ffdhe3072 and AES of its own', () => {
    using temp = tempDir();
    const dir = temp.path;
    const openssl = (...args: readonly string[]): Buffer => execFileSync(OPENSSL, args, { cwd: dir });
    openssl('genpkey', '-algorithm', 'DH', '-pkeyopt', 'group:ffdhe3072', '-out', 'unit.pem');
    const unit = createPublicKey(openssl('pkey', '-in', 'unit.pem', '-pubout'));
    const der = unit.export({ format: 'der', type: 'spki' });
    const group = blufiGroup('v2');
    expect(der.includes(Buffer.from(group.prime))).toBe(true);

    const phone = beginKeyExchange('v2');
    const publicValue = phone.messages[1].subarray(-384);
    const phoneKey = importDhPublicKey(group, publicValue).export({ format: 'pem', type: 'spki' });
    writeFileSync(join(dir, 'phone.pem'), phoneKey);
    const secret = openssl(
      'pkeyutl',
      '-derive',
      '-inkey',
      'unit.pem',
      '-peerkey',
      'phone.pem',
      '-pkeyopt',
      'dh_pad:1',
    );
    expect(secret).toHaveLength(384);
    const sha256 = (...parts: readonly Uint8Array[]): string => {
      writeFileSync(join(dir, 'hashed'), Buffer.concat(parts));
      return openssl('dgst', '-sha256', '-r', 'hashed').toString().slice(0, 64);
    };
    const stream = (domain: string, plain: Uint8Array): string => {
      writeFileSync(join(dir, 'plain'), plain);
      const iv = sha256(text(domain), secret).slice(0, 32);
      return hex(openssl('enc', '-aes-256-ctr', '-K', sha256(secret), '-iv', iv, '-in', 'plain'));
    };
    const unitValue = publicValueOf(unit, group);
    const cipher = phone.agree(unitValue);
    if (cipher === null) throw new Error('no key was agreed');
    const [first, second] = [text('tencent'), text('a password of some length')];
    const sent = hex(cipher.encrypt(7, first)) + hex(cipher.encrypt(8, second));
    expect(sent).toBe(stream('blufi_dec', Buffer.concat([first, second])));
    expect(hex(cipher.decrypt(0, bytes(stream('blufi_enc', second))))).toBe(hex(second));
  });
});

/** A reader that has read the frames before this sequence. */
function readerAt(sequence: number): FrameReader {
  const reader = new FrameReader();
  for (let before = 0; before < sequence; before++)
    reader.receive(Uint8Array.of(0x00, 0x04, before, 0x00), null);
  return reader;
}
