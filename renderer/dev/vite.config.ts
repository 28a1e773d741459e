import vue from '@vitejs/plugin-vue';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { ZOD_CHUNK } from '../../scripts/vite/zod-chunk.ts';

/** The page on a scripted station, and the gallery of its components, for looking at and for tests. Never shipped. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    outDir: '../../.cache/scripted-pages',
    emptyOutDir: true,
    target: ['chrome123'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: ZOD_CHUNK,
      input: {
        index: join(import.meta.dirname, 'index.html'),
        gallery: join(import.meta.dirname, 'gallery.html'),
      },
    },
  },
});
