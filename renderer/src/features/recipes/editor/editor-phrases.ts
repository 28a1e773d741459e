import type { PlainMessageKey, Translator } from '#services/i18n/index.ts';

/** The words of CodeMirror that a user can meet, with their messages. */
const PHRASES: Readonly<Record<string, PlainMessageKey>> = {
  Find: 'recipes.editor.find',
  Replace: 'recipes.editor.replace',
  next: 'recipes.editor.next',
  previous: 'recipes.editor.previous',
  all: 'recipes.editor.all',
  'match case': 'recipes.editor.matchCase',
  regexp: 'recipes.editor.regexp',
  'by word': 'recipes.editor.byWord',
  replace: 'recipes.editor.replaceOne',
  'replace all': 'recipes.editor.replaceAll',
  close: 'ui.close',
  'Go to line': 'recipes.editor.goToLine',
  go: 'recipes.editor.go',
  Diagnostics: 'recipes.editor.mistakes',
  'No diagnostics': 'recipes.valid',
  Completions: 'recipes.editor.completions',
  'Fold line': 'recipes.editor.fold',
  'Unfold line': 'recipes.editor.unfold',
  'folded code': 'recipes.editor.folded',
  unfold: 'recipes.editor.unfold',
  '$ unchanged lines': 'recipes.editor.unchanged',
};

export function editorPhrases(i18n: Translator): Record<string, string> {
  return Object.fromEntries(Object.entries(PHRASES).map(([phrase, key]) => [phrase, i18n.t(key)]));
}
