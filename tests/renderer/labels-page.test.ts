import { describe, expect, it } from 'vitest';
import { decodePng } from '../../station/results/labels/templates/decode-png.ts';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = (route = 'labels/lamp-60x40') => tabs().open({ role: 'engineer', route, language: 'en' });

interface Sent {
  readonly template: { readonly elements: readonly Record<string, unknown>[] };
}

describe('the designer of labels', () => {
  it('moves and stretches the marked element by keys, and undoes it', async () => {
    const screen = await open();
    const { page } = screen;
    const last = async () =>
      ((await screen.calls('labelTemplates.preview')).at(-1) as Sent).template.elements[1];
    await page.getByTestId('box-1').focus();
    for (const key of ['ArrowRight', 'Shift+ArrowDown', 'Alt+ArrowRight']) await page.keyboard.press(key);
    await eventually(last).toMatchObject({ x: 3.5, y: 7, width: 34.5, height: 5 });
    expect(await page.getByTestId('element-x').inputValue()).toBe('3.5');
    // Steps of one kind are undone together.
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await eventually(last).toMatchObject({ x: 3, y: 2, width: 34 });
    await page.keyboard.press('Control+y');
    await eventually(last).toMatchObject({ x: 3.5, y: 7 });
    await page.keyboard.press('Delete');
    await eventually(async () => (await screen.calls('labelTemplates.preview')).at(-1)).toMatchObject({
      template: { elements: { length: 5 } },
    });
    expect(screen.complaints).toEqual([]);
  });

  it('drags an element to the edge of another one', async () => {
    const screen = await open();
    const { page } = screen;
    const box = page.getByTestId('box-3');
    const label = await page.getByTestId('label-canvas').boundingBox();
    const from = await box.boundingBox();
    if (label === null || from === null) throw new Error('no label');
    const mm = label.width / 60;
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    // 4.3 mm below: its lower edge comes near the line at 22.5 mm? No: near the bars at 24 mm, where it snaps.
    await page.mouse.move(from.x + 5 - 2.2 * mm, from.y + 5 + 2.2 * mm, { steps: 4 });
    await page.mouse.up();
    expect(await page.getByTestId('element-y').inputValue()).toBe('4');
    await page.getByTestId('undo').click();
    expect(await page.getByTestId('element-y').inputValue()).toBe('2');
  });

  it('marks what is wrong, and does not save a secret', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('element-2');
    await page.getByTestId('element-lines').fill('{deviceSecret}');
    await eventually(() => screen.text('issue-2')).toContain('secret');
    expect(await page.getByTestId('save-label').isDisabled()).toBe(true);
    await page.getByTestId('element-lines').fill('{serial}');
    await eventually(() => screen.text('issue-2')).toContain('did you mean {serialNumber}?');
    await page.getByTestId('element-lines').fill('{serialNumber}\nMAC {mac}');
    await eventually(() => page.getByTestId('issue-2').count()).toBe(0);
    await page.keyboard.press('Control+s');
    await page.getByTestId('toast').waitFor();
    expect((await screen.calls('labelTemplates.save')).at(-1)).toMatchObject({
      template: { elements: { 2: { lines: ['{serialNumber}', 'MAC {mac}'] } } },
    });
    expect(await page.getByTestId('save-label').isDisabled()).toBe(true);
  });

  it('takes a picture of another kind as a PNG in black and white', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('add-element');
    await screen.click('menu-image');
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="2" height="2" fill="navy"/></svg>';
    const file = (name: string, mimeType: string, text: string) => ({
      name,
      mimeType,
      buffer: Buffer.from(text),
    });
    await page.getByTestId('element-png').setInputFiles(file('a.svg', 'image/svg+xml', svg));
    const last = async () =>
      ((await screen.calls('labelTemplates.preview')).at(-1) as Sent).template.elements[6];
    await eventually(async () => String((await last())?.['png']).length).toBeGreaterThan(120);
    const { width, height, ink } = decodePng(Buffer.from(String((await last())?.['png']), 'base64'));
    expect([width, height]).toEqual([600, 300]);
    expect([ink[0], ink[599], ink.filter((one) => one === 255).length]).toEqual([255, 0, 90_000]);
    await page.getByTestId('element-png').setInputFiles(file('a.png', 'image/png', 'none'));
    await eventually(() => page.getByTestId('element-fields').textContent()).toContain('cannot be read');
    expect(screen.complaints).toEqual([]);
  });

  it('makes a new label, and reads one from a file', async () => {
    const screen = await open('labels');
    const { page } = screen;
    await screen.click('new-label');
    await page.getByTestId('label-fields').waitFor();
    expect(await page.getByTestId('label-name').inputValue()).toBe('label-1');
    await screen.click('add-element');
    await screen.click('menu-code128');
    await eventually(() => page.getByTestId('element-value').inputValue()).toBe('{serialNumber}');
    await screen.click('save-label');
    await page.getByTestId('toast').waitFor();
    await page.goBack();
    await page.getByTestId('labels-page').waitFor();
    const file = { name: 'l.yaml', mimeType: 'application/yaml', buffer: Buffer.from('gongwei: label/1') };
    await page.getByTestId('label-file').setInputFiles(file);
    await page.getByTestId('label-page').waitFor();
    expect(await screen.calls('labelTemplates.read')).toEqual([{ source: 'gongwei: label/1' }]);
  });

  it('removes a template after a question, and says what uses it', async () => {
    const screen = await open();
    await screen.click('remove-label');
    await screen.click('remove-label-go');
    await eventually(() => screen.calls('labelTemplates.remove')).toEqual([{ name: 'lamp-60x40' }]);
    await eventually(() => screen.page.getByRole('alertdialog').innerText()).toContain('Recipe: lamp 1.4.0.');
    const other = await open('labels/brand-50x30');
    await other.page.getByTestId('label-versions').waitFor();
    expect(await other.page.getByTestId('remove-label').count()).toBe(0);
  });
});
