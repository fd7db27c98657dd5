/** Finds the element and starts the page. */
import { createApi } from "./api/api";
import { httpTransport } from "./api/http-transport";
import { start } from "./app";
import { API_BASE } from "./model/data/urls";
import "./styles/index.css";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no element with the id 'app'.");
start(root, createApi(httpTransport(new URL(API_BASE, document.baseURI).href)));
