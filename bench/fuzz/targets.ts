import { readdirSync, readFileSync } from 'node:fs';
import { CRC_NAMES } from '#shared/codec/crc.ts';
import { CHECKSUM_COVERS, createFrameReader, encodeFrame, type Framing } from '#shared/codec/frames.ts';
import { describeQr, encodeDeviceQr, encodeWifiQr } from '#shared/codec/qr/index.ts';
import { readAmpeLine } from '#shared/domain/ampe.ts';
import { refusalOf } from '#shared/domain/ampe-refusal.ts';
import { checkReported, parseThingModel } from '#shared/domain/thing-model/index.ts';
import { parseScan } from '#shared/domain/scan/index.ts';
import { TARGETS as AT_PROVISIONING } from './at-provisioning-target.ts';
import { TARGETS as BLUFI } from './blufi-target.ts';
import { TARGETS as LLSYNC } from './llsync-target.ts';
import type { Target } from './target.ts';
import { NVS_SEEDS, readAsNvs } from './nvs-target.ts';
import { createSecretDigest, inspectRecipe, readTripleCsv } from '#station';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import {
  readDeviceInfo,
  readFinal,
  readModule,
  readMqttState,
} from '../../station/devices/protocols/at-module/replies.ts';
import { Readable } from 'node:stream';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const seed = (...texts: string[]): Uint8Array[] => texts.map((one) => Buffer.from(one));

const OWN_SCRIPT = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ set }) => { await set('y', 1); });
`;

/** A recipe with loops, limits and verbs that the shipped recipes do not have. */
const RECIPE = `gongwei: recipe/1
name: fuzz
version: 1.0.0
title: { zh-CN: 测, en: fuzz }
product: P1
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
resume: true
device:
  profile: at-module
  serial: { baudRate: 115200, parity: even }
  frames: { start: 'AA 55', length: { bytes: 2, order: big, adds: -1 }, checksum: { kind: crc8 }, end: '55 AA' }
  reset: { line: rts }
  board: { kind: numato }
phases:
  - name: main
    forEach: { channel: [1, 2, 3] }
    onFail: continue
    steps:
      - { verb: request, text: 'CH \${channel}', expect: '^(?<v>\\d+)$', capture: { v: v }, measure: [{ name: v, group: v, as: number, limits: { within: { of: 3.3, percent: 5 }, marginal: { min: 3.2 } } }], runIf: { value: '\${channel}', not: '2' } }
      - { verb: send, frame: '02 \${v}', forEach: { a: [1, 2], b: [true, x] } }
      - { verb: prompt, kind: choice, ask: { zh-CN: 问, en: ask }, choices: [{ value: a, title: { zh-CN: 甲, en: a } }, { value: b, title: { zh-CN: 乙, en: b } }] }
      - { verb: script, file: own.ts, with: { x: 1 }, sets: [y] }
      - { verb: expect, expectFrame: '^82(..)', measure: [{ name: level, group: 1, as: hex, at: [{ name: n, group: 1 }] }] }
