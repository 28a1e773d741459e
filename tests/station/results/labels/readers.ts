import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserPath } from '../../../../bench/lib/browser.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';

/*
 * Other people's eyes: zbarimg reads codes, poppler draws and reads PDFs, Chromium draws SVGs. All of them are
 * installed by the project's own scripts.
 */

/**
 * What zbarimg reads in each picture, in order. It ends each code with a line end, so line ends inside a code can
 * only be told by `readCode`; its XML output would be better, but garbles bytes beyond ASCII.
 */
export function readCodes(paths: readonly string[]): string[] {
  const codes = zbarimg(paths).split('\n');
  if (codes.length !== paths.length) throw new Error(`${codes.length} lines from ${paths.length} pictures`);
  return codes;
}

/** All that zbarimg reads in one picture. */
export function readCode(path: string): string {
  return zbarimg([path]);
}

/** What zbarimg reads in each picture of a Code 128, in order; a picture that it cannot read has no line. */
export function readBars(paths: readonly string[]): string[] {
  return zbarimg(paths, 'code128').split('\n');
}

/** What zbarimg reads in each picture: QR codes and Code 128 in one list, sorted. Their texts are ASCII. */
export function readAllCodes(paths: readonly string[]): string[][] {
  const args = ['--nodbus', '--xml', '-q', '-Sdisable', '-Sqrcode.enable', '-Scode128.enable', ...paths];
  const bySource = new Map<string, string[]>();
  for (const [, path = '', content = ''] of run('zbarimg', args, [0, 4]).matchAll(
    /<source href='([^']*)'>([\s\S]*?)<\/source>/g,
  ))
    bySource.set(
      path,
      [...content.matchAll(/<data[^>]*><!\[CDATA\[([\s\S]*?)\]\]><\/data>/g)].map((match) => match[1] ?? ''),
    );
  return paths.map((path) => (bySource.get(path) ?? []).sort());
}

/** What dmtxread reads in a picture of one DataMatrix. */
export function readDataMatrix(path: string): string {
  return run('dmtxread', ['-N1', '-m20000', path]);
}

function zbarimg(paths: readonly string[], symbology = 'qrcode'): string {
  const args = ['--nodbus', '--raw', '-q', '-Sdisable', `-S${symbology}.enable`, ...paths];
  return run('zbarimg', args).slice(0, -1);
}

/** A PDF's only page as a PNG beside it. */
export function drawPdfPage(path: string, dpi: number): string {
  run('pdftoppm', ['-r', String(dpi), '-png', '-singlefile', path, path]);
  return `${path}.png`;
}

export function readPdfText(path: string): string {
  return run('pdftotext', ['-layout', path, '-']);
}

/** A screenshot of SVGs below each other, magnified so that they are not too fine for a screen of 96 dpi. */
export function drawSvgsInChromium(paths: readonly string[], directory: string): string {
  const page = join(directory, 'page.html');
  const picture = join(directory, 'page.png');
  const images = paths.map((path) => `<img style="zoom:3;display:block" src="${path}">`);
  writeFileSync(page, `<body style="margin:0;background:#fff">${images.join('')}`);
  const quiet =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';
  const more = '--disable-component-update --disable-sync';
  const profile = `--user-data-dir=${join(directory, 'profile')}`;
  const shot = [`--screenshot=${picture}`, '--window-size=900,1400', `file://${page}`];
  run(browserPath(), [...quiet.split(' '), ...more.split(' '), profile, ...shot]);
  return picture;
}

function run(program: string, args: readonly string[], statuses: readonly number[] = [0]): string {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  try {
    return execFileSync(program, args, {
      stdio: [...stdio],
      maxBuffer: 64e6,
      timeout: PATIENCE_MS,
    }).toString();
  } catch (error) {
    const { status, stdout } = error as { readonly status?: number | null; readonly stdout?: Buffer };
    if (statuses.includes(status ?? -1)) return stdout?.toString() ?? '';
    throw error;
  }
}
