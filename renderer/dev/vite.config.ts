import vue from '@vitejs/plugin-vue';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { manual } from '../../scripts/vite/manual.ts';
import { ZOD_CHUNK } from '../../scripts/vite/zod-chunk.ts';

/** The pages over a mock station, and the gallery of the components: for development and tests, never shipped. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue({ features: { optionsAPI: false } }), manual()],
  build: {
    outDir: '../../.cache/dev-pages',
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
