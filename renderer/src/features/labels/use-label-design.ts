import { computed, ref, shallowRef } from 'vue';
import type { LabelElementKind } from '#shared/label/index.ts';
import { type ElementData, type LabelData, newElement, round } from './label-data.ts';
import { snapMove } from './snap.ts';

/** Steps that can be undone. */
const MAX_STEPS = 200;

/** A template that is edited: its elements, the chosen one, and the steps that can be undone. */
export function useLabelDesign() {
  const template = shallowRef<LabelData | null>(null);
  /** As it was saved. */
  const saved = shallowRef<LabelData | null>(null);
  const chosen = ref<number | null>(null);
  const past = shallowRef<readonly LabelData[]>([]);
  const future = shallowRef<readonly LabelData[]>([]);
  /** What is being changed: further changes of the same thing belong to one step. */
  let changing = '';

  const isDirty = computed(() => JSON.stringify(template.value) !== JSON.stringify(saved.value));
  const element = computed(() =>
    chosen.value === null ? null : (template.value?.elements[chosen.value] ?? null),
  );

  /** Begins with a template; nothing of before can be undone. */
  function begin(next: LabelData, isSaved = true): void {
    template.value = next;
    if (isSaved) saved.value = next;
    past.value = [];
    future.value = [];
    chosen.value = null;
    changing = '';
  }

  /** @param what further changes with the same words belong to the same step, until `settle` */
  function change(next: LabelData, what = ''): void {
    const before = template.value;
    if (before === null) return;
    if (what === '' || what !== changing) past.value = [...past.value, before].slice(-MAX_STEPS);
    changing = what;
    future.value = [];
    template.value = next;
  }
  /** Ends a step: a drag, or the input into a field. */
  function settle(): void {
    changing = '';
  }

  function choose(index: number | null): void {
    chosen.value = index;
  }

  function undo(): void {
    const before = past.value.at(-1);
    if (before === undefined || template.value === null) return;
    future.value = [template.value, ...future.value];
    past.value = past.value.slice(0, -1);
    show(before);
  }
  function redo(): void {
    const [next, ...others] = future.value;
    if (next === undefined || template.value === null) return;
    past.value = [...past.value, template.value];
    future.value = others;
    show(next);
  }
  function show(one: LabelData): void {
    template.value = one;
    changing = '';
    if (chosen.value !== null && chosen.value >= one.elements.length) chosen.value = null;
  }

  function setElements(elements: readonly ElementData[], what = ''): void {
    if (template.value !== null) change({ ...template.value, elements: [...elements] }, what);
  }
  function setElement(index: number, values: Partial<ElementData>, what = ''): void {
    const elements = template.value?.elements ?? [];
    setElements(
      elements.map((one, at) => (at === index ? withValues(one, values) : one)),
      what === '' ? '' : `${index} ${what}`,
    );
  }
  function add(kind: LabelElementKind): void {
    if (template.value === null) return;
    setElements([...template.value.elements, newElement(kind, template.value.size)]);
    chosen.value = template.value.elements.length - 1;
  }
  function duplicate(index: number): void {
    const one = template.value?.elements[index];
    if (one === undefined || template.value === null) return;
    const { id: _, ...rest } = one;
    const at = snapMove(one, { x: one.x + 2, y: one.y + 2 }, [], template.value.size);
    setElements([...template.value.elements, { ...rest, ...at } as ElementData]);
    chosen.value = template.value.elements.length - 1;
  }
  function remove(index: number): void {
    // A template without elements is no template.
    if (template.value === null || template.value.elements.length < 2) return;
    setElements(template.value.elements.filter((_, at) => at !== index));
    chosen.value = null;
  }
  /** Later elements are drawn above earlier ones. */
  function reorder(index: number, by: -1 | 1): void {
    const elements = [...(template.value?.elements ?? [])];
    const [one] = elements.splice(index, 1);
    if (one === undefined || index + by < 0 || index + by > elements.length) return;
    elements.splice(index + by, 0, one);
    setElements(elements);
    chosen.value = index + by;
  }
  /** Moves by a step of the keyboard, within the label. */
  function nudge(index: number, dx: number, dy: number): void {
    const one = template.value?.elements[index];
    if (one === undefined || template.value === null) return;
    const { width, height } = template.value.size;
    const x = Math.min(Math.max(0, one.x + dx), Math.max(0, width - one.width));
    const y = Math.min(Math.max(0, one.y + dy), Math.max(0, height - one.height));
    setElement(index, { x: round(x), y: round(y) }, 'nudge');
  }
  function stretch(index: number, dx: number, dy: number): void {
    const one = template.value?.elements[index];
    if (one === undefined) return;
    const [width, height] = [Math.max(0.1, one.width + dx), Math.max(0.1, one.height + dy)];
    setElement(index, { width: round(width), height: round(height) }, 'stretch');
  }

  return {
    template,
    saved,
    chosen,
    element,
    isDirty,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    begin,
    change,
    settle,
    choose,
    undo,
    redo,
    setElement,
    add,
    duplicate,
    remove,
    reorder,
    nudge,
    stretch,
  };
}
export type LabelDesign = ReturnType<typeof useLabelDesign>;

/** A value that is `undefined` is taken away, so that the default holds. */
function withValues(element: ElementData, values: Partial<ElementData>): ElementData {
  const all = Object.entries({ ...element, ...values }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as ElementData;
}
