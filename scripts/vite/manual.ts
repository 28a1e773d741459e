import type { Plugin } from 'vite';
import { readChapter } from './read-chapter.ts';

const CHAPTER_FILE = /\/manual\/(?:en|zh-CN)\/[a-z-]+\.md$/;

/** Builds the chapters of the manual into the pages, as data: a page shows no HTML that it has not made itself. */
export function manual(): Plugin {
  return {
    name: 'gongwei-manual',
    transform(code, id) {
      if (!CHAPTER_FILE.test(id)) return null;
      const { chapter, pictures } = readChapter(code, id);
      const imports = pictures.map(
        (file, at) => `import picture${at} from ${JSON.stringify(`${file}?url`)};`,
      );
      // The addresses of pictures are known when the bundle is written.
      const urls = pictures.map((file, at) => `[${JSON.stringify(file)}, picture${at}]`);
      const module = `${imports.join('\n')}
const urls = new Map([${urls.join(', ')}]);
export default JSON.parse(${JSON.stringify(JSON.stringify(chapter))}, (key, value) =>
  key === 'src' ? (urls.get(value) ?? value) : value);
`;
      return { code: module, map: null, moduleType: 'js' };
    },
  };
}
