/** The panel over the slots. */
export type Overlay = 'batches' | 'technical' | 'help';
