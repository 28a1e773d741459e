/** What a printer puts on paper: commands of ZPL and TSPL become pictures. */
export { pngOf } from './png.ts';
export type { LabelRenderer, Rendering } from './rendering.ts';
export { createTsplRenderer } from './tspl.ts';
export { createZplRenderer } from './zpl.ts';
