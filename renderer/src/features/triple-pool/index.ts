/** The pool of triples: what is there and for how long, what a file brings, and the registry's blocks. */
export { default as ProductInput } from './ProductInput.vue';
export { default as PoolPage } from './PoolPage.vue';
