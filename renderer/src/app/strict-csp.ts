/**
 * Imported before anything else, and in one chunk with zod (scripts/vite/zod-chunk.ts). zod compiles object checks with
 * `new Function` unless it is told not to before the first schema is made; under our content security policy that would
 * be refused and reported each time. (`z.config` would come too late: schemas are made when the contract's modules are
 * evaluated.)
 */
const config = ((globalThis as { __zod_globalConfig?: { jitless?: boolean } }).__zod_globalConfig ??= {});
config.jitless = true;
