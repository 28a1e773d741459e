import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The page on a scripted station, for looking at it and for its tests. Never shipped. */
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
  },
});
