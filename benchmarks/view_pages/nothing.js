// Stands for libraries that the measured components import and never call.
const nothing = () => undefined;
class Nothing {}
export { nothing as coordinator, nothing as isSelection, nothing as makeClient, nothing as isParam };
export { nothing as literal, nothing as sql };
export { Nothing as MosaicClient, Nothing as Selection, Nothing as Query };
