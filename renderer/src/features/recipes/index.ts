/** What other features show of recipes; without the editor. */
export { default as IssueList } from './IssueList.vue';
export { default as RecipeNeeds } from './RecipeNeeds.vue';
