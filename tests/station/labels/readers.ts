import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

function zbarimg(paths: readonly string[]): string {
  const args = ['--nodbus', '--raw', '-q', '-Sdisable', '-Sqrcode.enable', ...paths];
  const out = execFileSync('zbarimg', args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64e6 });
  return out.toString().slice(0, -1);
}

/** A PDF's only page as a PNG beside it. */
export function drawPdfPage(path: string, dpi: number): string {
  execFileSync('pdftoppm', ['-r', String(dpi), '-png', '-singlefile', path, path]);
  return `${path}.png`;
}

export function readPdfText(path: string): string {
  return execFileSync('pdftotext', ['-layout', path, '-']).toString();
}

/** A screenshot of an SVG, twice its size so that it is not too fine for a screen of 96 dpi. */
export function drawSvgInChromium(path: string, directory: string): string {
  const page = join(directory, 'page.html');
  const picture = join(directory, 'page.png');
  writeFileSync(page, `<body style="margin:0;background:#fff"><img style="zoom:3" src="${path}">`);
  const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  );
  if (browser === undefined) throw new Error('no Chromium on this computer');
  const quiet =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';
  const profile = `--user-data-dir=${join(directory, 'profile')}`;
  const args = [
    ...quiet.split(' '),
    profile,
    `--screenshot=${picture}`,
    '--window-size=900,700',
    `file://${page}`,
  ];
  execFileSync(browser, args, { stdio: 'ignore', timeout: 20_000 });
  return picture;
}
