/** Finds the element and starts the page. */
import { createApi } from "./api/api";
import { httpTransport } from "./api/http-transport";
import { start } from "./app";
import "./styles/index.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no element with the id 'app'.");
// Relative to the page, so that it also works behind a proxy's path.
start(root, createApi(httpTransport(new URL("api/v1/", document.baseURI).href)));
