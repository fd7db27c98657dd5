/** Finds the element and starts the page. */
import { start } from "./app";
import "./styles/index.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no element with the id 'app'.");
start(root);
