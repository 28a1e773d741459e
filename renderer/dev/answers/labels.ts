import type { LabelPrintView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';

const AT = Date.UTC(2026, 8, 1, 2, 30);

/** Labels of a passed run: the first came out, the second waits for paper. */
export function labelAnswers(): Answers {
  const print = (change: Partial<LabelPrintView>): LabelPrintView => ({
    printId: 'label-1',
    runId: 'run-1',
    serialNumber: 'SN000123',
    productId: 'GWDEMO0001',
    deviceName: 'demo_000123',
    payload: '{"v":1,"pid":"GWDEMO0001","dn":"demo_000123","sn":"SN000123","mac":"A2B7F1266E0A"}',
    template: 'default',
    reason: 'pass',
    why: '',
    copy: 1,
    state: 'printed',
    slot: null,
    place: 'tcp://192.168.1.50:9100',
    fault: null,
    askedBy: '李明',
    askedAtMs: AT,
    sentAtMs: AT + 200,
    endedAtMs: AT + 900,
    confirmedBy: 'printer',
    scannedAtMs: null,
    voidAtMs: null,
    voidBy: null,
    voidReason: null,
    ...change,
  });
  let prints: LabelPrintView[] = [
    print({}),
    print({
      printId: 'label-2',
      reason: 'reprint',
      why: 'scratched',
      copy: 2,
      state: 'failed',
      askedBy: '王芳',
      askedAtMs: AT + 600_000,
      sentAtMs: null,
      confirmedBy: null,
      fault: {
        code: 'printer-not-ready',
        message: 'the label printer tcp://192.168.1.50:9100 does not print: paper-out',
        hint: null,
        details: { place: 'tcp://192.168.1.50:9100', problem: 'paper-out', isHeld: false },
      },
    }),
  ];
  const change = (printId: string, changes: Partial<LabelPrintView>): LabelPrintView => {
    const found = prints.find((one) => one.printId === printId);
    if (found === undefined) throw new Fault('not-found', `there is no print ${printId}`);
    const next = { ...found, ...changes };
    prints = prints.map((one) => (one === found ? next : one));
    return next;
  };
  return {
    'labels.list': ({ runId }) => ({
      prints: runId === null ? prints.filter(({ state }) => state === 'failed') : prints,
    }),
    'labels.reprint': ({ reason }) => {
      const next = print({
        printId: `label-${prints.length + 1}`,
        reason: 'reprint',
        why: reason,
        copy: prints.length + 1,
      });
      prints = [...prints, next];
      return { prints: [next] };
    },
    'labels.print': ({ printId }) =>
      change(printId, { state: 'printed', fault: null, confirmedBy: 'printer' }),
    'labels.settle': ({ printId, cameOut }) =>
      change(printId, cameOut ? { state: 'printed', confirmedBy: 'person' } : { state: 'waiting' }),
    'labels.skip': ({ printId }) => change(printId, { state: 'skipped' }),
    'labels.void': ({ printId, reason }) =>
      change(printId, { voidAtMs: AT + 900_000, voidBy: '王芳', voidReason: reason }),
  };
}
