import { describe, expect, it } from 'vitest';
import { AMPE_CALLS, AMPE_LISTENERS, AMPE_PARAMETERS, atPath, readAmpeLine } from '#shared/domain/ampe.ts';
import { refusalOf } from '#shared/domain/ampe-refusal.ts';
import { AMPE_SHEET } from '../../simulator/support/ampe-sheet.ts';

const { actions, calls, exchanges, listeners } = AMPE_SHEET;
const read = (message: object) => {
  const said = readAmpeLine(JSON.stringify(message));
  if (said === null) throw new Error('no message');
  return said;
};
const reply = (action: string, message: object) =>
  read({ action, event: 'open', success: true, taskId: 't', 'message ': '成功', ...message });

describe('the messages of an AMPE terminal', () => {
  it('are those of the sheet of document 004: actions with their parameters, calls, listeners', () => {
    expect(AMPE_PARAMETERS).toEqual(actions);
    expect(AMPE_CALLS).toEqual(calls.map(({ call }) => call));
    expect(Object.keys(AMPE_LISTENERS)).toEqual(listeners.map(({ listener }) => listener));
  });

  it.each(exchanges.map((exchange) => [exchange.section, exchange] as const))(
    '%s: replies are successes and failures are refusals with their reason',
    (_section, { request, replies, failures }) => {
      for (const printed of replies) {
        const said = read(printed);
        expect(said).toMatchObject({
          kind: 'reply',
          action: request.action,
          success: true,
          taskId: printed['taskId'],
        });
        expect(refusalOf(said)).toBeNull();
      }
      for (const printed of failures) expect(refusalOf(read(printed))?.reason).toBeTruthy();
    },
  );

  it('identify a delivery by the name that the bridge adds, by the older form, or by its keys', () => {
    for (const { listener, deliveries } of listeners) {
      for (const { data } of deliveries) {
        const delivery = { kind: 'delivery', listener, data };
        expect(read({ listener, data })).toEqual(delivery);
        expect(read({ data })).toEqual(delivery);
        expect(read({ data: JSON.stringify(data) })).toEqual(delivery);
        expect(read(data)).toEqual(delivery);
        expect(read({ action: 'x', event: listener, taskId: 't', data })).toEqual(delivery);
      }
    }
    expect(read({ listener: 'ampeOperationTimeout' })).toMatchObject({ listener: 'ampeOperationTimeout' });
    for (const line of [
      '{"data":{"other":1}}',
      '{"data":{}}',
      '{}',
      'null',
      '{"data":"text"}',
      'E (12) {',
      '',
    ])
      expect(readAmpeLine(line)).toBeNull();
  });

  it('are read after noise, also if the noise has braces', () => {
    const line = '\u0000{\u00f8x{{ {"action":"speech","success":true,"data":{"a":"{"}}';
    expect(readAmpeLine(line)).toMatchObject({ action: 'speech', data: { a: '{' } });
    expect(readAmpeLine('{ }')).toBeNull();
    expect(readAmpeLine('{')).toBeNull();
  });

  it('are found by path, also within JSON text', () => {
    const enrolled = read(exchanges.find(({ section }) => section === '1.4.1')?.replies[0] ?? {});
    expect(atPath(enrolled, 'data.eventData.subCode')).toBe('SUCCESS');
    const face = read(exchanges.find(({ section }) => section === '1.2')?.replies[0] ?? {});
    expect(atPath(face, 'data.extInfo.authCode')).toBe('auth77');
    expect(atPath(face, 'data.ftoken.length')).toBeUndefined();
    expect(atPath(face, 'data.toString')).toBeUndefined();
  });
});

it('keeps an integer that no number can hold, digit by digit', () => {
  const line = (uid: string): string =>
    `{"action":"getFaceInfo","success":true,"data":{"text":"a\\",[:1234567890123456789","uid":${uid},"all":[${uid}, ${uid}]}}`;
  for (const uid of ['2088000000000001234', '-9007199254740993', '12345678901234567890123'])
    expect(readAmpeLine(line(uid))).toMatchObject({
      data: { text: 'a",[:1234567890123456789', uid, all: [uid, uid] },
    });
  for (const uid of ['9007199254740991', '12345', '1234567890123456.5', '1234567890123456e3', '-0'])
    expect(readAmpeLine(line(uid))).toMatchObject({ data: { uid: Number(uid) } });
  const photo = '1'.repeat(4_000_000);
  expect(readAmpeLine(line(`"${photo}"`))).toMatchObject({ data: { uid: photo } });
});

