export { AetherTree } from "./tree-element.svelte.js";
