/**
 * Puts zod into a chunk together with `strict-csp.ts`, which must run before the first schema is made. A bundle of several
 * chunks runs the shared ones first, whatever the order of the imports in the entry; within a chunk the order holds.
 */
export const ZOD_CHUNK = {
  codeSplitting: {
    groups: [{ name: 'zod', test: /\/(renderer\/src\/app\/strict-csp\.ts$|node_modules\/zod\/)/ }],
  },
};
