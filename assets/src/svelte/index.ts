export { default as FileTree } from "./FileTree.svelte";
export { TreeState } from "./tree.svelte.js";
