/** The user who opens the pages of a benchmark. */
export const BENCH_USER = 'bench';
export const BENCH_PIN = '246810';
