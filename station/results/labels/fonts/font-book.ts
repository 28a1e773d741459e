import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { createFace, type Face } from './face.ts';
import { readFaces } from './sfnt.ts';

/** The fonts of a station's labels. Make one and keep it: the Chinese font is a big file, read when first needed. */
export interface FontBook {
  /**
   * The face to write `text` in, all of it. Faults: `tool-missing` (no Chinese font on this computer), `bad-input`
   * (a character that no font here has; nothing is ever replaced by an empty box).
   */
  faceFor(text: string): Face;
}

/** Where systems keep a font with Chinese, Latin, Greek and Cyrillic; the first that exists is taken. */
const CHINESE_FONT_PATHS = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  'C:\\Windows\\Fonts\\msyh.ttc',
  'C:\\Windows\\Fonts\\simhei.ttf',
  '/System/Library/Fonts/STHeiti Light.ttc',
  '/System/Library/Fonts/Hiragino Sans GB.ttc',
];

/** Collections hold a face per region; Chinese characters differ in shape between them. */
const SIMPLIFIED_CHINESE = /CJKsc|SC-|GB/;

/** `chineseFontPaths` replaces the places that are searched. */
export function createFontBook(chineseFontPaths: readonly string[] = CHINESE_FONT_PATHS): FontBook {
  let latin: Face | null = null;
  let chinese: Face | null = null;

  function faceFor(text: string): Face {
    if (/^[ -~]*$/.test(text)) return (latin ??= loadLatin());
    chinese ??= loadChinese(chineseFontPaths, text);
    for (const character of text) {
      if (chinese.has(character.codePointAt(0) ?? 0)) continue;
      throw new Fault('bad-input', `the label's font has no character "${character}" (in "${text}")`, {
        hint: 'leave the character out of the label',
      });
    }
    return chinese;
  }

  return { faceFor };
}

/** OCR-B, made for labels: 0 and O, 1 and I cannot be mixed up. It comes with bwip-js, so it is always there. */
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
    hint: 'install Noto Sans CJK (on Debian: apt-get install fonts-noto-cjk)',
  });
}

function readIfPresent(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
