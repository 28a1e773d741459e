import { isCollection, type Document, parseDocument, stringify, visit } from 'yaml';

/** Longest list or object that is written in one line. */
const LINE_WIDTH = 110;

/** Plain data as YAML for people: short objects and lists in one line, texts with braces in quotes. */
export function writeYaml(data: unknown): string {
  const document: Document = parseDocument(stringify(data, { lineWidth: 0 }));
  visit(document, {
    Collection(_, node, path) {
      // The root and the lists of objects below it stay blocks.
      if (path.length < 2 || !isCollection(node)) return undefined;
      const hasLongText = JSON.stringify(node.toJSON()).length > LINE_WIDTH;
      if (!hasLongText) node.flow = true;
      return hasLongText ? undefined : visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
