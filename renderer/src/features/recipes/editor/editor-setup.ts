import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { editorLook } from './editor-theme.ts';

/**
 * Replaces a selection by what is typed. Chromium, which would do it otherwise, keeps the look of the removed text in `style`
 * attributes, which the policy of the pages refuses with a report each.
 */
const replaceByTyping = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.state.readOnly) return false;
    // The editor hears of a new selection a moment later than the browser.
    const [range] = event.getTargetRanges();
    const [from, to] =
      range === undefined
        ? [view.state.selection.main.from, view.state.selection.main.to]
        : [
            view.posAtDOM(range.startContainer, range.startOffset),
            view.posAtDOM(range.endContainer, range.endOffset),
          ];
    if (view.composing || from >= to) return false;
    event.preventDefault();
    view.dispatch({
      changes: { from, to, insert: data },
      selection: { anchor: from + data.length },
      userEvent: 'input.type',
      scrollIntoView: true,
    });
    return true;
  },
});

/** What every editor of recipes has. Tab moves the focus, as in every field; Ctrl+] and Ctrl+[ change the indentation. */
export function basics(language: Extension = yaml()): Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    codeFolding(),
    foldGutter(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    language,
    editorLook,
    replaceByTyping,
    keymap.of([...lintKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
  ];
}
