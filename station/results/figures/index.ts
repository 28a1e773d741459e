/** Facts of runs and figures of batches, kept as runs end, so that they are read without counting runs. */
export { failuresOf, toBatchReport } from './batch-report.ts';
export { FigureCache } from './figure-cache.ts';
export { FactKeeper, type FactProgress, writeFacts } from './fact-keeper.ts';
export { fixRunFilter } from './fix-run-filter.ts';
export { openFigures, openFiguresAtOnce } from './open-figures.ts';
export type { FigureSource } from './figure-source.ts';
export { type BatchFigures, readFigures } from './read-figures.ts';
export { type FiguresReport, verifyFigures } from './verify-figures.ts';
