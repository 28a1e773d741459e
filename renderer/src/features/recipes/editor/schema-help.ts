import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { EditorState, Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { RecipeSchema } from './recipe-schema.ts';
import { type YamlPlace, yamlPlaceAt } from './yaml-place.ts';

/** Completion of keys and values, and their meaning under the pointer, by the schema of recipes. */
export function schemaHelp(schema: () => RecipeSchema | null): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, schema())] }),
    hoverTooltip((view, position) => {
      const known = schema();
      const { from, to, text } = view.state.doc.lineAt(position);
      const word = wordAround(text, position - from);
      const place = known === null || word === null ? null : placeAt(view.state, from + word.from);
      const found = place?.writes === 'key' && word !== null ? known?.aboutKey(place, word.text) : null;
      if (word === null || found == null || to < from + word.to) return null;
      const { label, about } = found;
      return {
        pos: from + word.from,
        end: from + word.to,
        create() {
          const dom = document.createElement('div');
          dom.className = 'cm-key-info';
          const name = document.createElement('strong');
          name.textContent = label;
          dom.append(name, document.createElement('br'), about);
          return { dom };
        },
      };
    }),
  ];
}

function complete(context: CompletionContext, schema: RecipeSchema | null): CompletionResult | null {
  const place = schema === null ? null : placeAt(context.state, context.pos);
  if (schema === null || place === null) return null;
  const { from: lineFrom } = context.state.doc.lineAt(context.pos);
  const from = lineFrom + place.from;
  if (!context.explicit && from === context.pos && place.writes === 'key') return null;
  const isKey = place.writes === 'key';
  const proposals = isKey ? schema.keysAt(place) : schema.valuesAt(place);
  if (proposals.length === 0) return null;
  return {
    from,
    options: proposals.map(({ label, about, required }) => ({
      label,
      type: isKey ? 'property' : 'constant',
      ...(isKey ? { apply: `${label}: ` } : {}),
      ...(about === '' ? {} : { info: about }),
      ...(required ? { boost: 10 } : {}),
    })),
    validFor: /^[\w.$-]*$/,
  };
}

function placeAt(state: EditorState, position: number): YamlPlace | null {
  const { number, from } = state.doc.lineAt(position);
  return yamlPlaceAt(state.doc.toString().split('\n'), number - 1, position - from);
}

function wordAround(text: string, column: number): { from: number; to: number; text: string } | null {
  const before = /[\w.-]*$/.exec(text.slice(0, column))?.[0] ?? '';
  const after = /^[\w.-]*/.exec(text.slice(column))?.[0] ?? '';
  if (before + after === '') return null;
  return { from: column - before.length, to: column + after.length, text: before + after };
}
