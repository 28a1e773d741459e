import type { SlotView } from '#shared/contract/index.ts';
import type { Line } from './line.ts';

const BATCH = 'WO-20261120-017-SMART-PLUG-EU-WHITE-REWORK-SECOND-SHIFT-LINE-3B';
const SERIAL = 'SN2611200017-EU-WHITE-REWORK-0042-';
/** As long as the cloud allows. */
const DEVICE_NAME = 'device_20261120_eu_white_rework_line3b_slot_0042';
const ASK = {
  'zh-CN':
    '请用镊子轻轻拨动外壳左侧的拨码开关，确认三个档位都有明显的手感、没有松动，并且拨到第二档时蓝色指示灯每秒闪烁两次，持续不少于十秒钟',
  en: 'Move the switch on the left of the housing with tweezers: do all three positions click firmly, without any play, and does the blue light blink twice a second in the second one for at least ten seconds?',
};

/** The same line with names as long as they may be, and a question as long as somebody may write one. */
export function withLongNames(line: Line, make?: (slot: number) => SlotView): Line {
  const { active } = line.batch;
  const slots = line.slots.slots.map((was) => {
    const slot = make === undefined ? was : make(was.slot);
    const { run } = slot;
    if (run === null) return slot;
    const prompt = run.prompt && { ...run.prompt, ask: ASK };
    const deviceName = run.deviceName && DEVICE_NAME;
    return { ...slot, run: { ...run, serialNumber: `${SERIAL}${slot.slot}`, deviceName, prompt } };
  });
  const long = active && { ...active, name: BATCH };
  const batches = line.batch.batches.map((batch) => (batch.batchId === long?.batchId ? long : batch));
  return {
    ...line,
    info: { ...line.info, station: 'Shenzhen-Building-7-Line-3B-Station-07' },
    slots: { ...line.slots, slots },
    batch: { active: long, batches, starts: 'scan' },
  };
}
