import { syntaxTree } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basics } from './editor-setup.ts';
import { type OutlineEntry, outlineOf, type OutlineText } from './outline.ts';
import { type StepField, stepFieldsOf } from './step-fields.ts';
import type { RecipeSchema } from './recipe-schema.ts';
import { scriptSupport } from './script-language.ts';
import { schemaHelp } from './schema-help.ts';

/** A mistake at a line and column, both from 1. */
export interface EditorMistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface EditorOptions {
  readonly text: string;
  readonly readOnly: boolean;
  /** Name for screen readers. */
  readonly label: string;
  /** Words of CodeMirror in the language of the page. */
  readonly phrases: Readonly<Record<string, string>>;
  /** Completion of a recipe. */
  readonly schema: () => RecipeSchema | null;
  /** Names that a script can call; `null`: the text is a recipe. */
  readonly scriptCalls: (() => readonly string[]) | null;
  readonly onChange: (text: string) => void;
  /** Called with the line of the cursor, from 1. */
  readonly onCursor: (line: number) => void;
  /** Called when the outline may have changed. */
  readonly onOutline: (outline: readonly OutlineEntry[]) => void;
  /** Called with the numbers of the step with the cursor. */
  readonly onFields: (fields: readonly StepField[]) => void;
}

export interface RecipeEditorView {
  text(): string;
  setText(text: string): void;
  setMistakes(mistakes: readonly EditorMistake[]): void;
  setWords(words: Pick<EditorOptions, 'label' | 'phrases'>): void;
  /** Moves the cursor to a place, which comes into sight, and the focus into the editor. */
  goTo(line: number, column: number): void;
  /** Replaces a number of a step; does nothing when the text was changed meanwhile. */
  setField(field: StepField, text: string): void;
  destroy(): void;
}

/**
 * CodeMirror in a shadow root of `host`: there its styles are constructed style sheets, which `style-src 'self'` allows; in
 * the document they would be a `<style>` element. Mistakes are those of the station.
 */
export function createEditor(host: HTMLElement, options: EditorOptions): RecipeEditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const words = new Compartment();
  const view: EditorView = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        ...basics(options.scriptCalls === null ? undefined : scriptSupport(options.scriptCalls)),
        options.readOnly ? EditorState.readOnly.of(true) : lintGutter(),
        options.readOnly || options.scriptCalls !== null ? [] : schemaHelp(options.schema),
        words.of(wordsOf(options)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
          if (update.docChanged || update.selectionSet)
            options.onCursor(update.state.doc.lineAt(update.state.selection.main.head).number);
          if (update.docChanged || syntaxTree(update.startState) !== syntaxTree(update.state))
            options.onOutline(readOutline(update.state));
          if (
            update.docChanged ||
            update.selectionSet ||
            syntaxTree(update.startState) !== syntaxTree(update.state)
          )
            options.onFields(readFields(update.state));
        }),
      ],
    }),
  });
  options.onOutline(readOutline(view.state));

  const offsetOf = (line: number, column: number): number => {
    const { lines } = view.state.doc;
    const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), lines));
    return Math.min(from + Math.max(0, column - 1), to);
  };
  return {
    text: () => view.state.doc.toString(),
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setMistakes(mistakes) {
      const diagnostics = mistakes.map(({ line, column, message }): Diagnostic => {
        const from = offsetOf(line, column);
        const rest = view.state.doc.sliceString(from, view.state.doc.lineAt(from).to);
        const word = /^[^\s,}\]]+/.exec(rest)?.[0].length ?? 0;
        return { from, to: from + word, severity: 'error', message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    setWords: (changed) => view.dispatch({ effects: words.reconfigure(wordsOf(changed)) }),
    goTo(line, column) {
      const anchor = offsetOf(line, column);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    setField({ from, to, text: before }, text) {
      if (view.state.sliceDoc(from, to) !== before) return;
      view.dispatch({ changes: { from, to, insert: text }, userEvent: 'input' });
    },
    destroy: () => view.destroy(),
  };
}

function wordsOf({ label, phrases }: Pick<EditorOptions, 'label' | 'phrases'>): Extension {
  return [
    EditorState.phrases.of(phrases),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  ];
}

function readOutline(state: EditorState): OutlineEntry[] {
  return outlineOf(syntaxTree(state), textOf(state));
}

function readFields(state: EditorState): StepField[] {
  const line = state.doc.lineAt(state.selection.main.head).number;
  return stepFieldsOf(syntaxTree(state), textOf(state), line);
}

function textOf(state: EditorState): OutlineText {
  return {
    slice: (from, to) => state.sliceDoc(from, to),
    lineAt: (offset) => state.doc.lineAt(Math.min(offset, state.doc.length)).number,
  };
}
