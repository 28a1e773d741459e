/** The exports for other features: a field for a ProductId. */
export { default as ProductInput } from './ProductInput.vue';
