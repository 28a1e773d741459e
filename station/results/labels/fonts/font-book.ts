import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { createFace, type Face } from './face.ts';
import { readFaces } from './sfnt.ts';
import { readFontFile, shippedFontFile } from './shipped-font.ts';

/** The fonts of labels. The Chinese font is a large file, which is read at its first use in 0.1 s: share one book. */
export interface FontBook {
  /**
   * A face that has all characters of `text`. Faults: `tool-missing` (no Chinese font on this computer), `bad-input` (no
   * font has a character).
   */
  faceFor(text: string): Face;
}

/** The face of a collection for simplified Chinese; characters have other shapes in other regions. */
const SIMPLIFIED_CHINESE = /CJKsc|SC-|GB/;

/** @param chineseFontPaths searched in this order; default: the shipped font, with which every computer draws the same */
export function createFontBook(chineseFontPaths?: readonly string[]): FontBook {
  let latin: Face | null = null;
  let chinese: Face | null = null;

  function faceFor(text: string): Face {
    if (/^[ -~]*$/.test(text)) return (latin ??= loadLatin());
    chinese ??= loadChinese(chineseFontPaths ?? [shippedFontFile()], text);
    for (const character of text) {
      if (chinese.has(character.codePointAt(0) ?? 0)) continue;
      throw new Fault('bad-input', `the label's font has no character "${character}" (in "${text}")`, {
        hint: 'Leave the character out of the label.',
      });
    }
    return chinese;
  }

  return { faceFor };
}

/** OCR-B, in which 0 and O, 1 and I differ clearly. It is part of bwip-js. */
function loadLatin(): Face {
  const bwipDirectory = dirname(createRequire(import.meta.url).resolve('bwip-js'));
  const [face] = readFaces(readFileSync(join(bwipDirectory, '..', 'fonts', 'OCRB7.ttf')));
  if (face === undefined) throw new Error('the font of bwip-js has no face');
  return createFace('gongwei-latin', face);
}

function loadChinese(paths: readonly string[], text: string): Face {
  for (const path of paths) {
    const file = readIfPresent(path);
    if (file === null) continue;
    const faces = readFaces(file);
    const face = faces.find(({ postScriptName }) => SIMPLIFIED_CHINESE.test(postScriptName)) ?? faces[0];
    if (face !== undefined) return createFace(`gongwei-${path}`, face);
  }
  throw new Fault('tool-missing', `"${text}" cannot be printed: this computer has no Chinese font`, {
    hint: 'Install Noto Sans CJK (on Debian: apt-get install fonts-noto-cjk).',
  });
}

function readIfPresent(path: string): Buffer | null {
  try {
    return readFontFile(path);
  } catch {
    return null;
  }
}