`;

const SHIPPED = new URL('../../resources/recipes/', import.meta.url);

/** The files that the recipes name. */
export const RECIPE_FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ['own.ts', Buffer.from(OWN_SCRIPT)],
  ...readdirSync(SHIPPED)
    .filter((name) => /\.(json|bin)$/.test(name))
    .map((name) => [name, readFileSync(new URL(name, SHIPPED))] as const),
]);

const recipes: Target = {
  name: 'recipe',
  seeds: [...seed(RECIPE), ...shippedRecipes()],
  feed(bytes) {
    const { parsed, issues } = inspectRecipe(text(bytes), RECIPE_FILES);
    if (parsed === null && issues.length === 0) throw new Error('refused without a reason');
    for (const { line, column } of issues)
      if (!(line >= 1 && column >= 1)) throw new Error(`a position outside of the text: ${line}:${column}`);
  },
};

/** The first bytes determine the framing; the rest is fed in pieces. */
const frames: Target = {
  name: 'frames',
  seeds: [0, 1, 2, 3, 4, 5].map((kind) => {
    const framing = framingOf(Uint8Array.of(kind, kind, 7 * kind, 1));
    const frame = encodeFrame(
      framing,
      Uint8Array.from({ length: framing.payloadBytes ?? 6 }, (_, n) => n),
    );
    const bytes = frame.ok ? frame.bytes : new Uint8Array();
    return Uint8Array.of(kind, kind, 7 * kind, 1, ...bytes, 0xaa, ...bytes);
  }),
  feed(bytes) {
    const framing = framingOf(bytes);
    const maxBytes = Math.max(framing.maxPayloadBytes, framing.payloadBytes ?? 0);
    const reader = createFrameReader(framing);
    const piece = 1 + ((bytes[3] ?? 0) % 32);
    for (let index = 4; index < bytes.length; index += piece)
      for (const cut of [
        reader.push(bytes.subarray(index, index + piece)),
        ...(index % 3 === 0 ? [reader.quiet()] : []),
      ])
        for (const payload of cut.payloads)
          if (payload.length > maxBytes) throw new Error(`a payload of ${payload.length} bytes`);
  },
};

function framingOf(bytes: Uint8Array): Framing {
  const [a = 0, b = 0, c = 0] = bytes;
  return {
    start: Uint8Array.from({ length: 1 + (a % 3) }, (_, n) => 0xaa - n),
    ...(b % 4 === 0
      ? { payloadBytes: 1 + (c % 64) }
      : b % 7 === 1
        ? { silenceMs: 20 }
        : b % 7 === 2
          ? { start: new Uint8Array(), length: 'modbus' as const }
          : {
              length: {
                bytes: b % 2 === 0 ? (2 as const) : (1 as const),
                order: b % 3 === 0 ? ('big' as const) : ('little' as const),
                adds: (c % 9) - 4,
                after: c % 3,
              },
            }),
    ...(c % 3 === 0
      ? {}
      : {
          checksum: {
            kind: CRC_NAMES[a % CRC_NAMES.length] ?? 'sum8',
            order: 'little',
            covers: CHECKSUM_COVERS[b % 3],
          },
        }),
    ...(c % 2 === 0 ? {} : { end: Uint8Array.of(0x55) }),
    maxPayloadBytes: 64,
  };
}

const atReplies: Target = {
  name: 'at-replies',
  seeds: seed(
    '+TCDEVINFOSET:1,"PID","dn1",42\r\nOK',
    'Module HW name: ESP-WROOM-02D\nModule FW version: QCloud_AT_ESP8266_v3.2.1\nModule Mac addr: AA:BB:CC:DD:01:02\nFlash size: 2MB\nOK',
    '+TCMQTTSTATE:1\r\nOK',
    '+CME ERROR:207',
    '+TCMQTTCONN:OK',
  ),
  feed(bytes) {
    const lines = text(bytes).split(/\r?\n/);
    for (const line of lines) readFinal(line, 'TCMQTTCONN', line.includes('\0'));
    readDeviceInfo(lines);
    readModule(lines);
    readMqttState(lines);
  },
};

const terminals: Target = {
  name: 'ampe',
  seeds: seed(
    '{"action":"getDeviceInfo","event":"open","taskId":"1","success":true,"message ":"ok","data":{"sn":"A1"}}',
    '{"action":"readOnceCPUCardInfo","taskId":7,"success":"true","data":"{\\"nfc_cardInfo\\":\\"-1\\"}"}',
    '{"listener":"CPUCardListener","data":{"nfc_cardInfo":"","code":-1}}',
  ),
  feed(bytes) {
    const reply = readAmpeLine(text(bytes));
    if (reply !== null) refusalOf(reply);
  },
};

const models: Target = {
  name: 'thing-model',
  seeds: seed(
    '{"version":"1.0","properties":[{"id":"a","name":"A","required":true,"define":{"type":"array","arrayInfo":{"type":"struct","specs":[{"id":"x","dataType":{"type":"int","min":"0","max":"9"}}]}}}],"events":[],"actions":[]}',
  ),
  feed(bytes) {
    const read = parseThingModel(text(bytes));
    if (read.ok) checkReported(read.model, { a: [{ x: 1 }], b: 2 }, ['c']);
  },
};

const codes: Target = {
  name: 'codes',
  seeds: seed(
    encodeWifiQr({ ssid: '中文 Wi-Fi', password: '12345678', token: 'v3_00d02b0248546d5a5fbf95a5812e4' }),
    encodeDeviceQr({ productId: 'P1', deviceName: 'd1', serialNumber: 'SN1', chipId: 'AABBCCDD0102' }),
    '#GW#SLOT,3#',
  ),
  feed(bytes) {
    parseScan(text(bytes));
    describeQr(text(bytes));
  },
};

const triples: Target = {
  name: 'triples-csv',
  seeds: seed(
    '\ufeffProductId,DeviceName,DeviceSecret\r\nCS0SLTKSYA,d1,IyXmUW5sU/q1vnb5yzTkeQ==\r\nCS0SLTKSYA,"d,2",IyXmUW5sU/q1vnb5yzTkeQ==\r\n',
    'DeviceName;DeviceSecret;ProductKey\nd1;IyXmUW5sU/q1vnb5yzTkeQ==;P1\n',
    '清单\n\n设备名称(DeviceName)|DeviceSecret|MAC|SN\rd1|IyXmUW5sU/q1vnb5yzTkeQ==|A2:B7:00:00:00:01|\u200bS1\n\u001a',
  ),
  async feed(bytes) {
    const digest = createSecretDigest(new Uint8Array(32));
    const source = () => Readable.from([Uint8Array.from(bytes)]);
    for await (const row of readTripleCsv(source, { digest }, NEVER_ABORTED)) {
      if (row.line < 1) throw new Error(`line ${row.line}`);
    }
  },
};

const nvs: Target = { name: 'nvs', seeds: NVS_SEEDS, feed: readAsNvs };

export const TARGETS: readonly Target[] = [
  recipes,
  frames,
  atReplies,
  terminals,
  models,
  codes,
  triples,
  nvs,
  ...AT_PROVISIONING,
  ...BLUFI,
  ...LLSYNC,
];

function shippedRecipes(): Uint8Array[] {
  return readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, SHIPPED)));
}
