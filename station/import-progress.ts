import type { ImportsState } from '#shared/contract/index.ts';

type Publish = (state: ImportsState) => void;

/** One topic has the imports of triples and of runs. */
export function joinImports(publish: Publish): { readonly ofTriples: Publish; readonly ofRuns: Publish } {
  let [triples, runs]: [ImportsState['running'], ImportsState['running']] = [[], []];
  const send = (): void => publish({ running: [...triples, ...runs] });
  return {
    ofTriples({ running }) {
      triples = running;
      send();
    },
    ofRuns({ running }) {
      runs = running;
      send();
    },
  };
}
