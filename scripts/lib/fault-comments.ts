/** Codes with a hyphen; a single word in backticks may be a parameter or a function ("those of `read`"). */
const CODE = /`([a-z]+(?:-[a-z0-9]+)+)`/g;

/**
 * The codes that doc comments list after "Faults:", up to the end of the sentence, and that are not in `known`. Reasons in
 * parentheses behind a code are details of the fault and are not checked.
 *
 * @returns each with its line, counted from 1.
 */
export function unknownFaults(
  source: string,
  known: ReadonlySet<string>,
): readonly { readonly line: number; readonly code: string }[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) =>
    [...comment[0].matchAll(/Faults:([\s\S]*?)(?:\.(?=\s)|\*\/)/g)].flatMap((list) => {
      const codes = (list[1] ?? '').replaceAll(/\([^)]*\)/g, (details) => ' '.repeat(details.length));
      return [...codes.matchAll(CODE)]
        .filter(([, code = '']) => !known.has(code))
        .map(({ index, 1: code = '' }) => {
          const offset = comment.index + list.index + 'Faults:'.length + index;
          return { line: source.slice(0, offset).split('\n').length, code };
        });
    }),
  );
}
