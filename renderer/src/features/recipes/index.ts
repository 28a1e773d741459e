/** What other features show of recipes; without the editor. */
export { default as IssueList } from './IssueList.vue';
