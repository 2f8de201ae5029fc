export { default as FileTree } from "./FileTree.svelte";
export type { Revealed } from "./reveal.js";
export { TreeState } from "./tree.svelte.js";
