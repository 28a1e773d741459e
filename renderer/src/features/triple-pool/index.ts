/** What other features use of the pool of triples: a field for a ProductId. */
export { default as ProductInput } from './ProductInput.vue';
