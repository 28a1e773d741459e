import { MergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basics } from './editor-setup.ts';
import { scriptSupport } from './script-language.ts';

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  /** True: the texts are scripts, not recipes. */
  readonly script: boolean;
  /** Names for screen readers. */
  readonly labels: { readonly before: string; readonly after: string };
  /** Words of CodeMirror in the language of the page. */
  readonly phrases: Readonly<Record<string, string>>;
}

/** Two texts beside each other in a shadow root of `host`, with long equal parts folded. */
export function createDiff(
  host: HTMLElement,
  { before, after, script, labels, phrases }: DiffOptions,
): Disposable {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const side = (doc: string, label: string): { doc: string; extensions: Extension[] } => ({
    doc,
    extensions: [
      ...basics(script ? scriptSupport(() => []) : undefined),
      EditorState.readOnly.of(true),
      EditorState.phrases.of(phrases),
      // Half a page is narrow: what has changed must not lie beyond its edge.
      EditorView.lineWrapping,
      // A text that scrolls is reached by keyboard.
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ],
  });
  const view = new MergeView({
    root,
    parent: root,
    a: side(before, labels.before),
    b: side(after, labels.after),
    collapseUnchanged: { margin: 3, minSize: 6 },
    gutter: true,
  });
  return { [Symbol.dispose]: () => view.destroy() };
}
