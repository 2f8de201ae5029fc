// The explorer's page: starts to connect, and renders without waiting for the connection.
import { mount } from "svelte";
import App from "./App.svelte";
import "./page.css";
import { Session, type RootInfo } from "./session.svelte";

const target = document.getElementById("explorer")!;
const session = new Session(JSON.parse(target.dataset.roots!) as RootInfo[]);
mount(App, { target, props: { session } });
