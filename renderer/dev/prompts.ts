import type { PromptView, ScanResult, SlotView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Scan } from '#shared/domain/scan/index.ts';

/** One question of each kind, as recipes ask them. */
export const QUESTIONS = {
  'pass-fail': {
    ask: { 'zh-CN': '指示灯是绿色常亮吗？', en: 'Is the light steady green?' },
    image: 'led.png',
  },
  confirm: {
    ask: {
      'zh-CN': '按住复位键 5 秒，直到蜂鸣器响一声',
      en: 'Hold the reset button for 5 seconds, until the buzzer sounds once',
    },
    image: 'led.png',
  },
  choice: {
    ask: { 'zh-CN': '外壳是什么颜色？', en: 'Which colour is the housing?' },
    choices: [
      { value: 'white', title: { 'zh-CN': '白色', en: 'White' } },
      { value: 'black', title: { 'zh-CN': '黑色', en: 'Black' } },
      { value: 'silver', title: { 'zh-CN': '银色', en: 'Silver' } },
    ],
  },
  number: {
    ask: { 'zh-CN': '电流表的读数是多少？', en: 'What does the ammeter read?' },
    unit: 'mA',
    image: 'led.png',
  },
  text: { ask: { 'zh-CN': '扫描或输入电池批号', en: 'Scan or type the lot number of the battery' } },
  scan: { ask: { 'zh-CN': '请扫描产品上的标签', en: 'Scan the label on the unit' } },
} as const satisfies Record<PromptView['kind'], Partial<PromptView>>;

export function promptOf(
  slot: number,
  kind: PromptView['kind'],
  nowMs: number,
  forMs = 60_000,
  agoMs = 0,
): PromptView {
  return {
    promptId: `prompt-${slot}-${kind}-${nowMs}`,
    step: kind,
    kind,
    image: null,
    choices: [],
    unit: null,
    ...(structuredClone(QUESTIONS[kind]) as Pick<PromptView, 'ask'>),
    askedAtMs: nowMs - agoMs,
    endsAtMs: nowMs - agoMs + forMs,
  };
}

/** What a scan answers, as the station routes it: the selected slot's question, else the one that waited longest. */
export function answeredBy(
  scan: Scan,
  slots: readonly SlotView[],
  selected: number | null,
): { readonly slot: number; readonly answer: string } | null {
  const asking = slots
    .flatMap(({ slot, run }) => (run?.prompt == null ? [] : [{ slot, prompt: run.prompt }]))
    .sort((a, b) => a.prompt.askedAtMs - b.prompt.askedAtMs);
  const fitting = asking.filter(({ prompt }) => answerTo(prompt, scan) !== null);
  const found = fitting.find(({ slot }) => slot === selected) ?? fitting[0];
  return found === undefined ? null : { slot: found.slot, answer: answerTo(found.prompt, scan) ?? '' };
}

function answerTo({ kind, choices }: PromptView, scan: Scan): string | null {
  switch (scan.kind) {
    case 'pass':
    case 'fail':
      return kind === 'pass-fail' ? scan.kind : null;
    case 'start':
      return kind === 'confirm' ? 'ok' : null;
    case 'choice':
      return choices.find(({ value }) => value === scan.value)?.value ?? null;
    case 'serial':
      return ['scan', 'text', 'number'].includes(kind) ? scan.serialNumber : null;
    default:
      return null;
  }
}

export function requireAnswered(result: ScanResult | null): ScanResult {
  if (result === null) throw new Fault('prompt-none', 'no slot asks for this answer');
  return result;
}

/** Drawn for this page: a light on a board, as a PNG a recipe might bring. */
export async function drawPicture(): Promise<{ mediaType: 'image/png'; base64: string }> {
  const canvas = new OffscreenCanvas(640, 420);
  const g = canvas.getContext('2d');
  if (g === null) throw new Fault('not-found', 'no picture');
  g.fillStyle = '#20543a';
  g.fillRect(0, 0, 640, 420);
  g.fillStyle = '#101418';
  g.fillRect(60, 90, 260, 240);
  g.fillStyle = '#c9a34a';
  for (let pin = 0; pin < 12; pin++) g.fillRect(72 + pin * 20, 335, 10, 34);
  g.fillStyle = '#4dff8d';
  g.beginPath();
  g.arc(480, 150, 34, 0, 7);
  g.fill();
  g.strokeStyle = '#ffe04d';
  g.lineWidth = 10;
  g.beginPath();
  g.arc(480, 150, 74, 0, 7);
  g.stroke();
  const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  return { mediaType: 'image/png', base64: btoa(String.fromCharCode(...bytes)) };
}
