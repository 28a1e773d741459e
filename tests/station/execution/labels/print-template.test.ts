import { expect, it } from 'vitest';
import { startPrintingLine } from './printing-line.ts';

const TEMPLATE = `gongwei: label/1
name: printed
title: { zh-CN: 测试, en: Printed }
size: { width: 50, height: 30 }
elements:
  - { kind: text, x: 2, y: 1, width: 46, height: 4, lines: ['序列号 {serialNumber}'], size: 3 }
  - { kind: qr, x: 2, y: 6, width: 23, height: 23, value: '{"n":{counter:printed},"copy":{copy},"sn":"{serialNumber}"}' }
`;

it.each(['zpl', 'tspl'] as const)(
  'a label of a template comes out of a printer of %s with its number and the number of the copy',
  async (language) => {
    const label = 'print: on-pass, copies: 2, template: label.yaml';
    await using line = await startPrintingLine({ units: 2, language, label, template: TEMPLATE });
    for (const slot of [1, 2]) {
      expect(await line.setup.run(slot)).toMatchObject({ outcome: 'PASS' });
      await line.settled(slot);
    }
    expect(line.printedCodes().map((code) => JSON.parse(code) as unknown)).toEqual([
      { n: 1, copy: 1, sn: 'SN000001' },
      { n: 1, copy: 2, sn: 'SN000001' },
      { n: 2, copy: 1, sn: 'SN000002' },
      { n: 2, copy: 2, sn: 'SN000002' },
    ]);
    const [print] = line.setup.station.database.labelPrints.listOfRun(
      line.setup.station.database.runs.listOfSerialNumber('SN000001')[0]?.runId ?? '',
    );
    expect(print?.template).toMatch(/^[0-9a-f]{64}$/);
  },
);
