import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The look of the editor, from the tokens of the pages, which reach into its shadow root. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--ink)',
    backgroundColor: 'var(--tile)',
    fontSize: 'var(--text-s)',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': {
    border: '0',
    borderRight: '1px solid var(--line)',
    backgroundColor: 'var(--well)',
    color: 'var(--ink-2)',
  },
  '.cm-activeLineGutter, .cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 9%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-panels': { backgroundColor: 'var(--bar)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels input, .cm-panels button, .cm-textfield, .cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-s)',
    background: 'var(--tile)',
    color: 'var(--ink)',
    fontSize: 'inherit',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-s)',
    backgroundColor: 'var(--bar)',
    color: 'var(--ink)',
    boxShadow: 'var(--lift)',
    fontFamily: 'var(--font)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionInfo, .cm-key-info': { maxWidth: '420px', padding: '8px 12px', whiteSpace: 'normal' },
  '.cm-diagnostic': { padding: '6px 12px', whiteSpace: 'normal', maxWidth: '520px' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn)', color: 'var(--on-warn)' },
  '.cm-changedLine, .cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 10%, transparent)',
  },
  // Its own sign is in few fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
  '.cm-collapsedLines': { background: 'var(--well)', color: 'var(--ink-2)' },
});

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--work)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good-mark)' },
  { tag: tags.keyword, color: 'var(--work)', fontWeight: '600' },
  { tag: tags.comment, color: 'var(--ink-2)', fontStyle: 'italic' },
  { tag: [tags.squareBracket, tags.brace, tags.separator, tags.punctuation], color: 'var(--ink-2)' },
  { tag: tags.invalid, color: 'var(--bad-mark)' },
]);

export const editorLook: Extension = [theme, syntaxHighlighting(highlight)];