describe('a refusal', () => {
  it.each([
    ['readOnceCPUCardInfo', { data: { nfc_cardInfo: '-3' } }, '-3', '防碰撞失败'],
    ['readOnceCPUCardInfo', { data: { nfc_cardInfo: -2 } }, '-2', '寻卡失败'],
    ['readOnceCPUCardInfo', { data: { nfc_cardInfo: ' -5\n' } }, '-5', '上电失败'],
    ['readOnceCPUCardInfo', { data: '{"nfc_cardInfo":"-4"}' }, '-4', '选卡失败'],
    ['readOnceCPUCardInfo', { data: { nfc_cardInfo: '-9' } }, '-9', undefined],
    ['sendCPUCardCommand', { data: { nfc_resultInfo: '-2' } }, '-2', '执行APDU失败'],
    ['sendCPUCardCommand', { data: { nfc_resultInfo: '0' } }, '0', undefined],
    ['sendCPUCardCommand', { data: { nfc_resultInfo: 0 } }, '0', undefined],
    ['psamCardColdReset', { data: { nfc_resultInfo: '-2' } }, '-2', '冷复位失败'],
    [
      'sendCPUCardApduCommands',
      { success: false, message: '失败：-100' },
      '-100',
      '执行APDU命令成功但状态不对',
    ],
    ['sendCPUCardApduCommands', { 'message ': '失败:-1' }, '-1', '初始化失败'],
    ['doStorageFaceInfo', { data: '{"eventData":{"subCode":"E60002"}}' }, 'E60002', '网络异常'],
    ['doStorageFaceInfo', { data: { eventData: { subCode: 90002 } } }, '90002', '超时退出'],
    ['getFaceInfo', { success: false, message: '系统异常 E69001' }, 'E69001', '系统异常'],
    ['getFaceInfo', { success: false, data: { subCode: 'E12345' } }, 'E12345', undefined],
    ['enterIDNumber', { success: false, message: ' 取消手输证件号 ' }, null, '取消手输证件号'],
    ['getIDCardInfo', { success: 'false', message: '超时', 'message ': '超时' }, null, '超时'],
    ['speech', { success: false, message: 'anything' }, null, undefined],
    ['getIDCardInfo', { 'message ': '超时', data: {} }, null, '超时'],
    ['enterIDNumber', { 'message ': '手输证件号超时', data: {} }, null, '手输证件号超时'],
    ['startBuzzer', { 'message ': '失败' }, null, undefined],
    ['sendCPUCardApduCommands', { success: false, 'message ': '失败:-2', message: '' }, '-2', '执行APDU失败'],
  ] as const)('of %s %j has code %s', (action, message, code, zh) => {
    const refusal = refusalOf(reply(action, message));
    expect(refusal).toMatchObject({ code });
    expect(refusal?.reason?.zh).toBe(zh);
  });

  it.each([
    ['readOnceCPUCardInfo', { data: { nfc_cardInfo: '00000000' } }],
    ['sendCPUCardCommand', { data: { nfc_resultInfo: '12' } }],
    ['sendCPUCardCommand', { data: { nfc_resultInfo: '009000' } }],
    ['psamCardColdReset', { data: { nfc_resultInfo: '' } }],
    ['enterIDNumber', { data: { subCode: 'OK_SUCCESS' } }],
    ['getSecondaryScreenState', { data: { getSecondaryScreenState: -1 } }],
    ['toString', { success: 'true' }],
    ['speech', { success: 'success' }],
    ['closeIDCardInfo', { message: '关闭成功' }],
    ['speech', { 'message ': '超时' }],
  ] as const)('is not %s %j', (action, message) => {
    expect(refusalOf(reply(action, message))).toBeNull();
  });

  it('is a search of the loop that found no card, of 2.9.8 and of before', () => {
    const card = (data: object) => refusalOf(read({ listener: 'CPUCardListener', data }));
    expect(card({ nfc_cardInfo: '', code: -1 })?.reason?.zh).toBe('寻卡失败');
    expect(card({ nfc_cardInfo: '', code: '-1' })?.code).toBe('-1');
    expect(card({ nfc_cardInfo: '-1' })?.code).toBe('-1');
    expect(card({ nfc_cardInfo: '1078', code: 0 })).toBeNull();
    expect(card({ nfc_cardInfo: '1078', code: '0' })).toBeNull();
    expect(card({ nfc_cardInfo: '1078' })).toBeNull();
  });
});
